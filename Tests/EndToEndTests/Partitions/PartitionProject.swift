import AssetTestSupport
import Testing

/// A project with a table `events` of others that has one row for each of the first ten days of 2024, and
/// an asset `daily` that counts them by day.
struct PartitionProject {
  let project: TemporaryProject

  static let days = (1...10).map { "2024-01-" + ($0 < 10 ? "0\($0)" : "\($0)") }

  /// The settings of ten days.
  static let tenDays = "partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-10}"

  static let ownRows = "day >= :partition_start and day < :partition_end"

  static let daily =
    "select day, count(*) as k, sum(n) as n from events where \(ownRows) group by day"

  /// The text of a declaration.
  static func file(_ settings: String, _ query: String) -> String {
    "/* @asset\n\(settings)\n*/\n\(query)\n"
  }

  /// Makes the project with further files, and brings it up to date.
  init(
    daily: String = file(tenDays, Self.daily), _ files: [String: String] = [:],
    isMade: Bool = true
  ) async throws {
    project = try TemporaryProject(
      [
        "assetctl.yml": "project: shop\n", "assets/sources.yml": "sources:\n  - name: events\n",
        "assets/daily.sql": daily, ".assetctl/keep": "",
      ].merging(files) { _, new in new })
    let rows = Self.days.enumerated().map { "(\($0 + 1), '\($1)', \($0 % 2), \($0 + 1))" }
    try await project.sqlite(
      "pragma journal_mode = wal",
      "create table events (id integer, day text, odd integer, n integer)",
      "insert into events values \(rows.joined(separator: ", "))")
    if isMade { try await expectSuccess() }
  }

  /// Brings the project up to date, and expects that nothing is left to do then.
  func expectSuccess() async throws {
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    try await expectFresh()
  }

  func expectFresh() async throws {
    let status = try await project.assetctl("status")
    #expect(status.exitCode == 0, "\(status.output)")
    let again = try await project.assetctl("materialize")
    #expect(again.output.hasPrefix("nothing to do"), "\(again.output)\(again.errors)")
  }

  func materialize(_ arguments: String...) async throws -> CommandResult {
    try await project.assetctl(["materialize", "--format", "json"] + arguments)
  }

  /// The rows of a table, ordered.
  func rows(_ table: String, _ columns: String = "*") async throws -> [[JSONValue]] {
    try await project.sqlite("select \(columns) from \(table) order by 1")
  }
}

extension CommandResult {
  /// For each asset that tells of partitions, their keys by a member.
  ///
  /// ```swift
  /// try status.partitions(by: "status")  // ["daily": ["stale": ["2024-01-03"]]]
  /// ```
  func partitions(
    by member: String, of list: String = "assets"
  ) throws -> [String: [String: [String]]] {
    var found: [String: [String: [String]]] = [:]
    for asset in try json[list].elements {
      for partition in asset["partitions"].elements {
        found[asset["asset"].text, default: [:]][partition[member].text, default: []]
          .append(partition["partition"].text)
      }
    }
    return found
  }

  /// What was run, as `daily@2024-01-03` or `total`, in order.
  var made: [String] {
    get throws {
      let outcomes = ["materialized", "unchanged", "failed"]
      return try json["assets"].elements.flatMap { asset -> [String] in
        let name = asset["asset"].text
        let partitions = asset["partitions"].elements
        if partitions.isEmpty { return outcomes.contains(asset["outcome"].text) ? [name] : [] }
        return partitions.filter { outcomes.contains($0["outcome"].text) }
          .map { name + "@" + $0["partition"].text }
      }
    }
  }
}
