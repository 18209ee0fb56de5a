import AssetCore
import AssetTestSupport
import Testing

@Suite struct StaleCausesTests {
  /// A materialization of `v1` from `orders` and a file, whose output was `out`.
  static let recorded = materialization(
    Provenance(
      definition: "v1",
      inputs: [
        .asset("orders"): ConsumedInput(.whole, "monday"),
        .file("data/rates.csv"): ConsumedInput(.whole, "bytes"),
      ]))

  /// What is the case when nothing changed since.
  static var same: Circumstances {
    Circumstances(
      definition: "v1",
      inputs: [
        .asset("orders"): .known([.whole: "monday"]),
        .file("data/rates.csv"): .known([.whole: "bytes"]),
      ],
      output: .present([.whole: "out"]))
  }

  static func materialization(_ provenance: Provenance) -> Materialization {
    Materialization(
      id: "run1/daily", asset: "daily", run: "run1", finishedAt: Timestamp(milliseconds: 0),
      durationMilliseconds: 1, provenance: provenance, product: Product(digest: "out"))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout Circumstances) -> Void
    var causes: [StaleCause]

    init(
      _ description: String, _ causes: [StaleCause],
      _ change: @escaping @Sendable (inout Circumstances) -> Void
    ) {
      testDescription = description
      self.change = change
      self.causes = causes
    }
  }

  static let cases = [
    Case("nothing changed", []) { _ in },
    Case("definition", [.definitionChanged]) { $0.definition = "v2" },
    Case("input content", [.inputChanged(.asset("orders"), columns: nil)]) {
      $0.inputs[.asset("orders")] = .known([.whole: "tuesday"])
    },
    Case("file content", [.inputChanged(.file("data/rates.csv"), columns: nil)]) {
      $0.inputs[.file("data/rates.csv")] = .known([.whole: "other bytes"])
    },
    Case("a further input", [.inputAdded(.asset("prices"))]) {
      $0.inputs[.asset("prices")] = .known([.whole: "monday"])
    },
    Case("an input less", [.inputRemoved(.file("data/rates.csv"))]) {
      $0.inputs[.file("data/rates.csv")] = nil
    },
    Case("output gone", [.outputMissing]) { $0.output = .missing },
    Case("output altered", [.outputAltered]) { $0.output = .present([.whole: "by hand"]) },
    Case("output not digested as a whole", [.outputAltered]) {
      $0.output = .present([.rowCount: "5"])
    },
    Case("something else in its place", [.outputAltered]) { $0.output = .replaced },
    Case("output not to be seen", []) { $0.output = .unknown("no rights") },
    Case("derived output that follows its inputs", []) {
      $0.output = .present([.whole: "other"])
      $0.isOutputDerived = true
    },
    Case("derived output that was replaced", [.outputAltered]) {
      $0.output = .replaced
      $0.isOutputDerived = true
    },
    Case("expired", [.expired]) { $0.isExpired = true },
    Case("cut short", [.attemptUnfinished]) { $0.hasUnfinishedAttempt = true },
    Case("forced", [.forced]) { $0.isForced = true },
    Case("input pending", [.inputStale("orders")]) { $0.inputs[.asset("orders")] = .pending },
    Case("a further input that is pending", [.inputAdded(.asset("prices")), .inputStale("prices")])
    {
      $0.inputs[.asset("prices")] = .pending
    },
    Case("not looked at as it was read", [.inputStale("orders")]) {
      $0.inputs[.asset("orders")] = .known([.columns(["total"]): "monday"])
    },
    Case(
      "a file not looked at as it was read",
      [.inputChanged(.file("data/rates.csv"), columns: nil)]
    ) {
      $0.inputs[.file("data/rates.csv")] = .known([.rowCount: "bytes"])
    },
    Case("looked at in other ways too", []) {
      $0.inputs[.asset("orders")] = .known([.columns(["total"]): "tuesday", .whole: "monday"])
    },
    Case("less is declared than was read", []) { $0.declared[.asset("orders")] = .rowCount },
    Case(
      "other content and definition",
      [.definitionChanged, .inputChanged(.asset("orders"), columns: nil)]
    ) {
      $0.definition = "v2"
      $0.inputs[.asset("orders")] = .known([.whole: "tuesday"])
    },
  ]

  @Test(arguments: cases)
  func `each difference is a cause`(example: Case) {
    var now = Self.same

    example.change(&now)

    #expect(staleCauses(from: Self.recorded, to: now) == example.causes)
  }

  @Test func `what was never materialized has no other differences`() {
    let now = Circumstances(
      definition: "v1", inputs: [.asset("orders"): .known([.whole: "monday"])],
      output: .missing)

    #expect(staleCauses(from: nil, to: now) == [.neverMaterialized])
  }

  @Test func `what was never materialized still says what it waits for and what was asked`() {
    let now = Circumstances(
      definition: "v1", inputs: [.asset("b"): .pending, .asset("a"): .pending], output: .missing,
      hasUnfinishedAttempt: true, isForced: true)

    #expect(
      staleCauses(from: nil, to: now) == [
        .neverMaterialized, .attemptUnfinished, .forced, .inputStale("a"), .inputStale("b"),
      ])
  }

  @Test func `causes come in a fixed order`() {
    let now = Circumstances(
      definition: "v2",
      inputs: [
        .file("z.csv"): .known([.whole: "z"]),
        .asset("b"): .known([.whole: "b"]), .asset("C"): .pending,
        .asset("a"): .known([.whole: "a"]),
        .asset("orders"): .known([.whole: "tuesday"]),
      ],
      output: .missing, isExpired: true, hasUnfinishedAttempt: true, isForced: true)

    #expect(
      staleCauses(from: Self.recorded, to: now) == [
        .definitionChanged, .inputAdded(.asset("a")), .inputAdded(.asset("b")),
        .inputAdded(.asset("C")), .inputChanged(.asset("orders"), columns: nil),
        .inputRemoved(.file("data/rates.csv")), .inputAdded(.file("z.csv")), .outputMissing,
        .expired, .attemptUnfinished, .forced, .inputStale("C"),
      ])
  }

  @Test(
    arguments: [
      (Consumption.columns(["total"]), true), (.columns(["day", "total"]), false),
      (.columns(["total"], names: ["day"]), false), (.whole, false), (.rowCount, true),
    ])
  func `what is declared to be read beyond what was read is a change`(
    declared: Consumption, isCovered: Bool
  ) {
    let before = Provenance(
      definition: "v1", inputs: [.asset("orders"): ConsumedInput(.columns(["total"]), "monday")])
    var now = Circumstances(
      definition: "v1", inputs: [.asset("orders"): .known([.columns(["total"]): "monday"])],
      declared: [.asset("orders"): declared], output: .present([.whole: "out"]))

    #expect(
      staleCauses(from: Self.materialization(before), to: now)
        == (isCovered ? [] : [.inputChanged(.asset("orders"), columns: nil)]))

    now.definition = "v2"
    #expect(staleCauses(from: Self.materialization(before), to: now) == [.definitionChanged])
  }
}

@Suite struct CircumstancesTests {
  static let details = ContentDetails(
    rows: 3,
    columns: [
      ColumnContent(name: "Total", type: "integer", digest: "1"),
      ColumnContent(name: "note", type: "text", digest: "2"),
      ColumnContent(name: "Day", type: "text", digest: "3"),
    ])

  @Test func `circumstances have a provenance once no input is pending`() throws {
    var now = Circumstances(
      definition: "v1", inputs: [.asset("a"): .known([.whole: "monday"]), .asset("b"): .pending],
      output: .missing)
    let consumptions: [InputName: Consumption] = [.asset("a"): .whole, .asset("b"): .rowCount]
    #expect(now.provenance(consuming: consumptions) == nil)

    now.inputs[.asset("b")] = .known([.whole: "tuesday"])
    #expect(now.provenance(consuming: consumptions) == nil)

    now.inputs[.asset("b")] = .known([.whole: "tuesday", .rowCount: "3"])
    let provenance = try #require(now.provenance(consuming: consumptions))
    #expect(
      provenance
        == Provenance(
          definition: "v1",
          inputs: [
            .asset("a"): ConsumedInput(.whole, "monday"),
            .asset("b"): ConsumedInput(.rowCount, "3"),
          ]))
    #expect(now.repeats(provenance))

    now.inputs[.asset("b")] = .known([.whole: "tuesday", .rowCount: "4"])
    #expect(!now.repeats(provenance))
  }

  @Test func `what is consumed comes with the details of just that`() throws {
    let read = Consumption.columns(["total"], names: ["day", "month"])
    let now = Circumstances(
      definition: "v1",
      inputs: [.asset("a"): .known(Content([read: "monday"], details: Self.details))],
      output: .missing)

    #expect(
      now.consumed(.asset("a"), as: read)?.details
        == ContentDetails(
          rows: 3,
          columns: [
            ColumnContent(name: "Total", type: "integer", digest: "1"),
            ColumnContent(name: "Day", type: "text"),
          ]))
    #expect(now.consumed(.asset("a"), as: .whole) == nil)
    #expect(now.consumed(.asset("b"), as: read) == nil)
  }
}

@Suite struct StaleCauseNameTests {
  static let causes: [(StaleCause, String)] = [
    (.neverMaterialized, "never_materialized"), (.definitionChanged, "definition_changed"),
    (.inputChanged(.asset("a"), columns: ["x"]), "input_changed"),
    (.inputAdded(.file("a.csv")), "input_added"), (.inputRemoved(.asset("a")), "input_removed"),
    (.outputMissing, "output_missing"), (.outputAltered, "output_altered"), (.expired, "expired"),
    (.attemptUnfinished, "attempt_unfinished"), (.forced, "forced"),
    (.inputStale("a"), "input_stale"),
  ]

  @Test(arguments: causes)
  func `every cause has a name and can be made of its parts again`(
    cause: StaleCause, name: String
  ) {
    var columns: [String]?
    if case .inputChanged(_, let names) = cause { columns = names }

    #expect(cause.name == name)
    #expect(StaleCause(name: cause.name, input: cause.input, columns: columns) == cause)
  }

  @Test(arguments: ["moon_changed", "input_changed", "input_stale"])
  func `a name alone that does not suffice makes no cause`(name: String) {
    #expect(StaleCause(name: name, input: nil, columns: nil) == nil)
  }

  @Test func `a file is never stale itself`() {
    #expect(StaleCause(name: "input_stale", input: .file("a.csv"), columns: nil) == nil)
  }
}
