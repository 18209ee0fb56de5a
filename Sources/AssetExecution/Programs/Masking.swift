package import AssetCore

// What leaves the warehouse, or is told of a step, without secrets.

extension SecretMask {
  /// A value of a row without secrets.
  package func masked(_ cell: Cell) -> Cell {
    if case .text(let text) = cell { .text(masked(text)) } else { cell }
  }
}

extension StepResult {
  /// The same without secrets.
  func masked(by mask: SecretMask) -> StepResult {
    guard !mask.isEmpty else { return self }
    var result = self
    result.failure = failure?.masked(by: mask)
    result.warnings = warnings.map { $0.masked(by: mask) }
    result.checks = checks.map { $0.masked(mask.masked) }
    return result
  }
}

extension Diagnostic {
  fileprivate func masked(by mask: SecretMask) -> Diagnostic {
    var diagnostic = self
    diagnostic.summary = mask.masked(summary)
    diagnostic.facts = facts.map { .init(mask.masked($0.label), mask.masked($0.text)) }
    diagnostic.hint = hint.map(mask.masked)
    return diagnostic
  }
}

extension CheckResult {
  /// The same with each text changed.
  package func masked(_ mask: (String) -> String) -> CheckResult {
    var check = self
    check.name = mask(name)
    check.message = message.map(mask)
    check.metadata = metadata.masked(mask)
    check.sample = sample.map { sample in
      RowSample(
        columns: sample.columns.map(mask), rows: sample.rows.map { $0.map { $0.masked(mask) } })
    }
    return check
  }
}

extension MetadataValue {
  fileprivate func masked(_ mask: (String) -> String) -> MetadataValue {
    switch self {
    case .text(let text): .text(mask(text))
    case .list(let values): .list(values.map { $0.masked(mask) })
    case .object(let values): .object(values.masked(mask))
    case .null, .boolean, .integer, .number: self
    }
  }
}

extension Metadata {
  /// The same with each text changed, labels too; of labels that become one the first is kept.
  func masked(_ mask: (String) -> String) -> Metadata {
    Metadata(
      sorted { $0.key < $1.key }.map { (mask($0.key), $0.value.masked(mask)) }
    ) { first, _ in first }
  }
}
