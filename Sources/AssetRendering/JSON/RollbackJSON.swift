package import AssetCore

/// The document of `rollback --format json`.
package func json(of report: RollbackReport) -> String { jsonText(of: RollbackDocument(report)) }

/// The document of `rollback --list --format json`.
package func json(of report: VersionsReport) -> String { jsonText(of: VersionsDocument(report)) }

private struct VersionDocument: Encodable {
  var run: String
  var finishedAt: String
  var rows: Int?
  var contentDigest: String
  var isPublished: Bool?

  init(_ record: Materialization, isPublished: Bool? = nil) {
    run = record.run
    finishedAt = record.finishedAt.rfc3339
    rows = record.product.rows
    contentDigest = record.product.digest.rawValue
    self.isPublished = isPublished
  }
}

private struct RollbackDocument: Encodable {
  var version = 1
  var command = "rollback"
  var asset: String
  var run: String
  var from: VersionDocument?
  var to: VersionDocument
  var status: AssetStatus.Kind
  var causes: [CauseDocument]
  var error: String?

  init(_ report: RollbackReport) {
    asset = report.asset.name
    run = report.run
    from = report.from.map { VersionDocument($0) }
    to = VersionDocument(report.to)
    status = report.status.kind
    causes = report.status.causes.map { CauseDocument($0) }
    error = report.status.message
  }
}

private struct VersionsDocument: Encodable {
  var version = 1
  var command = "rollback"
  var asset: String
  var versions: [VersionDocument]

  init(_ report: VersionsReport) {
    asset = report.asset.name
    versions = report.versions.map {
      VersionDocument($0.materialization, isPublished: $0.isPublished)
    }
  }
}
