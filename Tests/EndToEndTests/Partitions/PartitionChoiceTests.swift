import AssetTestSupport
import Testing

/// Which partitions there are, and which of them a user asks for.
@Suite(.timeLimit(.minutes(10))) struct PartitionChoiceTests {
  private static let sum = "select cast(:partition_start as text) as day, sum(n) as n from daily"

  /// `sums` reads the two days before its own; `total` reads all of it.
  private func chain() async throws -> PartitionProject {
    try await PartitionProject([
      "assets/sums.sql": PartitionProject.file(
        PartitionProject.tenDays + "\ninputs: {daily: {window: {before: 2}}}", Self.sum),
      "assets/total.sql": "select sum(n) as n from sums",
    ])
  }

  @Test func `a later end adds days, and nothing else is run`() async throws {
    let made = try await chain()
    for name in ["daily", "sums"] {
      try made.project.edit("assets/\(name).sql", "end: 2024-01-10", to: "end: 2024-01-12")
    }
    try await made.project.sqlite("insert into events values (11, '2024-01-11', 1, 11)")

    let status = try await made.project.assetctl("status", "--format", "json")
    let run = try await made.materialize()

    let later = ["2024-01-11", "2024-01-12"]
    #expect(
      try status.partitions(by: "status") == [
        "daily": ["stale": later], "sums": ["stale": later],
      ])
    #expect(
      try run.made == later.map { "daily@" + $0 } + later.map { "sums@" + $0 } + ["total"])
    #expect(try await made.rows("daily").last == ["2024-01-11", 1, 11])
    #expect(try await made.rows("sums").suffix(2) == [["2024-01-11", 30], ["2024-01-12", 21]])
    try await made.expectFresh()
  }

  @Test func `an earlier end and a later start take rows out, and readers notice`() async throws {
    let made = try await chain()
    try made.project.edit("assets/daily.sql", "end: 2024-01-10", to: "end: 2024-01-09")
    try made.project.edit("assets/daily.sql", "start: 2024-01-01", to: "start: 2024-01-02")

    let status = try await made.project.assetctl("status", "--format", "json")
    let run = try await made.materialize()

    #expect(try status.causes["daily"] == ["output_altered"])
    let read = ["01", "02", "03", "10"].map { "sums@2024-01-" + $0 }
    #expect(try run.made == ["daily"] + read + ["total"])
    #expect(try await made.rows("daily", "day") == (2...9).map { [.string("2024-01-0\($0)")] })
    #expect(
      try await made.rows("sums").map(\.last)
        == [.null, 2, 5, 9, 12, 15, 18, 21, 24, 17])
    try await made.expectFresh()
  }

  @Test func `values that come and go concern their rows alone`() async throws {
    let names = ["a/b", "x y", "it's", "p@q", "%41", "ö", "..", "a..b", "-1"]
    let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
    let made = try await PartitionProject(
      [
        "assets/names.csv": "name,n\n" + names.map { "\($0),1\n" }.joined() + "7,1\nother,1\n",
        "assets/named.sql": PartitionProject.file(
          "partitions: {column: name, values: [\(list), 7]}",
          "select name, n from names where name = :partition_key"),
        "assets/count.sql": "select count(*) as n from named",
      ])
    #expect(try await made.rows("count") == [[10]])

    try made.project.edit("assets/named.sql", "\"a/b\", ", to: "")
    #expect(try await made.materialize().made == ["named", "count"])
    try made.project.edit("assets/named.sql", ", 7]", to: ", 7, other]")
    #expect(try await made.materialize().made == ["named@other", "count"])
    try made.project.edit("assets/named.sql", "[\"x y\", \"it's\"", to: "[\"it's\", \"x y\"")
    try await made.expectFresh()
    for name in names.dropFirst() {
      let run = try await made.materialize("named", "--force", "--partition=" + name)
      #expect(try run.made == ["named@" + name], "\(run.errors)")
    }
    try await made.expectFresh()
    #expect(try await made.rows("count") == [[10]])
  }

  @Test func `a backfill runs just what is named, and upstream what that reads`() async throws {
    let made = try await chain()
    try await made.project.sqlite("update events set n = n + 100 where day <> '2024-01-06'")

    let plan = try await made.project.assetctl(
      "plan", "sums", "--partition", "2024-01-04..2024-01-05", "--format", "json")
    let run = try await made.materialize("sums", "--partition", "2024-01-04..2024-01-05")
    let again = try await made.materialize("sums", "--partition", "2024-01-04..2024-01-05")

    let upstream = ["02", "03", "04", "05"].map { "2024-01-" + $0 }
    #expect(
      try plan.partitions(by: "decision", of: "steps") == [
        "daily": ["materialize": upstream],
        "sums": ["materialize_if_inputs_change": ["2024-01-04", "2024-01-05"]],
      ])
    #expect(
      try run.made == upstream.map { "daily@" + $0 } + ["sums@2024-01-04", "sums@2024-01-05"])
    #expect(try again.made == [])
    let status = try await made.project.assetctl("status", "--format", "json")
    #expect(
      try status.partitions(by: "status")["daily"]?["stale"]
        == ["01", "07", "08", "09", "10"].map { "2024-01-" + $0 })
    let rest = try await made.materialize()
    #expect(
      try Set(rest.made).isDisjoint(with: run.made), "what was made is not made again")
    try await made.expectFresh()
    #expect(try await made.rows("total") == [[2536]])
  }

  @Test func `partitions are named one by one, in ranges and with open ends`() async throws {
    let made = try await PartitionProject()
    func forced(_ words: String...) async throws -> [String] {
      let options = words.flatMap { ["--partition", $0] }
      let run = try await made.project.assetctl(
        ["materialize", "daily", "--force", "--format", "json"] + options)
      return try run.made.map { String($0.suffix(2)) }
    }
    #expect(try await forced("2024-01-04") == ["04"])
    #expect(try await forced("2024-01-07", "2024-01-02..2024-01-03") == ["02", "03", "07"])
    #expect(try await forced("..2024-01-02", "2024-01-09..") == ["01", "02", "09", "10"])
    #expect(try await forced().count == 10)
    #expect(try await made.materialize("--full-refresh").made.count == 10)
    try await made.expectFresh()
  }

  @Test(arguments: [
    (["daily", "--partition", "2024-01-11"], "there is no partition `2024-01-11`"),
    (["daily", "--partition", "2024-01-05..2024-01-02"], "`2024-01-02` is before `2024-01-05`"),
    (["daily", "--partition", "soon"], "`soon` is not a day"),
    (["total", "--partition", "2024-01-02"], "`total` has no partitions"),
    (["daily", "--partition", ""], "`` is not a day"),
  ])
  func `a partition that there is not is an error with a way out`(
    words: [String], message: String
  ) async throws {
    let made = try await PartitionProject(
      ["assets/total.sql": "select sum(n) as n from daily"], isMade: false)

    let run = try await made.project.assetctl(["materialize"] + words)

    #expect(run.exitCode == 64)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.contains("\nhint: "))
    #expect(try await made.project.assetctl("runs", "--format", "json").json["runs"] == [])
  }

  @Test func `becoming partitioned, in other ways, and ceasing to be`() async throws {
    let made = try await PartitionProject(
      daily: "select day, odd, n from events",
      ["assets/total.sql": "select count(*) as k, sum(n) as n from daily"])
    let ways = [
      PartitionProject.file(
        PartitionProject.tenDays, "select day, odd, n from events where \(PartitionProject.ownRows)"
      ),
      PartitionProject.file(
        "partitions: {column: day, every: week, start: 2024-01-01, end: 2024-01-08}",
        "select day, odd, n from events where \(PartitionProject.ownRows)"),
      PartitionProject.file(
        "partitions: {column: odd, values: [0, 1]}",
        "select day, odd, n from events where odd = :partition_key"),
      "select day, odd, n from events",
      PartitionProject.file(
        "partitions: {column: day, every: month, start: 2024-01, end: 2024-01}",
        "select day, odd, n from events where \(PartitionProject.ownRows)"),
      PartitionProject.file("materialized: view", "select day, odd, n from events"),
      PartitionProject.file(
        PartitionProject.tenDays, "select day, odd, n from events where \(PartitionProject.ownRows)"
      ),
    ]
    var rows = try await made.rows("daily")
    for (number, way) in ways.enumerated() {
      try made.project.write("assets/daily.sql", way)
      try await made.expectSuccess()
      #expect(try await made.rows("daily") == rows, "\(number)")
      // What was made in another way does not count when that comes back.
      try await made.project.sqlite("update events set n = n + 1 where id = \(number + 1)")
      try await made.expectSuccess()
      #expect(try await made.rows("total") == [[10, .number(Double(56 + number))]], "\(number)")
      rows[number][2] = .number(Double(number + 2))
      #expect(try await made.rows("daily") == rows, "\(number)")
    }
  }
}
