import AssetTestSupport
import Foundation
import Testing

/// How new the data of sources is.
@Suite struct FreshnessTests {
  private static let limits = "freshness: {column: at, warn_after: 6h, error_after: 24h}"

  private func project() async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "data/x": "",
      "assets/s.yml": """
      sources:
        - {name: events, database: data/app.sqlite, \(Self.limits)}
      """,
      "assets/n.sql": "select count(*) as n from events",
    ])
    try await project.sqlite("create table events (at)", in: "data/app.sqlite")
    return project
  }

  private func write(_ time: String, to project: TemporaryProject) async throws {
    try await project.sqlite(
      "delete from events", "insert into events values (\(time))", in: "data/app.sqlite")
  }

  @Test func `a late source is shown, and is an error after its second limit`() async throws {
    let project = try await project()
    try await write("datetime('now', '-60 minutes')", to: project)
    try await project.assetctl("materialize")
    #expect(try await project.assetctl("status").output == "the asset is fresh\n")

    try await write("datetime('now', '-450 minutes')", to: project)
    let late = try await project.assetctl("status")
    try await write("strftime('%s', 'now', '-51 hours') + 0", to: project)
    let tooLate = try await project.assetctl("status")

    #expect(late.exitCode == 0)
    #expect(
      late.output == """
        late  events  the newest `at` is 7 h 30 min old, expected within 6 h

        the asset is fresh, 1 source is late

        """)
    #expect(tooLate.exitCode == 1)
    #expect(
      tooLate.output == """
        late  events  the newest `at` is 2 d 3 h old, expected within 1 d

        the asset is fresh, 1 source is late

        """)
  }

  @Test func `in JSON the source's entry has what was found`() async throws {
    let project = try await project()
    try await write("datetime('now', '-450 minutes')", to: project)

    let status = try await project.assetctl("status", "--format", "json")
    let entry = try #require(
      try status.json["assets"].elements.first { $0["asset"] == "events" })["freshness"]

    #expect(entry["column"] == "at")
    #expect(entry["outcome"] == "warn")
    #expect(entry["warn_after_ms"] == 21_600_000)
    #expect(entry["newest"].text == "<time>")
    #expect((27_000_000...28_000_000).contains(Int(entry["age_ms"].text) ?? 0))
    #expect(try status.json["summary"]["fresh"] == 0)
  }

  @Test(
    arguments: [
      ("'soon'", "`at` holds `soon`, which is no time"),
      ("null", "`at` holds no time: there are no rows, or only nulls"),
    ])
  func `what has no time is an error`(value: String, words: String) async throws {
    let project = try await project()
    try await write(value, to: project)

    let status = try await project.assetctl("status", "events")

    #expect(status.exitCode == 1)
    #expect(status.output == "late  events  \(words)\n\nthere are no assets, 1 source is late\n")
  }

  @Test func `a run warns before it builds on what is late, and builds`() async throws {
    let project = try await project()
    try await write("datetime('now', '-51 hours')", to: project)
    let warning = """
      assets/s.yml:2:5: warning: the source `events` is late: the newest `at` is 2 d 3 h old, \
      expected within 1 d


      """

    let plan = try await project.assetctl("plan")
    let run = try await project.assetctl("materialize")
    let again = try await project.assetctl("materialize")

    #expect(plan.errors == warning)
    #expect(run.errors == warning)
    #expect(run.exitCode == 0)
    #expect(again.errors == "")
    let events = try await project.assetctl("materialize", "--force", "--format", "jsonl")
    #expect(
      try events.output.split(separator: "\n").map {
        try JSONValue(parsing: String($0))["event"].text
      }
        == ["warning", "run_started", "asset_started", "asset_finished", "run_ended"])
  }

  @Test func `the newest time is found for tables of the warehouse and loaded files`() async throws
  {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "data/r/1.csv": "at,x\n2020-01-01,1\n2020-01-02,1\n",
      "assets/s.yml": """
      sources:
        - {name: events, \(Self.limits)}
        - {name: rates, file: "data/r/*.csv", \(Self.limits)}
        - {name: drops, file: "data/r/*.csv", freshness: {warn_after: 1h}}
      """,
      "assets/n.sql": "select x from rates, drops",
    ])
    try await project.assetctl("materialize")
    try await project.sqlite("create table events as select '2020-01-02' as at")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -450 * 60)],
      ofItemAtPath: project.folder + "/data/r/1.csv")

    let status = try await project.assetctl("status", "--format", "json")
    let newest = try status.json["assets"].elements.map {
      [$0["asset"], $0["freshness"]["outcome"]]
    }

    #expect(status.exitCode == 1)
    #expect(
      newest.filter { $0[1] != .null } == [
        ["drops", "warn"], ["events", "error"], ["rates", "error"],
      ])
    // On a machine that is busy minutes may pass until then.
    #expect(
      try await project.assetctl("status", "drops").output.replacing(/3[0-9] min/, with: "30 min")
        == """
        late  drops  the newest file is 7 h 30 min old, expected within 1 h

        the asset is fresh, 1 source is late

        """)
  }

  @Test(arguments: ["delete", "wal"])
  func `while nothing changes nothing is read`(mode: String) async throws {
    let project = try await project()
    try await project.sqlite("pragma journal_mode = \(mode)", in: "data/app.sqlite")
    // While somebody has the file open its log is not empty.
    let holder = try project.startPython(
      """
      import os, sqlite3, time
      database = sqlite3.connect("data/app.sqlite")
      database.execute("insert into events values (null)")
      database.commit()
      open("held", "w").close()
      while not os.path.exists("stop"): time.sleep(0.01)
      """)
    try await project.wait(for: "the holder") { project.exists("held") }
    try await write("datetime('now')", to: project)
    try await project.assetctl("materialize")
    try await Task.sleep(for: .milliseconds(100))
    try await project.assetctl("status")
    let debug = ["ASSETCTL_LOG": "debug"]

    let status = try await project.assetctl(["status"], environment: debug)
    try await write("datetime('now', '-7 hours')", to: project)
    let changed = try await project.assetctl(["status"], environment: debug)

    #expect(!status.errors.contains("reading tables"), "\(status.errors)")
    #expect(changed.errors.contains("reading tables beside"), "\(changed.errors)")
    try project.write("stop", "")
    _ = try await holder.result()
  }
}
