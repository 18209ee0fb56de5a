import AssetCore
import AssetSQL

/// Reads entries of `checks:`, under an asset or under one of its columns.
///
/// An entry is the name of an assertion, alone or with what it needs: `not_null`, `unique: [a, b]`,
/// `range: {column: a, min: 0}`. Options stand beside the assertion or within it.
struct CheckReader {
  let log: ProblemLog
  let dialect: SQLDialect
  /// The column that stands above; `nil` for the checks of the asset.
  var column: String?

  private static let options: Set<String> = [
    "name", "severity", "where", "warn_if", "error_if",
  ]
  private static let kinds = [
    "unique", "not_null", "accepted_values", "relationships", "expression", "row_count", "range",
    "matches", "freshness", "sql", "metric", "anomaly",
  ]
  /// Assertions about one column, which may stand under it.
  private static let columnKinds: Set<String> = [
    "unique", "not_null", "accepted_values", "relationships", "range", "matches", "freshness",
  ]

  /// The checks under the key of some settings.
  func checks(_ settings: Settings) -> [CheckDeclaration] {
    settings.items("checks").flatMap { item -> [CheckDeclaration] in
      switch item.value {
      case .scalar(let kind, _):
        return check(kind, .nothing, beside: nil, at: item.valuePlace)
      case .mapping(let entry):
        let named = entry.keys.filter { !Self.options.contains($0) }
        guard let kind = named.first else {
          log.add(.missingSetting("unique", of: "the check", at: item.valuePlace))
          return []
        }
        for other in named.dropFirst() {
          log.add(
            Self.kinds.contains(other)
              ? .conflictingSettings(kind, other, at: entry.place(of: other))
              : .unknownSetting(
                other, at: entry.place(of: other),
                nearest: nearestName(to: other, in: Self.options)))
        }
        let body = entry.entries().first { $0.key == kind }
        return check(kind, body?.value ?? .nothing, beside: entry, at: entry.place(of: kind))
      case .list, .nothing:
        log.add(.wrongType(setting: "checks", expected: "a list of checks", at: item.valuePlace))
        return []
      }
    }
  }

  private func check(
    _ kind: String, _ body: Settings.Entry.Value, beside entry: Settings?, at place: Place
  ) -> [CheckDeclaration] {
    let known = column == nil ? Set(Self.kinds) : Self.columnKinds
    guard known.contains(kind) else {
      log.add(.unknownValue(kind, setting: "checks", known: known.sorted(), at: place))
      return []
    }
    let inner: Settings? = if case .mapping(let settings) = body { settings } else { nil }
    let form = Form(kind: kind, body: body, settings: inner, beside: entry, place: place)
    let assertions = assertions(form)
    let filter = option("where", form) { settings in
      settings.text("where").flatMap { expression($0, at: settings.valuePlace(of: "where")) }
    }
    let severity = option("severity", form) { $0.choice("severity", of: ["error", "warn"]) }
    return assertions.map { made in
      CheckDeclaration(
        name: option("name", form) { $0.text("name") }, assertion: made.assertion, text: made.text,
        file: made.file, filter: filter, severity: severity == "warn" ? .warn : .error,
        errorIf: option("error_if", form) { condition("error_if", $0) },
        warnIf: option("warn_if", form) { condition("warn_if", $0) }, place: place)
    }
  }

  /// One entry of `checks:`, taken apart.
  struct Form {
    var kind: String
    var body: Settings.Entry.Value
    /// The body, if it is a mapping; that of a metric holds its name.
    var settings: Settings?
    /// The entry around it.
    var beside: Settings?
    var place: Place
  }

  /// An assertion with its texts.
  struct Made {
    var assertion: Check.Assertion
    var text: CheckSource?
    var file: PlacedText?
  }

  private func option<T>(_ key: String, _ form: Form, _ read: (Settings) -> T?) -> T? {
    if let beside = form.beside, beside.has(key) { return read(beside) }
    // The name within these is not the check's.
    if key == "name", ["metric", "anomaly"].contains(form.kind) { return nil }
    return form.settings.flatMap { $0.has(key) ? read($0) : nil }
  }

  private func condition(_ key: String, _ settings: Settings) -> CountCondition? {
    guard let text = settings.text(key) else { return nil }
    if let condition = CountCondition(text) { return condition }
    log.add(
      .wrongType(
        setting: key, expected: "a condition such as \"> 10\"", at: settings.valuePlace(of: key)))
    return nil
  }

  private func expression(_ text: String, at place: Place) -> CheckSource? {
    do {
      return try .expression(text, at: place, dialect)
    } catch {
      log.add(error)
      return nil
    }
  }
}

// MARK: - Assertions

extension CheckReader {
  private func assertions(_ form: Form) -> [Made] {
    switch form.kind {
    case "unique": return columns(form).map { [Made(assertion: .unique($0))] } ?? []
    case "not_null": return (columns(form) ?? []).map { Made(assertion: .notNull($0)) }
    case "accepted_values": return one(acceptedValues(form))
    case "relationships": return one(relationships(form))
    case "expression": return one(expression(form))
    case "row_count": return one(rowCount(form))
    case "range": return one(range(form))
    case "matches": return one(matches(form))
    case "freshness": return one(freshness(form))
    case "sql": return one(sql(form))
    case "metric": return one(metric(form))
    default: return one(anomaly(form))
    }
  }

  private func one(_ made: Made?) -> [Made] { made.map { [$0] } ?? [] }

  private func expect(_ form: Form, _ keys: Set<String>) {
    form.settings?.expect(keys.union(Self.options).union(column == nil ? ["column"] : []))
  }

  /// The columns that an assertion is about: that which stands above, or those that it names.
  private func columns(_ form: Form) -> [String]? {
    if let column {
      expect(form, [])
      return [column]
    }
    if case .scalar(let name, _) = form.body { return [name] }
    if case .list = form.body, let names = form.beside?.texts(form.kind), !names.isEmpty {
      return names.map(\.text)
    }
    form.settings?.expect(Self.options.union(["column", "columns"]))
    if let names = form.settings?.texts("columns") ?? form.settings?.texts("column"),
      !names.isEmpty
    {
      return names.map(\.text)
    }
    log.add(.missingSetting("columns", of: "the check `\(form.kind)`", at: form.place))
    return nil
  }

  /// The one column of an assertion that takes further settings.
  private func column(of form: Form) -> String? {
    if let column { return column }
    if let name = form.settings?.text("column") { return name }
    log.add(.missingSetting("column", of: "the check `\(form.kind)`", at: form.place))
    return nil
  }

  private func acceptedValues(_ form: Form) -> Made? {
    expect(form, ["values", "quote"])
    let isQuoted = form.settings?.choice("quote", of: ["true", "false"])
    let holder: (Settings, String)? =
      if let settings = form.settings {
        (settings, "values")
      } else if case .list = form.body, let beside = form.beside {
        (beside, form.kind)
      } else {
        nil
      }
    let values = holder.map { $0.0.scalars($0.1) } ?? []
    guard let name = column(of: form) else { return nil }
    guard !values.isEmpty else {
      log.add(.missingSetting("values", of: "the check `accepted_values`", at: form.place))
      return nil
    }
    return Made(
      assertion: .acceptedValues(
        name,
        values.compactMap { value in
          guard let text = value.text else { return nil }
          return isQuoted == "true" || !value.isPlain
            ? .text(text) : VarValue(yaml: text, isPlain: true)
        }))
  }

  private func relationships(_ form: Form) -> Made? {
    expect(form, ["to", "field"])
    var target: String? = form.settings?.text("to")
    if form.settings == nil, case .scalar(let text, _) = form.body { target = text }
    guard let name = column(of: form) else { return nil }
    let parts = (target ?? "").split(separator: ".", maxSplits: 1).map(String.init)
    let field = form.settings?.text("field") ?? (parts.count == 2 ? parts[1] : nil)
    guard let other = parts.first, let key = AssetKey(other), let field else {
      log.add(
        .wrongType(
          setting: "relationships",
          expected: "an asset and a column, such as `to: airlines.carrier`", at: form.place))
      return nil
    }
    return Made(assertion: .relationships(name, to: key, field: field))
  }

  private func expression(_ form: Form) -> Made? {
    expect(form, ["expression"])
    var place = form.place
    var text: String?
    if case .scalar(let written, _) = form.body {
      text = written
      place = form.beside?.valuePlace(of: form.kind) ?? place
    } else if let settings = form.settings {
      text = settings.text("expression")
      place = settings.valuePlace(of: "expression")
    }
    guard let text else {
      log.add(.missingSetting("expression", of: "the check `expression`", at: form.place))
      return nil
    }
    return expression(text, at: place).map {
      Made(assertion: .expression(CheckText("")), text: $0)
    }
  }

  private func rowCount(_ form: Form) -> Made? {
    expect(form, ["min", "max", "equals"])
    guard let settings = form.settings,
      ["min", "max", "equals"].contains(where: settings.has)
    else {
      log.add(.missingSetting("min", of: "the check `row_count`", at: form.place))
      return nil
    }
    var other: AssetKey?
    if let text = settings.text("equals") {
      other = AssetKey(text)
      if other == nil { log.add(.badName(text, at: settings.valuePlace(of: "equals"))) }
    }
    let least = settings.rowCount("min")
    let most = settings.rowCount("max")
    if let least, let most, least > most {
      log.add(.conflictingSettings("min: \(least)", "max: \(most)", at: settings.place(of: "max")))
    }
    return Made(assertion: .rowCount(min: least, max: most, equals: other))
  }

  private func range(_ form: Form) -> Made? {
    expect(form, ["min", "max", "inclusive"])
    guard let name = column(of: form) else { return nil }
    guard let settings = form.settings, settings.has("min") || settings.has("max") else {
      log.add(.missingSetting("min", of: "the check `range`", at: form.place))
      return nil
    }
    let least = settings.plainValue("min")
    let most = settings.plainValue("max")
    if let low = least?.number, let high = most?.number, low > high {
      log.add(
        .conflictingSettings(
          "min: \(least?.text ?? "")", "max: \(most?.text ?? "")", at: settings.place(of: "max")))
    }
    let isInclusive = settings.choice("inclusive", of: ["true", "false"]) != "false"
    return Made(assertion: .range(name, min: least, max: most, isInclusive: isInclusive))
  }

  private func matches(_ form: Form) -> Made? {
    expect(form, ["pattern"])
    var pattern: String? = form.settings?.text("pattern")
    if form.settings == nil, case .scalar(let text, _) = form.body { pattern = text }
    guard let name = column(of: form) else { return nil }
    guard let pattern else {
      log.add(.missingSetting("pattern", of: "the check `matches`", at: form.place))
      return nil
    }
    do {
      _ = try Regex(pattern)
    } catch {
      log.add(
        .wrongType(
          setting: "pattern", expected: "a regular expression (\(error))", at: form.place))
    }
    return Made(assertion: .matches(name, pattern: pattern))
  }

  private func freshness(_ form: Form) -> Made? {
    expect(form, ["column", "warn_after", "error_after"])
    guard let name = column(of: form), let settings = form.settings else {
      if form.settings == nil {
        log.add(.missingSetting("error_after", of: "the check `freshness`", at: form.place))
      }
      return nil
    }
    var expected = FreshnessReader(log: log).limits(settings)
    expected.column = name
    return Made(assertion: .freshness(expected))
  }

  private func sql(_ form: Form) -> Made? {
    expect(form, ["query", "file"])
    var text: String?
    var place = form.place
    if case .scalar(let written, _) = form.body {
      text = written
      place = form.beside?.valuePlace(of: form.kind) ?? place
    } else if let settings = form.settings {
      let key = settings.has("file") ? "file" : "query"
      text = settings.text(key)
      place = settings.valuePlace(of: key)
    }
    guard let text else {
      log.add(.missingSetting("query", of: "the check `sql`", at: form.place))
      return nil
    }
    if text.hasSuffix(".sql"), !text.contains("\n"), !text.contains(" ") {
      return Made(
        assertion: .sql(CheckText("")), file: PlacedText(text: text, place: place))
    }
    do {
      let source = try CheckSource.query(text, at: place, dialect)
      return Made(assertion: .sql(CheckText("")), text: source)
    } catch {
      log.add(error)
      return nil
    }
  }

  private func metric(_ form: Form) -> Made? {
    form.settings?.expect(["name", "min", "max", "severity"])
    guard let settings = form.settings, let name = settings.required("name", of: "the check") else {
      if form.settings == nil {
        log.add(
          .wrongType(
            setting: "metric", expected: "a mapping such as `{name: rmse, max: 12.5}`",
            at: form.place))
      }
      return nil
    }
    let least = settings.number("min")
    let most = settings.number("max")
    if !settings.has("min"), !settings.has("max") {
      log.add(.missingSetting("max", of: "the check", at: settings.place))
    }
    if let least, let most, least > most {
      log.add(
        .conflictingSettings(
          "min: \(settings.text("min") ?? "")", "max: \(settings.text("max") ?? "")",
          at: settings.place(of: "max")))
    }
    return Made(assertion: .metric(MetricBounds(metric: name, min: least, max: most)))
  }

  private func anomaly(_ form: Form) -> Made? {
    form.settings?.expect(["of", "column", "metric", "tolerance", "window", "severity"])
    guard let settings = form.settings,
      let of = settings.required("of", of: "the check `anomaly`")
    else { return nil }
    let known = ["row_count", "duration", "null_share", "mean", "metric"]
    let measure: AnomalyBounds.Measure?
    switch of {
    case "row_count": measure = .rowCount
    case "duration": measure = .duration
    case "null_share": measure = settings.required("column", of: "the check").map { .nullShare($0) }
    case "mean": measure = settings.required("column", of: "the check").map { .mean($0) }
    case "metric": measure = settings.required("metric", of: "the check").map { .metric($0) }
    default:
      log.add(.unknownValue(of, setting: "of", known: known, at: settings.valuePlace(of: "of")))
      measure = nil
    }
    guard let measure else { return nil }
    var bounds = AnomalyBounds(of: measure)
    if let tolerance = settings.number("tolerance") {
      bounds.tolerance = tolerance
      if tolerance <= 0 {
        log.add(
          .wrongType(
            setting: "tolerance", expected: "a number above 0",
            at: settings.valuePlace(of: "tolerance")))
      }
    }
    if let window = settings.count("window", atLeast: AnomalyBounds.fewest) {
      bounds.window = window
    }
    return Made(assertion: .anomaly(bounds))
  }
}

extension Settings {
  /// A number of rows.
  fileprivate func rowCount(_ key: String) -> Int? {
    guard let text = text(key) else { return nil }
    if let count = Int(text), count >= 0 { return count }
    log.add(.wrongType(setting: key, expected: "a number of rows", at: valuePlace(of: key)))
    return nil
  }

  /// A value typed as YAML types it.
  fileprivate func plainValue(_ key: String) -> VarValue? {
    guard let entry = entries().first(where: { $0.key == key }),
      case .scalar(let text, let isPlain) = entry.value
    else { return nil }
    return VarValue(yaml: text, isPlain: isPlain, isRounded: true)
  }
}

extension VarValue {
  fileprivate var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .null, .boolean, .text: nil
    }
  }
}
