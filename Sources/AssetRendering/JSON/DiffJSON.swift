package import AssetCore

/// The document of `diff --format json`, and of `materialize --dry-run --diff`.
package func json(of report: DiffReport) -> String { jsonText(of: DiffDocument(report)) }

private struct DiffDocument: Encodable {
  var version = 1
  var command = "diff"
  var project: String
  var dryRun: Bool
  var assets: [DiffEntryDocument]

  init(_ report: DiffReport) {
    project = report.project
    dryRun = report.isTrial
    assets = report.entries.map(DiffEntryDocument.init)
  }
}

private struct DiffEntryDocument: Encodable {
  struct Side: Encodable {
    var run: String?
    var finishedAt: String?
    var rows: Int?
    var contentDigest: String

    /// Without the run of what was only tried out.
    init(_ record: Materialization, isTried: Bool) {
      run = isTried ? nil : record.run
      finishedAt = isTried ? nil : record.finishedAt.rfc3339
      rows = record.product.rows
      contentDigest = record.product.digest.rawValue
    }
  }

  struct Column: Encodable {
    var column: String
    var change: String
    var typeBefore: String?
    var typeAfter: String?

    init(_ change: ColumnChange) {
      switch change {
      case .added(let name, let type):
        (column, self.change, typeAfter) = (name, "added", type)
      case .removed(let name, let type):
        (column, self.change, typeBefore) = (name, "removed", type)
      case .retyped(let name, let from, let to):
        (column, self.change, typeBefore, typeAfter) = (name, "retyped", from, to)
      }
    }
  }

  struct File: Encodable {
    var file: String
    var digestBefore: String?
    var digestAfter: String?
  }

  struct Metric: Encodable {
    var metric: String
    var before: Double?
    var after: Double?
  }

  var asset: String
  var kind: AssetKind
  var isDifferent: Bool
  var before: Side?
  var after: Side?
  var columns: [Column]
  var columnsWithOtherValues: [String]?
  var rows: RowDiffDocument?
  var rowsAdded: Int?
  var rowsUpdated: Int?
  var rowsRemoved: Int?
  var rowsUnknown: AssetDiff.Obstacle.RawValue?
  var files: [File]?
  var metrics: [Metric]?
  var result: ResultDocument?
  var leftOut: Bool?

  init(_ diff: AssetDiff) {
    let isTried = diff.result != nil
    asset = diff.asset.name
    kind = diff.kind
    isDifferent = diff.isDifferent
    before = diff.before.map { Side($0, isTried: false) }
    after = diff.after.map { Side($0, isTried: isTried) }
    columns = []
    if let old = diff.before?.product, let new = diff.after?.product {
      columns = new.columnChanges(since: old).map(Column.init)
      columnsWithOtherValues = new.changedColumns(since: old)
    }
    rows = diff.rows.map(RowDiffDocument.init)
    rowsAdded = diff.merged?.added
    rowsUpdated = diff.merged?.updated
    rowsRemoved = diff.merged?.removed
    rowsUnknown = diff.obstacle?.rawValue
    let new = diff.after?.product
    if new?.files != nil {
      files = new?.fileChanges(since: diff.before?.product).map {
        File(
          file: $0.path, digestBefore: $0.before?.rawValue, digestAfter: $0.after?.rawValue)
      }
    }
    if new?.metrics != nil {
      metrics = new?.metricChanges(since: diff.before?.product).map {
        Metric(metric: $0.metric, before: $0.before, after: $0.after)
      }
    }
    result = diff.isLeftOut ? nil : diff.result.map { ResultDocument($0) }
    leftOut = diff.isLeftOut ? true : nil
  }
}

private struct RowDiffDocument: Encodable {
  struct Column: Encodable {
    var column: String
    var rows: Int
  }

  struct Cell: Encodable {
    var column: String
    var before: CellDocument
    var after: CellDocument
    /// The types of the values, where they are not the same.
    var typeBefore: String?
    var typeAfter: String?

    init(_ cell: DiffSample.ChangedCell) {
      column = cell.column
      before = CellDocument(cell.before)
      after = CellDocument(cell.after)
      let types = (cell.before.typeName, cell.after.typeName)
      if types.0 != types.1 { (typeBefore, typeAfter) = types }
    }
  }

  struct Change: Encodable {
    var key: [CellDocument]
    var cells: [Cell]
  }

  struct Rows: Encodable {
    var columns: [String]
    var rows: [[CellDocument]]
  }

  struct Sample: Encodable {
    var changed: [Change]
    var added: Rows
    var removed: Rows
  }

  var key: [String]
  var added: Int
  var removed: Int
  var changed: Int
  var same: Int
  var changedByColumn: [Column]
  var sample: Sample

  init(_ diff: RowDiff) {
    key = diff.key
    added = diff.added
    removed = diff.removed
    changed = diff.changed
    same = diff.same
    changedByColumn = diff.columns.map { Column(column: $0.column, rows: $0.rows) }
    let rows = diff.sample
    sample = Sample(
      changed: rows.changed.map {
        Change(key: $0.key.map(CellDocument.init), cells: $0.cells.map(Cell.init))
      },
      added: Rows(
        columns: rows.addedColumns, rows: rows.added.map { $0.map(CellDocument.init) }),
      removed: Rows(
        columns: rows.removedColumns, rows: rows.removed.map { $0.map(CellDocument.init) }))
  }
}

extension Cell {
  fileprivate var typeName: String {
    switch self {
    case .null: "null"
    case .integer: "integer"
    case .real: "real"
    case .text: "text"
    case .blob: "blob"
    }
  }
}
