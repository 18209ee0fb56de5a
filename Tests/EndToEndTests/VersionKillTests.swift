import AssetTestSupport
import Foundation
import Testing

/// assetctl killed in the middle of publishing with `keep:` and of rolling back: all is whole, old or new.
@Suite(.timeLimit(.minutes(10))) struct VersionKillTests {
  private static let count = 60_000

  private func makeProject() throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/number.csv": "n\n0\n",
      "assets/big.sql": """
      /* @asset
      keep: 3
      indexes: [[i]]
      */
      with recursive c(i) as (select 1 union all select i + 1 from c where i < \(Self.count))
      select i, n from c, number
      """,
    ])
  }

  /// Each version that the warehouse says is there: what it was recorded with, and what it holds.
  private func versions(_ project: TemporaryProject) async throws -> [[JSONValue]] {
    try await project.python(
      """
      import json, sqlite3
      database = sqlite3.connect(".assetctl/warehouse.sqlite")
      def look(name, digest):
          return [digest] + list(database.execute(
              f"select count(*), min(n), max(n) from {name}").fetchone())
      published = database.execute(
          "select materialization, digest from assetctl_publication where asset = 'big'").fetchone()
      found = [look("big", published[1])]
      tables = {n for n, in database.execute(
          "select name from sqlite_schema where name like 'assetctl!_version!_%' escape '!'"
          " and type = 'table'")}
      names = []
      if database.execute("select 1 from sqlite_schema where name = 'assetctl_version'").fetchone():
          for number, id, digest in database.execute(
                  "select number, materialization, digest from assetctl_version order by number"):
              if id == published[0]: continue
              names.append(f"assetctl_version_big_{number}")
              found.append(look(names[-1], digest))
      assert tables == set(names), (tables, names)
      print(json.dumps(found))
      """
    ).json.elements.map(\.elements)
  }

  /// Makes sure that each digest stands for the rows of one number, all of them.
  private func verify(
    _ versions: [[JSONValue]], _ numbers: inout [String: JSONValue], _ place: String
  ) {
    for version in versions {
      #expect(version[1] == .number(Double(Self.count)), "\(place)")
      #expect(version[2] == version[3], "\(place)")
      let known = numbers[version[0].text]
      #expect(known == nil || known == version[2], "\(place)")
      numbers[version[0].text] = version[2]
    }
    #expect(Set(versions.map { $0[2].text }).count == versions.count, "\(place)")
  }

  @Test func `a publish that is killed keeps and shows whole versions`() async throws {
    let project = try makeProject()
    try await project.assetctl("materialize")
    var random = SeededRandom(seed: 61)
    var numbers: [String: JSONValue] = [:]
    for number in 1...20 {
      try project.write("assets/number.csv", "n\n\(number)\n")
      let run = try project.start(["materialize"])
      try await Task.sleep(for: .milliseconds(random.next() % 500))
      run.send(SIGKILL)
      _ = try await run.result()
      verify(try await versions(project), &numbers, "killed \(number)")

      #expect(try await project.assetctl("materialize").exitCode == 0)

      let found = try await versions(project)
      verify(found, &numbers, "\(number)")
      #expect(found[0][2] == .number(Double(number)))
      #expect(found.count == min(number, 3) + 1)
      #expect(try await project.assetctl("status").exitCode == 0)
    }
  }

  @Test func `a rollback that is killed has happened or has not`() async throws {
    let project = try makeProject()
    for number in 0...3 {
      try project.write("assets/number.csv", "n\n\(number)\n")
      try await project.assetctl("materialize")
    }
    var random = SeededRandom(seed: 62)
    var numbers: [String: JSONValue] = [:]
    var present = 3
    for round in 1...20 {
      let isForth = present == 0
      let back =
        isForth ? ["rollback", "big", "--to", try await newest(project)] : ["rollback", "big"]
      let run = try project.start(back)
      try await Task.sleep(for: .milliseconds(random.next() % 150))
      run.send(SIGKILL)
      _ = try await run.result()

      let found = try await versions(project)
      verify(found, &numbers, "\(round)")
      #expect(found.count == 4, "\(round)")
      let shown = Int(found[0][2].text) ?? -1
      #expect([present, isForth ? 3 : present - 1].contains(shown), "\(round)")
      // What is told fits what is there.
      let status = try await project.assetctl("status", "big", "--format", "json")
      #expect(
        try status.assets("status")["big"] == (shown == 3 ? "fresh" : "stale"), "\(round)")
      present = shown
    }
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await versions(project)[0][2] == 3)
  }

  /// The run that made the newest version.
  private func newest(_ project: TemporaryProject) async throws -> String {
    try await project.sqlite(
      "select substr(materialization, 1, 20) from assetctl_version order by number desc limit 1")[
        0][0]
      .text
  }
}
