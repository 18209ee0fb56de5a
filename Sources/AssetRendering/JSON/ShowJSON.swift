package import AssetCore

/// The document of `show --format json`.
package func json(of report: ShowReport) -> String {
  jsonText(of: ShowDocument(report))
}

/// The document of `preview --format json`.
package func json(of report: PreviewReport) -> String {
  jsonText(of: PreviewDocument(report))
}

private struct ShowDocument: Encodable {
  struct Field: Encodable {
    var name: String
    var value: String
  }

  struct Column: Encodable {
    var column: String
    var type: String?
    var description: String?
  }

  struct Entry: Encodable {
    var partition: String?
    var materialization: String
    var run: String
    var finishedAt: String
    var durationMs: Int64
    var rows: Int?
    var contentDigest: String
    var definitionDigest: String
    var metrics: [String: Double]?
    var metadata: Metadata?
    var checks: [CheckDocument]?
    var isPublished: Bool
  }

  struct Log: Encodable {
    struct Message: Encodable {
      var at: String
      var level: String
      var message: String
    }

    var run: String
    var outcome: Attempt.Outcome
    var messages: [Message]
    var leftOut: Int

    init(_ log: AttemptLog) {
      run = log.run
      outcome = log.outcome
      leftOut = log.logged.leftOut
      messages = log.logged.messages.map {
        Message(at: $0.time.rfc3339Milliseconds, level: $0.level, message: $0.text)
      }
    }
  }

  var version = 1
  var command = "show"
  var asset: String
  var partition: String?
  var kind: AssetKind
  var materialized: Materialized?
  var group: String
  var description: String?
  var owner: String?
  var tags: [String]
  var file: String
  var status: AssetStatus.Kind
  var causes: [CauseDocument]
  var error: String?
  var freshness: FreshnessDocument?
  var database: String?
  var table: String?
  var definition: [Field]
  var inputs: [InputDocument]
  var files: [String]
  var outputs: [String]
  var readers: [String]
  var columns: [Column]
  var materializations: [Entry]
  var unusualDuration: UnusualDurationDocument?
  var logMessages: [Log]
  var partitionSummary: StatusSummary?
  var partitions: [PartitionDocument]?
  var partitionChecks: [CheckDocument]?
  var failedAttempt: FailedAttemptDocument?

  init(_ report: ShowReport) {
    let subject = report.asset
    asset = subject.key.asset.name
    partition = subject.key.partition
    kind = subject.kind
    materialized = subject.materialized
    group = subject.group
    description = subject.description
    owner = subject.owner
    tags = subject.tags
    file = subject.place.file
    status = report.status.kind
    causes = report.status.causes.map { CauseDocument($0) }
    error = report.status.message
    freshness = report.freshness.map(FreshnessDocument.init)
    database = subject.tableName?.database
    table = subject.isSource ? subject.tableName?.name : nil
    definition = subject.definition.fields.map { Field(name: $0.name, value: $0.value) }
    inputs = report.inputs.map(InputDocument.init)
    files = subject.shownFiles
    outputs = subject.outputs
    readers = report.readers.map(\.name)
    columns = Self.columns(of: report)
    logMessages = report.logs.map(Log.init)
    partitionSummary = report.partitions.map { StatusSummary(of: $0.count(_:)) }
    partitions = report.partitions.map { $0.unfinished.map(PartitionDocument.init) }
    partitionChecks = report.partitions.map { _ in
      report.partitionChecks.map { CheckDocument($0) }
    }
    failedAttempt = report.failedAttempt.map(FailedAttemptDocument.init)
    materializations = report.materializations.map { record in
      Entry(
        partition: record.asset.partition, materialization: record.id, run: record.run,
        finishedAt: record.finishedAt.rfc3339,
        durationMs: record.durationMilliseconds, rows: record.product.rows,
        contentDigest: record.product.digest.rawValue,
        definitionDigest: record.provenance.definition.rawValue, metrics: record.product.metrics,
        metadata: record.product.metadata,
        checks: record.product.checks?.map { CheckDocument($0) },
        isPublished: report.isPublished(record))
    }
    unusualDuration = report.unusualDuration.map(UnusualDurationDocument.init)
  }

  private static func columns(of report: ShowReport) -> [Column] {
    let declared = report.asset.columns
    guard let produced = report.published?.product.columns else {
      return declared.map {
        Column(column: $0.name, type: $0.type?.rawValue, description: $0.description)
      }
    }
    return produced.map { column in
      let known = declared.first { $0.name.lowercased() == column.name.lowercased() }
      return Column(
        column: column.name, type: column.type.isEmpty ? nil : column.type,
        description: known?.description)
    }
  }
}

/// The last attempt on an asset, when it failed.
private struct FailedAttemptDocument: Encodable {
  var run: String
  var endedAt: String
  var error: String?
  var checks: [CheckDocument]

  init(_ attempt: FailedAttempt) {
    run = attempt.run
    endedAt = attempt.at.rfc3339
    error = attempt.error
    checks = attempt.checks.map { CheckDocument($0) }
  }
}

private struct PreviewDocument: Encodable {
  var version = 1
  var command = "preview"
  var asset: String
  var partition: String?
  var columns: [String]
  var rows: [[CellDocument]]
  var isCut: Bool

  init(_ report: PreviewReport) {
    asset = report.asset.asset.name
    partition = report.asset.partition
    columns = report.columns
    rows = report.rows.map { $0.map(CellDocument.init) }
    isCut = report.isCut
  }
}
