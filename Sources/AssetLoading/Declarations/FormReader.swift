import AssetCore

/// Reads how the table of a query comes to be: `materialized:` and what goes with it.
struct FormReader {
  let settings: Settings
  let log: ProblemLog
  /// Whether the query reads the table that it makes, so that it needs no cursor.
  var readsItself = false

  private static let incrementalKeys = ["strategy", "cursor", "on_schema_change"]
  private static let snapshotKeys = ["check_columns", "updated_at", "hard_deletes"]
  static let keys = Set(incrementalKeys + snapshotKeys + ["unique_key"])

  func form() -> QueryRecipe.Form {
    let known = Materialized.allCases.filter { $0 != .seed }.map(\.rawValue)
    let materialized = settings.choice("materialized", of: known)
    let isIncremental = materialized == "incremental"
    let isSnapshot = materialized == "snapshot"
    if !isIncremental { refuse(Self.incrementalKeys, beside: "materialized: incremental") }
    if !isSnapshot { refuse(Self.snapshotKeys, beside: "materialized: snapshot") }
    if !isIncremental, !isSnapshot {
      refuse(["unique_key"], beside: "materialized: incremental` or `snapshot")
    }
    if isIncremental { return incremental().map { .incremental($0) } ?? .table }
    if isSnapshot { return .snapshot(snapshot()) }
    return materialized == "view" ? .view : .table
  }

  private func refuse(_ keys: [String], beside other: String) {
    for key in keys where settings.has(key) {
      log.add(.settingNeeds(key, other, at: settings.place(of: key)))
    }
  }

  private func incremental() -> IncrementalRule? {
    let key = uniqueKey()
    let chosen = settings.choice("strategy", of: IncrementalRule.Strategy.allCases.map(\.rawValue))
      .flatMap(IncrementalRule.Strategy.init(rawValue:))
    let strategy = chosen ?? (key.isEmpty ? .append : .upsert)
    if strategy == .append, !key.isEmpty {
      log.add(
        .conflictingSettings("strategy: append", "unique_key", at: settings.place(of: "unique_key"))
      )
    } else if strategy != .append, key.isEmpty {
      log.add(
        .missingSetting(
          "unique_key", of: "`strategy: \(strategy.rawValue)`", at: settings.place(of: "strategy")))
    }
    let change = settings.choice(
      "on_schema_change", of: IncrementalRule.SchemaChange.allCases.map(\.rawValue)
    ).flatMap(IncrementalRule.SchemaChange.init(rawValue:))
    let needsCursor = !readsItself || settings.has("cursor")
    let cursor = needsCursor ? cursor() : nil
    if needsCursor, cursor == nil { return nil }
    return IncrementalRule(
      strategy: strategy, uniqueKey: key, cursor: cursor, onSchemaChange: change ?? .fullRefresh)
  }

  private func cursor() -> IncrementalRule.Cursor? {
    guard let text = settings.required("cursor", of: "`materialized: incremental`") else {
      return nil
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), let column = parts.last, !column.isEmpty else {
      log.add(.badCursor(text, at: settings.valuePlace(of: "cursor")))
      return nil
    }
    guard parts.count == 2 else { return IncrementalRule.Cursor(column: column) }
    guard let input = AssetKey(parts[0]) else {
      log.add(.badCursor(text, at: settings.valuePlace(of: "cursor")))
      return nil
    }
    return IncrementalRule.Cursor(input: input, column: column)
  }

  private func snapshot() -> SnapshotRule {
    let key = uniqueKey()
    if key.isEmpty {
      log.add(
        .missingSetting(
          "unique_key", of: "`materialized: snapshot`", at: settings.place(of: "materialized")))
    }
    if settings.has("check_columns"), settings.has("updated_at") {
      log.add(
        .conflictingSettings("check_columns", "updated_at", at: settings.place(of: "updated_at")))
    }
    return SnapshotRule(
      uniqueKey: key, comparison: comparison(),
      endsDeleted: settings.choice("hard_deletes", of: ["ignore", "invalidate"]) == "invalidate")
  }

  private func comparison() -> SnapshotRule.Comparison {
    if let column = settings.text("updated_at") { return .updatedAt(column) }
    guard settings.has("check_columns") else { return .allColumns }
    if !settings.isList("check_columns"), settings.text("check_columns") == "all" {
      return .allColumns
    }
    let columns = columns("check_columns")
    if columns.isEmpty {
      log.add(
        .wrongType(
          setting: "check_columns", expected: "`all` or a list of columns",
          at: settings.valuePlace(of: "check_columns")))
    }
    return .columns(columns)
  }

  private func uniqueKey() -> [String] {
    let key = columns("unique_key")
    if settings.has("unique_key"), key.isEmpty {
      log.add(
        .wrongType(
          setting: "unique_key", expected: "a column or a list of columns",
          at: settings.place(of: "unique_key")))
    }
    return key
  }

  /// The columns of a setting; one that is named twice is a problem.
  private func columns(_ key: String) -> [String] {
    var seen: Set<String> = []
    return (settings.texts(key) ?? []).filter { column in
      let isNew = seen.insert(column.text.caseFolded).inserted
      if !isNew { log.add(.duplicateSetting(column.text, at: column.place)) }
      return isNew
    }.map(\.text)
  }
}

extension QueryRecipe.Form {
  /// The cursor of an incremental table.
  var cursor: IncrementalRule.Cursor? {
    if case .incremental(let rule) = self { rule.cursor } else { nil }
  }

  /// What of the form is part of the definition beside `materialized`.
  var fields: [CanonicalForm.Field] {
    switch self {
    case .table, .view: return []
    case .incremental(let rule):
      let cursor = rule.cursor.map { cursor in
        (cursor.input.map { $0.name.lowercased() + "." } ?? "") + cursor.column.caseFolded
      }
      return [.init("strategy", rule.strategy.rawValue)]
        + rule.uniqueKey.map { .init("unique_key", $0.caseFolded) }
        + [cursor.map { .init("cursor", $0) }].compactMap(\.self)
        + [.init("on_schema_change", rule.onSchemaChange.rawValue)]
    case .snapshot(let rule):
      var fields = rule.uniqueKey.map { CanonicalForm.Field("unique_key", $0.caseFolded) }
      switch rule.comparison {
      case .allColumns: fields.append(.init("check_columns", "all"))
      case .columns(let columns):
        fields += columns.map { .init("check_column", $0.caseFolded) }
      case .updatedAt(let column): fields.append(.init("updated_at", column.caseFolded))
      }
      return fields + [.init("hard_deletes", rule.endsDeleted ? "invalidate" : "ignore")]
    }
  }
}
