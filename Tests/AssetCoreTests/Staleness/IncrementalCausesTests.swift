import AssetCore
import AssetTestSupport
import Testing

/// When an incremental table may go on from its rows, and when it is built anew.
@Suite struct IncrementalCausesTests {
  private static let read = Consumption.columns(["at", "kind"])
  private static let mark = CursorMark(
    input: "events", column: "at", value: .integer(7), consumption: read, digest: "monday")

  /// A materialization that read `events` up to 7, and `kinds`.
  private static func recorded(_ mark: CursorMark = mark) -> Materialization {
    var materialization = StaleCausesTests.materialization(
      Provenance(
        definition: "v1",
        inputs: [
          .asset("events"): ConsumedInput(read, "monday"),
          .asset("kinds"): ConsumedInput(.whole, "kinds"),
        ]))
    materialization.product.continuation = .cursor(mark)
    return materialization
  }

  /// What is the case when `events` holds this, and nothing else changed.
  private static func now(
    _ digest: ContentDigest, behind: ContentDigest?, placed: ContentDigest? = nil,
    _ mark: CursorMark = mark
  ) -> Circumstances {
    var events: [Consumption: ContentDigest] = [read: digest]
    events[mark.placed(read)] = placed ?? digest
    if let consumption = mark.behind { events[consumption] = behind }
    return Circumstances(
      definition: "v1",
      inputs: [
        .asset("events"): .known(Content(events)),
        .asset("kinds"): .known([.whole: "kinds"]),
      ],
      output: .present([.whole: "out"]), isIncremental: true)
  }

  @Test func `what was read is the rows at and behind the cursor`() {
    #expect(
      Self.recorded().compared[.asset("events")] == [
        Self.read,
        .slice(
          RowSlice(column: "at", lower: nil, upper: .init(.integer(7), isIncluded: true)),
          of: Self.read),
        .slice(RowSlice(column: "at", lower: nil, upper: nil), of: Self.read),
      ])
  }

  @Test func `equal rows are fresh, whatever the slice holds`() {
    #expect(staleCauses(from: Self.recorded(), to: Self.now("monday", behind: "monday")) == [])
  }

  @Test func `with equal rows behind the cursor it goes on`() {
    let causes = staleCauses(from: Self.recorded(), to: Self.now("tuesday", behind: "monday"))

    #expect(causes == [.inputExtended(.asset("events"), cursor: "7")])
    #expect(causes.allowGoingOn)
  }

  @Test func `with other rows behind the cursor it is built anew`() {
    let causes = staleCauses(from: Self.recorded(), to: Self.now("tuesday", behind: "sunday"))

    #expect(
      causes == [.inputRewritten(.asset("events"), columns: ["at", "kind"], cursor: "7")])
    #expect(!causes.allowGoingOn)
  }

  @Test func `with a row that has no value in the cursor it is built anew`() {
    let causes = staleCauses(
      from: Self.recorded(), to: Self.now("tuesday", behind: "monday", placed: "without it"))

    #expect(
      causes == [.inputRewritten(.asset("events"), columns: ["at", "kind"], cursor: "7")])
  }

  @Test func `rows that were not looked at do not let it go on`() {
    let causes = staleCauses(from: Self.recorded(), to: Self.now("tuesday", behind: nil))

    #expect(!causes.allowGoingOn)
  }

  @Test func `without a value there is nothing to go on from`() {
    var mark = Self.mark
    mark.value = nil

    let causes = staleCauses(
      from: Self.recorded(mark), to: Self.now("tuesday", behind: nil, placed: nil, mark))

    #expect(
      causes == [.fullRefresh(.inputChanged(.asset("events"), columns: ["at", "kind"]))])
  }

  /// Something that changes beside the rows ahead of the cursor.
  struct Change: Sendable {
    var cause: StaleCause
    var apply: @Sendable (inout Circumstances) -> Void

    init(_ cause: StaleCause, _ apply: @escaping @Sendable (inout Circumstances) -> Void) {
      self.cause = cause
      self.apply = apply
    }
  }

  @Test(arguments: [
    Change(.definitionChanged) { $0.definition = "v2" },
    Change(.forced) { $0.isForced = true },
    Change(.expired) { $0.isExpired = true },
    Change(.outputMissing) { $0.output = .missing },
    Change(.outputAltered) { $0.output = .present([.whole: "by hand"]) },
    Change(.inputRemoved(.asset("kinds"))) { $0.inputs[.asset("kinds")] = nil },
    Change(.inputChanged(.asset("kinds"), columns: nil)) {
      $0.inputs[.asset("kinds")] = .known([.whole: "others"])
    },
  ])
  func `whatever else changes, it is built anew`(change: Change) {
    var now = Self.now("tuesday", behind: "monday")
    change.apply(&now)

    let causes = staleCauses(from: Self.recorded(), to: now)

    #expect(causes.contains(.fullRefresh(change.cause)))
    #expect(!causes.allowGoingOn)
  }

  @Test func `the first materialization and a waiting one go on from nothing`() {
    var waiting = Self.now("monday", behind: "monday")
    waiting.inputs[.asset("events")] = .pending

    let first = staleCauses(from: nil, to: Self.now("monday", behind: "monday"))
    let later = staleCauses(from: Self.recorded(), to: waiting)

    #expect(first == [.neverMaterialized])
    #expect(later == [.inputStale("events")])
    #expect(!first.allowGoingOn && !later.allowGoingOn && ![StaleCause]().allowGoingOn)
  }

  @Test func `a table that reads its own rows goes on, whatever its inputs hold`() {
    var recorded = Self.recorded()
    recorded.product.continuation = .ownRows
    var now = Self.now("tuesday", behind: "other")

    let changed = staleCauses(from: recorded, to: now)
    now.hasUnfinishedAttempt = true
    let killed = staleCauses(from: recorded, to: now)
    now.output = .missing
    let missing = staleCauses(from: recorded, to: now)
    now.definition = "v2"
    let redefined = staleCauses(from: recorded, to: now)

    #expect(changed == [.goingOn(.inputChanged(.asset("events"), columns: changed[0].columns))])
    #expect(changed.allowGoingOn && killed.allowGoingOn)
    #expect(!missing.allowGoingOn && !redefined.allowGoingOn)
    #expect(redefined[0] == .fullRefresh(.definitionChanged))
  }

  @Test func `causes keep what follows from them by name`() {
    let causes: [StaleCause] = [
      .inputExtended(.asset("events"), cursor: "7"),
      .inputRewritten(.asset("events"), columns: ["at"], cursor: "7"),
      .goingOn(.inputChanged(.asset("events"), columns: ["at"])), .goingOn(.expired),
      .fullRefresh(.definitionChanged), .fullRefresh(.inputRemoved(.asset("kinds"))),
      .fullRefresh(.inputChanged(.asset("kinds"), columns: ["kind"])), .definitionChanged,
      .inputStale("events"),
    ]

    let again = causes.map { cause in
      StaleCause(
        name: cause.name, input: cause.input, columns: cause.columns, cursor: cause.cursor,
        isFullRefresh: cause.isFullRefresh)
    }

    #expect(again == causes)
  }

  @Test func `a query is filled in where its blanks are`() {
    let query = QueryRecipe(
      form: .table, sql: "select x from t where 5-:cursor<x or :cursor is null",
      blanks: [.init("cursor", range: 24..<31), .init("cursor", range: 37..<44)])

    #expect(
      query.filled(["cursor": "-1"]) == "select x from t where 5- -1 <x or  -1  is null")
    #expect(query.filled([:]) == query.sql)
  }
}
