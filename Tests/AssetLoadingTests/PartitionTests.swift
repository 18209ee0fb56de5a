import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

/// `partitions:`, and the `window:` of inputs.
@Suite struct PartitionTests {
  /// The asset of one query with settings.
  private func asset(_ settings: String, _ query: String = Self.query) throws -> Asset {
    try loadAsset(["assets/a.sql": "/* @asset\n\(settings)\n*/\n\(query)"], "a")
  }

  private func diagnostics(_ settings: String, _ query: String = Self.query) -> [Diagnostic] {
    problems(["assets/a.sql": "/* @asset\n\(settings)\n*/\n\(query)"])
  }

  private static let query =
    "select day, total from orders where day >= :partition_start and day < :partition_end"
  private static let days = "partitions: {column: Day, every: day, start: 2024-01-01}"

  @Test func `partitions of time are read`() throws {
    let asset = try asset("partitions: {column: Day, every: month, start: 2024-01, end: 2024-12}")

    let time = try PartitionTime(every: .month, start: "2024-01", end: "2024-12")
    #expect(asset.partitions == PartitionScheme(column: "day", .time(time)))
    guard case .query(let query) = asset.recipe else {
      Issue.record("it is a query")
      return
    }
    let day = PartitionList(
      PartitionScheme(column: "day", .time(time)), at: Timestamp(milliseconds: 0))[1]
    let literals = day.parameters.map { ($0.key.rawValue, $0.value.canonicalText) }
    #expect(query.blanks.map(\.name) == ["partition_start", "partition_end"])
    #expect(
      query.filled(Dictionary(uniqueKeysWithValues: literals)).hasSuffix(
        "where day >=  '2024-02'  and day <  '2024-03' "))
  }

  @Test(arguments: [
    ("epoch", PartitionTime.Bounds.seconds), ("epoch_ms", .milliseconds),
  ])
  func `a column may hold numbers`(format: String, bounds: PartitionTime.Bounds) throws {
    let asset = try asset(
      "partitions: {column: at, every: hour, start: 2024-01-01T00, format: \(format)}")

    let time = try PartitionTime(every: .hour, start: "2024-01-01T00", numbers: bounds)
    #expect(asset.partitions == PartitionScheme(column: "at", .time(time)))
  }

  @Test func `partitions of values are read`() throws {
    let query = "select region, total from orders where region = :partition_key"

    let named = try asset("partitions: {column: Region, values: [EU, US, 7, '8']}", query)
    let found = try asset("partitions: {values: [EU, US, 7, '8']}", query)

    let values: [VarValue] = [.text("EU"), .text("US"), .integer(7), .text("8")]
    #expect(named.partitions == PartitionScheme(column: "region", .values(values)))
    #expect(found.partitions == named.partitions)
  }

  @Test func `windows of inputs are read`() throws {
    let asset = try asset(
      """
      \(Self.days)
      inputs:
        orders: {window: {before: 6, after: 1, column: At}}
        rates: {window: all}
        regions:
      """, "select day, total from orders join rates using (day)")

    #expect(asset.inputs.map(\.key.name) == ["orders", "rates", "regions"])
    #expect(
      asset.inputs.map(\.window) == [
        InputWindow(.around(before: 6, after: 1), column: "at"), InputWindow(.all), nil,
      ])
    #expect(asset.inputs.map(\.isDerived) == [true, true, false])
  }

  @Test func `programs that make tables may have partitions`() throws {
    let asset = try loadAsset(
      [
        "assets/a.py": """
        # @asset
        # \(Self.days)
        # inputs: {orders: {columns: [day], window: {before: 1}}}
        """
      ], "a")

    #expect(asset.partitions?.column == "day")
    #expect(asset.inputs.map(\.window) == [InputWindow(.around(before: 1, after: 0))])
  }

  @Test func `what is remembered of a file has its partitions`() throws {
    let files = [
      "assets/a.sql": """
      /* @asset
      partitions: {column: at, every: hour, start: "2024-01-01 00", end: 2024-01-02T00, format: epoch}
      inputs: {orders: {window: {before: 2, column: at}}, rates: {window: all}}
      */
      select 1 as a
      """,
      "assets/b.sql": """
      /* @asset
      partitions: {column: region, values: [EU, 7]}
      */
      select region from orders where region = :partition_key
      """,
    ]
    let loader = ProjectLoader(.memory(["assetctl.yml": "project: shop\n"].merging(files) { $1 }))
    let key = SealingKey()
    var cache = DeclarationCache(sealedBy: key)

    let first = try loader.load(LoadRequest(), cache: &cache)
    var known = DeclarationCache(entries: cache.entries, sealedBy: key)
    let second = try loader.load(LoadRequest(), cache: &known)

    #expect(known.changed == [])
    #expect(first == second)
    #expect(first.assets.allSatisfy { $0.partitions != nil })
  }

  // MARK: Definitions

  @Test func `which partitions there are is no part of the definition`() throws {
    func definition(_ settings: String, _ query: String = Self.query) throws -> CanonicalForm {
      try asset(settings, query).definition
    }
    let days = try definition(Self.days)
    let key = "select region from orders where region = :partition_key"

    #expect(days.fields.contains(.init("partitions", "day of day written 10")))
    #expect(
      days
        == (try definition(
          "partitions: {column: DAY, every: day, start: 2023-05-01, end: 2024-02-02}")))
    #expect(
      try definition("partitions: {column: region, values: [EU]}", key)
        == definition("partitions: {column: region, values: [EU, US]}", key))
  }

  @Test(arguments: [
    "partitions: {column: at, every: day, start: 2024-01-01}",
    "partitions: {column: day, every: week, start: 2024-01-01}",
    "partitions: {column: day, every: day, start: 2024-01-01, format: epoch}",
    "partitions: {column: day, every: day, start: 2024-01-01}\ninputs: {orders: {window: {before: 0}}}",
    "partitions: {column: day, every: day, start: 2024-01-01}\ninputs: {orders: {window: {before: 1}}}",
    "partitions: {column: day, every: day, start: 2024-01-01}\ninputs: {orders: {window: {column: at}}}",
    "partitions: {column: day, every: day, start: 2024-01-01}\ninputs: {orders: {window: all}}",
  ])
  func `what changes a partition is part of the definition`(settings: String) throws {
    #expect(try asset(settings).definition != asset(Self.days).definition)
  }

  @Test func `spelling of hours is part of the definition`() throws {
    let definitions = try ["2024-01-01T00", "2024-01-01 00", "2024-01-01T00:00"].map {
      try asset("partitions: {column: at, every: hour, start: \"\($0)\"}").definition
    }

    #expect(Set(definitions).count == 3)
  }

  // MARK: Problems

  @Test(
    arguments: [
      (
        "partitions: {every: day, start: 2024-01-01}", "`partitions` has no `column`", 13,
        "add `column:`"
      ),
      ("partitions: {column: day}", "`partitions` has no `every`", 13, "add `every:`"),
      ("partitions: {column: day, every: day}", "`partitions` has no `start`", 13, "add `start:`"),
      (
        "partitions: {column: day, every: days, start: 2024-01-01}",
        "`days` is not a value of `every`", 34, "did you mean `day`?"
      ),
      (
        "partitions: {column: day, evry: day, start: 2024-01-01}", "`evry` is not a setting here",
        27,
        "did you mean `every`?"
      ),
      (
        "partitions: {column: day, every: week, start: 2024-01-02}", "`2024-01-02` is not a week",
        47,
        "did you mean `2024-01-01`? Weeks begin on Mondays"
      ),
      (
        "partitions: {column: day, every: day, start: 2024-01-02, end: 2024-1-4}",
        "`2024-1-4` is not a day", 63, "did you mean `2024-01-04`?"
      ),
      (
        "partitions: {column: day, every: day, start: 2024-01-02, end: 2024-01-01}",
        "`2024-01-01` is before `2024-01-02`", 63, "put the earlier one first"
      ),
      (
        "partitions: {column: day, every: day, start: 2024-01-02, format: unix}",
        "`unix` is not a value of `format`", 66, "use one of `epoch`, `epoch_ms`"
      ),
      (
        "partitions: {column: day, every: day, start: 2024-01-02, values: [a]}",
        "`values` and `every` exclude each other", 27, "keep one of them"
      ),
      (
        "partitions: {column: day, values: [1, 2, '1']}",
        "`1` cannot be the value of a partition: it is there twice, as case does not count", 42,
        "use texts and whole numbers, each once"
      ),
      (
        "partitions: {column: day, values: [1.5]}",
        "`1.5` cannot be the value of a partition: it is neither a text nor a whole number", 36,
        "use texts and whole numbers, each once"
      ),
      (
        "partitions: {column: day, values: ['']}",
        "`` cannot be the value of a partition: it is empty", 36,
        "use texts and whole numbers, each once"
      ),
      ("partitions: {column: day, values: []}", "`values` must be a list of values", 35, nil),
      ("partitions: [day]", "`partitions` must be a mapping", 13, nil),
      (
        "materialized: view\npartitions: {column: day, every: day, start: 2024-01-01}",
        "`materialized: view` and `partitions` exclude each other", 1, "keep one of them"
      ),
      (
        "partitions: {column: day, every: day, start: 2024-01-01}\ninputs: {orders: {window: some}}",
        "`window` must be `all` or a mapping such as `{before: 1}`", 27, nil
      ),
      (
        "partitions: {column: day, every: day, start: 2024-01-01}\ninputs: {orders: {window: {befor: 1}}}",
        "`befor` is not a setting here", 28, "did you mean `before`?"
      ),
      (
        "partitions: {column: day, every: day, start: 2024-01-01}\ninputs: {orders: {window: {before: -1}}}",
        "`before` must be a whole number of partitions", 36, nil
      ),
      (
        "inputs: {orders: {window: {before: 1}}}\ndescription: x",
        "`window` has a meaning only in an asset with `partitions`", 10,
        "add `partitions: {column: …, every: day, start: …}`, or remove it"
      ),
    ] as [(String, String, Int, String?)])
  func `what is wrong with partitions is told with its place`(
    settings: String, summary: String, column: Int, hint: String?
  ) {
    let found = diagnostics(settings)

    #expect(found.contains { $0.summary == summary }, "\(found)")
    let problem = found.first { $0.summary == summary }
    #expect(problem?.place?.column == column)
    #expect(problem?.hint == hint)
  }

  @Test func `a query without partitions has no values of them`() {
    #expect(
      problems(["assets/a.sql": "select :partition_key as a,\n  :partition_start as b"]) == [
        Diagnostic(
          "`:partition_key` has a meaning only in an asset with `partitions`",
          at: at("assets/a.sql", 1, 8),
          hint: "add `partitions: {column: …, every: day, start: …}`, or remove it"),
        Diagnostic(
          "`:partition_start` has a meaning only in an asset with `partitions`",
          at: at("assets/a.sql", 2, 3),
          hint: "add `partitions: {column: …, every: day, start: …}`, or remove it"),
      ])
  }

  @Test func `a value has no beginning and no end`() {
    #expect(
      diagnostics("partitions: {column: region, values: [EU]}", "select :partition_start as a") == [
        Diagnostic(
          "`:partition_start` has a meaning only for partitions of time",
          at: at("assets/a.sql", 4, 8),
          hint: "use `:partition_key`, which is the value of the partition")
      ])
    #expect(
      diagnostics(
        "partitions: {column: region, values: [EU]}\ninputs: {orders: {window: {before: 1}}}",
        "select :partition_key as a"
      ).map(\.hint) == ["remove it, or write `window: all`"])
  }

  @Test func `a query that is the same for all partitions is refused`() {
    #expect(
      diagnostics(Self.days, "select day from orders") == [
        Diagnostic(
          "the query of `a` is the same for all of its partitions", at: at("assets/a.sql", 2, 1),
          hint: "keep it to one, as in `where day >= :partition_start and day < :partition_end`")
      ])
    #expect(
      diagnostics("partitions: {column: region, values: [EU]}", "select 1 as region").map(\.hint)
        == ["keep it to one, as in `where region = :partition_key`"])
    #expect(
      diagnostics(Self.days + "\ninputs: {orders: {window: all}}", "select day from orders").count
        == 1)
    #expect(
      diagnostics(Self.days + "\ninputs: {orders: {window: {before: 0}}}", "select day from orders")
        == [])
  }

  @Test func `a column is called the same in all partitions`() {
    #expect(
      diagnostics(Self.days, "select day, :partition_key || 'x' from orders") == [
        Diagnostic(
          "the column `:partition_key || 'x'` would be called otherwise in each partition",
          at: at("assets/a.sql", 4, 13), hint: "give it a name with `as`")
      ])
  }

  @Test func `a window gives no rows of what is named with its schema`() {
    #expect(
      diagnostics(
        Self.days + "\ninputs: {orders: {window: {before: 1}}}", "select day from main.orders"
      ) == [
        Diagnostic(
          "`main.orders` reads all rows of `orders`, of which `window` gives some",
          at: at("assets/a.sql", 5, 17), hint: "write `orders` alone")
      ])
  }

  @Test func `programs that write files have no partitions`() {
    let found = problems(
      ["assets/a.py": "# @asset\n# kind: file\n# outputs: [build/a]\n# \(Self.days)\n"],
      LoadRequest())

    #expect(
      found == [
        Diagnostic(
          "`partitions` are parts of a table, and this program makes none",
          at: at("assets/a.py", 4, 3),
          hint: "set `kind: table`, or make one asset per item with `foreach:`")
      ])
  }

  @Test func `partitions that are wrong make nothing else wrong`() {
    let found = diagnostics(
      "partitions: {column: day, every: day, start: soon}\ninputs: {orders: {window: {before: 1}}}")

    #expect(found.map(\.summary) == ["`soon` is not a day"])
  }
}
