/// What is expected to become another in a table that a plan makes anew.
///
/// It is told to people, and nothing is decided by it: what really changed is known once the table is
/// there.
private enum ExpectedChange {
  case nothing
  /// The values of these columns, and whether also other rows may be there.
  case columns(Set<String>, rows: Bool)
  case everything

  var isNothing: Bool { if case .nothing = self { true } else { false } }

  /// Whether a reader that reads this much would notice.
  func touches(_ consumption: Consumption) -> Bool {
    switch self {
    case .nothing: return false
    case .everything: return true
    case .columns(let changed, let rows):
      guard let (read, names) = consumption.lists else { return true }
      return rows || !changed.isDisjoint(with: read) || !changed.isDisjoint(with: names)
    }
  }
}

extension MaterializationPlan {
  /// The assets that wait for an input but are expected to stay fresh, since what they read of it is
  /// not expected to change.
  ///
  /// A table whose inputs changed in some columns is expected to change in the columns that are made
  /// of those; one that is made for any other reason, in all.
  ///
  /// - Parameters:
  ///   - assessor: What made the plan.
  ///   - catalog: Tells what the columns of the plan's tables are made of.
  /// - Returns: The keys in the order of the steps.
  package func expectedFresh(
    by assessor: Assessor, columns catalog: inout ColumnCatalog
  ) -> [AssetKey] {
    var changes: [AssetKey: ExpectedChange] = [:]
    var fresh: [AssetKey] = []
    // Of assets with partitions, those of which one is expected to change.
    var changedWholes: Set<AssetKey> = []
    for step in steps {
      if changedWholes.contains(step.key) {
        changes[step.key] = .everything
        continue
      }
      defer {
        if let change = changes[step.key], !change.isNothing {
          changedWholes.insert(step.key.asset)
        }
      }
      switch step.decision {
      case .materialize(let causes):
        changes[step.key] = change(of: step.key, for: causes, by: assessor, &catalog)
      case .materializeIfInputsChange(let causes):
        let touched = touchedInputs(of: step.key, for: causes, changes, by: assessor)
        if touched?.isEmpty == true {
          if step.key.partition == nil { fresh.append(step.key) }
          changes[step.key] = .nothing
        } else {
          changes[step.key] = change(of: step.key, after: touched, by: assessor, &catalog)
        }
      case .impossible: changes[step.key] = .everything
      }
    }
    return fresh
  }

  /// What is expected of an asset that is stale for these causes.
  private func change(
    of key: AssetKey, for causes: [StaleCause], by assessor: Assessor,
    _ catalog: inout ColumnCatalog
  ) -> ExpectedChange {
    var inputs: [AssetKey: Set<String>] = [:]
    for cause in causes {
      guard case .inputChanged(.asset(let input), let columns?) = cause,
        assessor.keepsRows(of: input, readBy: key)
      else { return .everything }
      inputs[input] = Set(columns)
    }
    return change(of: key, after: inputs, by: assessor, &catalog)
  }

  /// What is expected of an asset after columns of its inputs changed; `nil` stands for all columns.
  private func change(
    of key: AssetKey, after inputs: [AssetKey: Set<String>]?, by assessor: Assessor,
    _ catalog: inout ColumnCatalog
  ) -> ExpectedChange {
    guard let inputs, let columns = catalog.reading(of: key).columns,
      case .present(let content) = assessor.observations.observation(of: .asset(key)),
      let published = content.details?.columnsByName
    else { return .everything }
    func isChanged(_ column: AssetColumn) -> Bool {
      inputs[column.asset]?.contains(column.column) == true
    }
    let made = columns.filter { ($0.from + $0.influencedBy).contains(where: isChanged) }
    let names = Set(columns.map { $0.name.caseFolded })
    return .columns(
      Set(made.map { $0.name.caseFolded }).union(names.symmetricDifference(published.keys)),
      rows: columns.contains { $0.influencedBy.contains(where: isChanged) })
  }

  /// The columns that are expected to change of what a waiting asset reads; `nil` if that may be
  /// anything.
  private func touchedInputs(
    of key: AssetKey, for causes: [StaleCause], _ changes: [AssetKey: ExpectedChange],
    by assessor: Assessor
  ) -> [AssetKey: Set<String>]? {
    let recorded = assessor.history[key]?.last?.provenance.inputs
    var touched: [AssetKey: Set<String>] = [:]
    for input in causes.compactMap(\.pendingInput) {
      // What is there now has to be what was read, so that only the change to come counts.
      guard let read = recorded?[.asset(input)], let change = changes[input],
        case .present(let content) = assessor.observations.observation(of: .asset(input)),
        content[read.consumption] == read.digest
      else { return nil }
      guard change.touches(read.consumption) else { continue }
      guard case .columns(let columns, rows: false) = change else { return nil }
      touched[input] = columns
    }
    return touched
  }
}

extension Assessor {
  /// Whether an input has as many rows as when the asset read it last.
  fileprivate func keepsRows(of input: AssetKey, readBy key: AssetKey) -> Bool {
    guard let before = history[key]?.last?.provenance.inputs[.asset(input)]?.details,
      case .present(let content) = observations.observation(of: .asset(input)),
      let now = content.details
    else { return false }
    let rows: Int? = now.rows
    return rows != nil && before.rows == rows
  }
}

extension StaleCause {
  fileprivate var pendingInput: AssetKey? {
    if case .inputStale(let key) = self { key } else { nil }
  }
}
