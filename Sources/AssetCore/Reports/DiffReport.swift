/// What materializations changed, or what the next ones would.
package struct DiffReport: Equatable, Sendable {
  package var project: String
  /// Whether nothing was published, since it was only tried out.
  package var isTrial: Bool
  /// Inputs before readers.
  package var entries: [AssetDiff]

  package init(project: String, isTrial: Bool = false, entries: [AssetDiff]) {
    self.project = project
    self.isTrial = isTrial
    self.entries = entries
  }
}

/// What is otherwise in an asset after a publish than before it.
package struct AssetDiff: Equatable, Sendable {
  /// Why the rows were not compared one by one.
  package enum Obstacle: String, Equatable, Sendable {
    /// The rows before, or those after, are not kept any more.
    case notKept = "not_kept"
    /// It is a view, whose rows are those of its inputs.
    case view
  }

  package var asset: AssetKey
  package var kind: AssetKind
  /// `nil` if nothing was published before.
  package var before: Materialization?
  /// `nil` if nothing came out.
  package var after: Materialization?
  /// What came of trying it out; `nil` of what was published.
  package var result: StepResult?
  /// Whether it was not tried out, because programs are not.
  package var isLeftOut = false
  /// The rows that were compared; `nil` if that was not possible or not needed.
  package var rows: RowDiff?
  package var obstacle: Obstacle?
  /// What the materialization did to the rows that were there, of a table that went on from them.
  package var merged: RowChanges?
  /// What keeping versions was set to.
  package var keptVersions: Int

  package init(
    of asset: Asset, before: Materialization? = nil, after: Materialization? = nil,
    result: StepResult? = nil
  ) {
    self.asset = asset.key
    kind = asset.kind
    keptVersions = asset.policy.keptVersions
    self.before = before
    self.after = after
    self.result = result
  }

  /// Whether there is something else after than before.
  package var isDifferent: Bool {
    if result?.partitions != nil { return result?.outcome == .materialized }
    guard let after else { return false }
    return before?.product.digest != after.product.digest
  }

  /// Whether nothing came out of trying it.
  package var hasFailed: Bool {
    after == nil && (result?.partitions == nil || result?.outcome == .failed)
  }
}

/// How the rows of two tables differ.
///
/// Rows are multisets: of two equal rows of which one is gone, one is removed. Values are compared with
/// their types, so that `1`, `1.0` and `'1'` are three.
package struct RowDiff: Equatable, Sendable {
  /// How many rows have another value in a column.
  package struct ColumnCount: Equatable, Sendable {
    package var column: String
    package var rows: Int

    package init(_ column: String, rows: Int) {
      self.column = column
      self.rows = rows
    }
  }

  /// The columns that rows were paired by; empty if none were paired.
  package var key: [String]
  package var added: Int
  package var removed: Int
  package var changed: Int
  /// The rows that both have.
  package var same: Int
  /// The columns in which values changed, in the table's order.
  package var columns: [ColumnCount]
  package var sample: DiffSample

  package init(
    key: [String], added: Int, removed: Int, changed: Int, same: Int, columns: [ColumnCount],
    sample: DiffSample
  ) {
    self.key = key
    self.added = added
    self.removed = removed
    self.changed = changed
    self.same = same
    self.columns = columns
    self.sample = sample
  }
}

/// Some of the rows in which two tables differ.
package struct DiffSample: Equatable, Sendable {
  /// A row with the same key and other values.
  package struct Change: Equatable, Sendable {
    /// The values of the key.
    package var key: [Cell]
    package var cells: [ChangedCell]

    package init(key: [Cell], cells: [ChangedCell]) {
      self.key = key
      self.cells = cells
    }
  }

  /// A value that changed.
  package struct ChangedCell: Equatable, Sendable {
    package var column: String
    package var before: Cell
    package var after: Cell

    package init(column: String, before: Cell, after: Cell) {
      self.column = column
      self.before = before
      self.after = after
    }
  }

  package var changed: [Change] = []
  package var addedColumns: [String] = []
  package var added: [[Cell]] = []
  package var removedColumns: [String] = []
  package var removed: [[Cell]] = []

  package init() {}
}

extension DiffSample {
  private static let mask = Cell.text("•••")

  /// The sample without the values of the given columns.
  package func masking(_ columns: [String], key: [String]) -> DiffSample {
    let hidden = Set(columns.map(\.caseFolded))
    guard !hidden.isEmpty else { return self }
    func masked(_ row: [Cell], _ names: [String]) -> [Cell] {
      zip(row, names).map { cell, name in
        hidden.contains(name.caseFolded) && cell != .null ? Self.mask : cell
      }
    }
    var sample = self
    sample.added = added.map { masked($0, addedColumns) }
    sample.removed = removed.map { masked($0, removedColumns) }
    sample.changed = changed.map { change in
      var change = change
      change.key = masked(change.key, key)
      change.cells = change.cells.map { cell in
        let values = masked([cell.before, cell.after], [cell.column, cell.column])
        return ChangedCell(column: cell.column, before: values[0], after: values[1])
      }
      return change
    }
    return sample
  }

  /// The sample with each value replaced.
  package func mapping(_ replace: (Cell) -> Cell) -> DiffSample {
    var sample = self
    sample.added = added.map { $0.map(replace) }
    sample.removed = removed.map { $0.map(replace) }
    sample.changed = changed.map { change in
      Change(
        key: change.key.map(replace),
        cells: change.cells.map {
          ChangedCell(column: $0.column, before: replace($0.before), after: replace($0.after))
        })
    }
    return sample
  }
}
