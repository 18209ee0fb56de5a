package import AssetCore

/// The document of `lineage --format json`.
package func json(of report: LineageReport) -> String {
  jsonText(of: LineageDocument(report))
}

/// The document of `why --format json`.
package func json(of report: WhyReport) -> String {
  jsonText(of: WhyDocument(report))
}

/// The document of `lineage --format json` without an asset.
package func json(of report: GraphReport) -> String {
  jsonText(of: LineageDocument(report))
}

private struct LineageDocument: Encodable {
  struct Node: Encodable {
    var asset: String
    var kind: String
  }

  struct Edge: Encodable {
    var from: String
    var to: String
    /// `"*"` for the whole, a list of columns, or `[]` for the row count alone.
    var consumes: Consumption
  }

  struct Name: Encodable {
    var asset: String
    var column: String

    init(_ column: AssetColumn) {
      asset = column.asset.name
      self.column = column.column
    }
  }

  struct Column: Encodable {
    var asset: String
    var column: String
    var from: [Name]
    var influencedBy: [Name]
  }

  var version = 1
  var command = "lineage"
  var asset: String?
  var assets: [Node]?
  var column: String?
  var upstream: [String]
  var downstream: [String]
  var edges: [Edge]
  var columns: [Column]

  init(_ report: GraphReport) {
    assets = report.assets.map { Node(asset: $0.key.name, kind: $0.kind.rawValue) }
    upstream = []
    downstream = []
    edges = report.edges.map { Edge(from: $0.from.name, to: $0.to.name, consumes: $0.consumes) }
    columns = []
  }

  init(_ report: LineageReport) {
    asset = report.asset.name
    column = report.column
    upstream = report.upstream.map(\.name)
    downstream = report.downstream.map(\.name)
    edges = report.edges.map { Edge(from: $0.from.name, to: $0.to.name, consumes: $0.consumes) }
    columns = report.columns.map { column in
      Column(
        asset: column.column.asset.name, column: column.column.column,
        from: column.from.map(Name.init), influencedBy: column.influencedBy.map(Name.init))
    }
  }
}

private struct WhyDocument: Encodable {
  struct Proof: Encodable {
    var what: String
    var consumes: Consumption?
    var `where`: String?
    var digest: String
  }

  struct Link: Encodable {
    var asset: String
    var partition: String?
    var status: AssetStatus.Kind
    var error: String?
    var causes: [CauseDocument]
    var proof: [Proof]
    var lastMaterialized: String?
    var lastRun: String?
    var lastCauses: [CauseDocument]
    var partitionSummary: StatusSummary?
    var partitions: [PartitionDocument]?
  }

  var version = 1
  var command = "why"
  var asset: String?
  var partition: String?
  var status: AssetStatus.Kind?
  var chain: [Link]

  init(_ report: WhyReport) {
    chain = report.chain.map { link in
      Link(
        asset: link.asset.asset.name, partition: link.asset.partition, status: link.status.kind,
        error: link.status.message,
        causes: link.reasons.map { CauseDocument($0) },
        proof: link.proof.map {
          Proof(
            what: $0.what, consumes: $0.consumption?.ofAllRows,
            where: $0.consumption.flatMap(rowsText), digest: $0.digest)
        },
        lastMaterialized: link.lastMaterialized?.rfc3339, lastRun: link.lastRun,
        lastCauses: link.lastCauses.map { CauseDocument($0) },
        partitionSummary: link.partitions.map { StatusSummary(of: $0.count(_:)) },
        partitions: link.partitions.map { $0.unfinished.map(PartitionDocument.init) })
    }
    asset = chain.first?.asset
    partition = chain.first?.partition
    status = chain.first?.status
  }
}
