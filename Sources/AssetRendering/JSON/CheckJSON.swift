package import AssetCore

/// The document of `check --format json`.
package func json(of report: CheckReport) -> String {
  jsonText(of: ChecksDocument(report))
}

struct ChecksDocument: Encodable {
  struct Entry: Encodable {
    var asset: String
    var checks: [CheckDocument]
    var error: String?
    var partitions: [Partition]?
  }

  struct Partition: Encodable {
    var partition: String
    var checks: [CheckDocument]
  }

  struct Summary: Encodable {
    var passed: Int
    var warned: Int
    var failed: Int
  }

  var version = 1
  var command = "check"
  var project: String
  var outcome: String
  var summary: Summary
  var assets: [Entry]

  init(_ report: CheckReport) {
    project = report.project
    outcome = report.hasFailed ? "failed" : "passed"
    let results = report.results
    summary = Summary(
      passed: results.count(where: \.passed),
      warned: results.count { !$0.passed && !$0.isFatal }, failed: results.count(where: \.isFatal))
    assets = report.entries.map { entry in
      Entry(
        asset: entry.asset.name, checks: entry.results.map { CheckDocument($0) },
        error: entry.problem,
        partitions: entry.partitions.map { partitions in
          partitions.map { partition in
            Partition(
              partition: partition.name, checks: partition.results.map { CheckDocument($0) })
          }
        })
    }
  }
}
