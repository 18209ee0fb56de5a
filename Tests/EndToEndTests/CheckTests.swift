import AssetTestSupport
import Testing

/// Checks of candidates: what does not pass is not published, and stops nothing but its own branch.
@Suite struct CheckTests {
  private let orders = """
    id,customer,amount,status,email
    1,1,10.5,paid,a@x.org
    2,1,20,open,b@x.org
    3,2,5,paid,c@x.org

    """

  /// A project whose asset `clean` has the settings.
  private func project(
    _ settings: String, _ files: [String: String] = [:]
  ) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop\nvars: {most: 100}\n", "assets/orders.csv": orders,
        "assets/customers.csv": "id,name\n1,Ann\n2,Bob\n",
        "assets/clean.sql":
          "/* @asset\n\(settings)\n*/\nselect id, customer, amount, status, email from orders",
        "assets/totals.sql": "select customer, sum(amount) as total from clean group by 1",
        "assets/names.sql": "select name from customers",
      ].merging(files) { _, new in new })
  }

  /// Each with a row that breaks it, and what is said of that.
  @Test(arguments: [
    ("unique: id", "1,2,3,paid,x@x.org", "unique(id)", "1 value occurs more than once"),
    (
      "unique: [customer, status]", "4,2,3,paid,x@x.org", "unique(customer, status)",
      "1 value occurs more than once"
    ),
    ("not_null: [id, email]", "4,2,3,paid,", "not_null(email)", "1 row"),
    (
      "accepted_values: {column: status, values: [paid, open]}", "4,2,3,lost,x@x.org",
      "accepted_values(status)", "1 row"
    ),
    (
      "relationships: {column: customer, to: customers.id}", "4,9,3,paid,x@x.org",
      "relationships(customer, customers.id)", "1 row"
    ),
    (
      "relationships: {column: customer, to: customers, field: id}", "4,9,3,paid,x@x.org",
      "relationships(customer, customers.id)", "1 row"
    ),
    ("expression: amount < :most", "4,2,300,paid,x@x.org", "expression(amount < 100)", "1 row"),
    ("row_count: {max: 3}", "4,2,3,paid,x@x.org", "row_count", "4 rows, more than 3"),
    (
      "row_count: {equals: names}", "4,2,3,paid,x@x.org", "row_count(equals names)",
      "4 rows, where `names` has 2"
    ),
    ("range: {column: amount, min: 0}", "4,2,-3,paid,x@x.org", "range(amount)", "1 row"),
    (
      "range: {column: amount, max: 20.5, inclusive: false}", "4,2,20.5,paid,x@x.org",
      "range(amount)", "1 row"
    ),
    (
      "matches: {column: email, pattern: '^[^@]+@[^@]+$'}", "4,2,3,paid,nobody", "matches(email)",
      "1 row"
    ),
    ("sql: select id from clean where amount = 3", "4,2,3,paid,x@x.org", "sql", "1 row"),
    ("sql: checks/no_gaps.sql", "5,2,3,paid,x@x.org", "sql(checks/no_gaps.sql)", "1 row"),
  ])
  func `a row that breaks a check keeps the old rows published`(
    check: String, row: String, name: String, message: String
  ) async throws {
    let project = try project(
      "checks:\n  - \(check)",
      [
        "checks/no_gaps.sql":
          "select id from clean where id > 1 and id - 1 not in (select id from clean)"
      ])
    if check.contains("equals") {
      try project.write("assets/customers.csv", "id,name\n1,Ann\n2,Bob\n3,Cid\n")
    }
    #expect(try await project.assetctl("materialize").exitCode == 0)

    try project.write("assets/orders.csv", orders + row + "\n")
    if check.contains("equals") { try project.write("assets/customers.csv", "id,name\n1,A\n2,B\n") }
    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 1)
    let clean = try run.json["assets"].elements.first { $0["asset"] == "clean" }
    #expect(clean?["outcome"] == "failed")
    let failed = clean?["checks"].elements.first { $0["passed"] == false }
    #expect(failed?["check"] == .string(name))
    #expect(failed?["message"] == .string(message))
    #expect(try await project.warehouse("select count(*) from clean") == "3")
    let published = try await project.assetctl("check", "clean")
    #expect(published.exitCode == (check.contains("equals") ? 1 : 0))

    try project.write("assets/orders.csv", orders)
    try project.write("assets/customers.csv", "id,name\n1,Ann\n2,Bob\n3,Cid\n")
    #expect(try await project.assetctl("materialize").exitCode == 0)
  }

  @Test(arguments: [
    ("{column: at, error_after: 1d}", "2020-01-02", "failed", "error"),
    ("{column: at, warn_after: 1d}", "2020-01-02 10:00", "materialized", "warn"),
    ("{column: at, error_after: 1d}", "2999-01-01", "materialized", ""),
    ("{column: at, error_after: 1d}", "soon", "failed", "error"),
    ("{column: at, error_after: 1d, where: at < '2021'}", "2999-01-01", "failed", "error"),
  ])
  func `rows that are too old are held back`(
    freshness: String, newest: String, outcome: String, severity: String
  ) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/t.sql":
        "/* @asset\nchecks:\n  - freshness: \(freshness)\n*/\nselect '2020-01-01' as at union select '\(newest)'",
    ])

    let run = try await project.assetctl("materialize", "--format", "json")

    let result = try run.json["assets"][0]
    #expect(result["outcome"].text == outcome, "\(run.output)")
    let failed = result["checks"].elements.filter { $0["passed"] == false }
    #expect(failed.map { $0["severity"].text } == (severity.isEmpty ? [] : [severity]))
  }

  @Test func `only the failing branch stops, and the message shows rows`() async throws {
    let project = try project(
      """
      columns:
        email: {sensitive: true}
      checks: [expression: amount > 5]
      quarantine: true
      """)

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(
      run.output == """
        materialized  orders  3 rows  <duration>
        failed  clean  <duration>
          error: `clean` was not published: the check `expression(amount > 5)` failed: 1 row
              id  customer  amount  status  email
              3  2  5.0  paid  •••

          hint: what was made is in the table `assetctl_quarantine_clean`
        materialized  customers  2 rows  <duration>
        materialized  names  2 rows  <duration>
        skipped  totals  because `clean` failed

        3 materialized, 1 failed, 1 skipped in <duration>

        """)
    #expect(
      try await project.warehouse("select email from assetctl_quarantine_clean order by 1")
        == "a@x.org\nb@x.org\nc@x.org")
    #expect(
      try await project.state("select failures, sample from v_checks where passed = 0")
        == #"1|{"columns":["id","customer","amount","status","email"],"#
        + #""rows":[[3,2,5,"paid","•••"]]}"#)

    try project.write("assets/orders.csv", "id,customer,amount,status,email\n1,1,10.5,paid,a\n")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    let tables = "select count(*) from sqlite_schema where name like 'assetctl_quarantine%'"
    #expect(try await project.warehouse(tables) == "0")
  }

  @Test func `what only warns is published, and told`() async throws {
    let project = try project(
      """
      checks:
        - not_null: email
          severity: warn
        - expression: {expression: amount > 5, error_if: "> 1"}
        - unique: {columns: customer, warn_if: "> 0", error_if: "> 1"}
        - range: {column: amount, min: 11, where: status = 'open'}
        - row_count: {min: 1}
          name: some rows
      """)

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 0)
    let clean = try run.json["assets"].elements.first { $0["asset"] == "clean" }
    #expect(
      clean?["checks"].elements.map {
        [$0["check"].text, $0["passed"] == true ? "passed" : $0["severity"].text]
      }
        == [
          ["not_null(email)", "passed"], ["expression(amount > 5)", "warn"],
          ["unique(customer)", "warn"], ["range(amount)", "passed"], ["some rows", "passed"],
        ])
    #expect(clean?["warnings"].elements.count == 2)
    let check = try await project.assetctl("check")
    #expect(check.exitCode == 0)
    #expect(
      check.output == """
        warned  clean  expression(amount > 5): 1 row
            id  customer  amount  status  email
            3  2  5  paid  c@x.org
        warned  clean  unique(customer): 1 value occurs more than once
            customer  rows
            1  2
        3 passed, 2 warned

        """)
    let document = try await project.assetctl("check", "--format", "json")
    #expect(
      try document.json["summary"] == ["passed": 3, "warned": 2, "failed": 0])
    let documents = [(command: "materialize", result: run), (command: "check", result: document)]
    #expect(try await Schemas.problems(in: documents, of: project) == [])
  }

  @Test func `a check waits for what it compares with, and runs against its new rows`() async throws
  {
    let project = try project(
      "checks: [relationships: {column: customer, to: known.id}]",
      ["assets/known.sql": "select id from customers"])
    #expect(try await project.assetctl("materialize", "clean").exitCode == 0)
    try project.write("assets/orders.csv", orders + "4,3,3,paid,x\n")
    try project.write("assets/customers.csv", "id,name\n1,Ann\n2,Bob\n3,Cid\n")

    let run = try await project.assetctl("materialize", "clean")

    #expect(run.exitCode == 0)
    #expect(try await project.warehouse("select count(*) from clean") == "4")
  }

  @Test func `a check that fails among thirty assets stops just its own branch`() async throws {
    var files = ["assetctl.yml": "project: wide\n", "assets/start.csv": "n\n1\n2\n"]
    for branch in 0..<6 {
      var input = "start"
      for depth in 0..<5 {
        let check = branch == 2 && depth == 2 ? "-- @asset\n-- checks: [expression: n < 2]\n" : ""
        files["assets/b\(branch)_\(depth).sql"] = check + "select n from \(input)"
        input = "b\(branch)_\(depth)"
      }
    }
    let project = try TemporaryProject(files)

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 1)
    let outcomes = try run.json["assets"].elements.map { [$0["asset"].text, $0["outcome"].text] }
    #expect(outcomes.filter { $0[1] == "materialized" }.count == 28)
    #expect(outcomes.filter { $0[1] == "failed" } == [["b2_2", "failed"]])
    #expect(outcomes.filter { $0[1] == "skipped" } == [["b2_3", "skipped"], ["b2_4", "skipped"]])
  }

  @Test func `a view is checked before it is seen, and a seed before it is read`() async throws {
    let project = try project(
      "materialized: view\nchecks: [expression: amount > 5]",
      [
        "assets/seeds.yml":
          "assets: [{name: customers, file: assets/customers.csv, checks: [unique: name]}]"
      ])
    try project.write("assets/customers.csv", "id,name\n1,Ann\n2,Ann\n")

    let run = try await project.assetctl("materialize", "--format", "json")

    let outcomes = try run.json["assets"].elements.map {
      $0["asset"].text + " " + $0["outcome"].text
    }
    #expect(
      outcomes == [
        "customers failed", "names skipped", "orders materialized", "clean failed",
        "totals skipped",
      ])
    let tables = "select count(*) from sqlite_schema where name in ('clean', 'customers')"
    #expect(try await project.warehouse(tables) == "0")
  }

  @Test func `a contract tells all differences at once`() async throws {
    let project = try project(
      """
      contract: enforced
      columns:
        id: integer
        customer: {type: text}
        status: boolean
        email: {type: integer, sensitive: true}
        total: real
      """)

    let run = try await project.assetctl("materialize", "clean")

    #expect(run.exitCode == 1)
    #expect(
      run.output.contains(
        """
          error: `clean` was not published: it breaks its contract in `total`, `amount`, `status` and 1 more
              column  declared  found
              total  real  missing
              amount  -  not declared
              status  boolean  3 other values, such as 'paid', 'open'
              email  integer  3 other values

          hint: change the query, or the declared `columns:`

        """))
    let tables = "select count(*) from sqlite_schema where name = 'clean'"
    #expect(try await project.warehouse(tables) == "0")
  }

  @Test func `a contract that is kept makes a strict table`() async throws {
    let project = try project(
      """
      contract: enforced
      columns: {id: integer, customer: integer, amount: real, status: text, email: text}
      """)

    #expect(try await project.assetctl("materialize").exitCode == 0)

    let isStrict = "select strict from pragma_table_list where name = 'clean'"
    #expect(try await project.warehouse(isStrict) == "1")
  }

  @Test func `what is unusual for an asset is told from its own history`() async throws {
    let project = try project(
      """
      checks:
        - anomaly: {of: row_count, tolerance: 3}
        - anomaly: {of: null_share, column: email, severity: warn}
        - anomaly: {of: mean, column: amount}
      """)
    func rows(_ count: Int, amount: Double = 10) -> String {
      "id,customer,amount,status,email\n"
        + (1...count).map { "\($0),1,\(amount + Double($0 % 3)),paid,\($0 % 10 == 0 ? "" : "a")\n" }
        .joined()
    }
    for count in [100, 103, 98, 101, 99, 102] {
      try project.write("assets/orders.csv", rows(count))
      #expect(try await project.assetctl("materialize", "-q", "clean").exitCode == 0)
    }

    try project.write("assets/orders.csv", rows(30))
    let fewer = try await project.assetctl("materialize", "clean")
    try project.write("assets/orders.csv", rows(100, amount: 500))
    let dearer = try await project.assetctl("materialize", "clean")

    #expect(fewer.exitCode == 1)
    #expect(fewer.output.contains("`anomaly(row_count)` failed: 30 rows, usually about 100 rows"))
    #expect(dearer.exitCode == 1)
    #expect(dearer.output.contains("`anomaly(mean of amount)` failed: 501"))
    #expect(try await project.warehouse("select count(*) from clean") == "102")
  }

  @Test func `checks are read strictly`() async throws {
    let project = try project(
      """
      checks:
        - unique
        - range: {column: amount, min: 5, max: 1}
        - relationships: {column: customer, to: custmers.id}
        - matches: {column: email, pattern: '['}
        - not_null: email
          severty: warn
        - row_count: {min: 1}
          error_if: many
      """)

    let run = try await project.assetctl("status")

    #expect(run.exitCode == 2)
    for text in [
      "assets/clean.sql:3:5: error: the check `unique` has no `columns`",
      "assets/clean.sql:4:37: error: `min: 5` and `max: 1` exclude each other",
      "assets/clean.sql:6:5: error: `pattern` must be a regular",
      "assets/clean.sql:8:5: error: `severty` is not a setting here\n\nhint: did you mean `severity`?",
      "assets/clean.sql:10:15: error: `error_if` must be a condition such as \"> 10\"",
    ] {
      #expect(run.errors.contains(text), "\(run.errors)")
    }
  }

  @Test func `a check that names nothing is an error`() async throws {
    let project = try project("checks: [relationships: {column: customer, to: custmers.id}]")
    let unknown = try await project.assetctl("status")

    #expect(
      unknown.errors == """
        assets/clean.sql:2:10: error: the check `relationships(customer, custmers.id)` of `clean` names \
        `custmers`, which no file declares

        hint: did you mean `customers`?

        """)
  }
}

extension TemporaryProject {
  /// The rows of a query on the warehouse, values apart by `|`.
  fileprivate func warehouse(_ query: String) async throws -> String {
    try await sqlite(query).map { $0.map(\.text).joined(separator: "|") }.joined(separator: "\n")
  }

  /// The rows of a query on the state store.
  fileprivate func state(_ query: String) async throws -> String {
    try await sqlite(query, in: ".assetctl/state.sqlite")
      .map { $0.map(\.text).joined(separator: "|") }.joined(separator: "\n")
  }
}
