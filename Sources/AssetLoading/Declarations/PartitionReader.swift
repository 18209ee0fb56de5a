import AssetCore
import AssetSQL

/// Reads `partitions:`, and the `window:` of an input.
struct PartitionReader {
  let log: ProblemLog
  let dialect: SQLDialect

  /// How a column may write moments by numbers.
  static let formats: [String: PartitionTime.Bounds] = [
    "epoch": .seconds, "epoch_ms": .milliseconds,
  ]

  static func format(of bounds: PartitionTime.Bounds) -> String? {
    formats.first { $0.value == bounds }?.key
  }

  /// The partitions of an asset, if it has any.
  func partitions(_ settings: Settings, of body: Declaration.Body) -> PartitionsDeclaration? {
    guard !settings.isEmpty("partitions") else { return nil }
    var declaration = PartitionsDeclaration(place: settings.place(of: "partitions"))
    guard let partitions = settings.mapping("partitions") else { return declaration }
    partitions.expect(["column", "every", "start", "end", "format", "values"])
    checkForm(settings, of: body)
    let column = column(partitions, of: body)
    let division =
      partitions.has("values")
      ? values(partitions).map(PartitionScheme.Division.values)
      : time(partitions).map(PartitionScheme.Division.time)
    if let column, let division {
      declaration.scheme = PartitionScheme(column: column, division)
    }
    return declaration
  }

  /// The column by which the table is cut; for values it may be the one that the query compares with them.
  private func column(_ settings: Settings, of body: Declaration.Body) -> String? {
    if settings.isEmpty("column"), settings.has("values"), case .query(let query) = body,
      let column = columnOfPartitionKey(in: query.text, dialect: dialect)
    {
      return column
    }
    return settings.required("column", of: "`partitions`")
  }

  /// Only tables whose parts can be made one by one have partitions.
  private func checkForm(_ settings: Settings, of body: Declaration.Body) {
    let place = settings.place(of: "partitions")
    switch body {
    case .program(let program) where program.product != .table:
      log.add(.partitionsNeedTable(at: place))
    case .query:
      guard let form = settings.text("materialized"), form != "table" else { return }
      log.add(.conflictingSettings("materialized: \(form)", "partitions", at: place))
    default: break
    }
  }

  // MARK: Time

  private func time(_ settings: Settings) -> PartitionTime? {
    guard settings.required("every", of: "`partitions`") != nil,
      let every = settings.choice("every", of: PartitionUnit.allCases.map(\.rawValue))
        .flatMap(PartitionUnit.init(rawValue:)),
      let start = settings.required("start", of: "`partitions`")
    else { return nil }
    let numbers = settings.choice("format", of: Self.formats.keys.sorted())
      .flatMap { Self.formats[$0] }
    let end = settings.text("end")
    do throws(PartitionError) {
      return try PartitionTime(every: every, start: start, end: end, numbers: numbers)
    } catch {
      var key = "start"
      switch error {
      case .malformed(let text, _, _) where text == end && text != start: key = "end"
      case .reversed: key = "end"
      default: break
      }
      log.add(.partitions(error, at: settings.valuePlace(of: key)))
      return nil
    }
  }

  // MARK: Values

  private func values(_ settings: Settings) -> [VarValue]? {
    for key in ["every", "start", "end", "format"] where settings.has(key) {
      log.add(.conflictingSettings("values", key, at: settings.place(of: key)))
    }
    let before = log.problems.count
    var values: [VarValue] = []
    var known: Set<String> = []
    for item in settings.items("values") {
      guard case .scalar(let text, let isPlain) = item.value else {
        log.add(
          .wrongType(setting: "values", expected: "a list of values", at: item.valuePlace))
        continue
      }
      let value = VarValue(yaml: text, isPlain: isPlain)
      let reason =
        fault(of: value)
        ?? (known.insert(value.text.caseFolded).inserted
          ? nil : "it is there twice, as case does not count")
      if let reason {
        log.add(.badPartitionValue(text, reason: reason, at: item.valuePlace))
      }
      values.append(value)
    }
    if values.isEmpty, log.problems.count == before {
      log.add(
        .wrongType(
          setting: "values", expected: "a list of values", at: settings.valuePlace(of: "values")))
    }
    return log.problems.count == before ? values : nil
  }

  /// Why a value has no name under which a partition could be found.
  private func fault(of value: VarValue) -> String? {
    switch value {
    case .integer: nil
    case .text(""): "it is empty"
    case .text(let text):
      text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        ? "it has a character that cannot be written" : nil
    case .null: "it is nothing"
    case .boolean, .real: "it is neither a text nor a whole number"
    }
  }

  // MARK: Windows

  /// The `window:` of an input.
  func window(_ input: Settings) -> InputWindow? {
    guard !input.isEmpty("window") else { return nil }
    guard input.isMapping("window"), let window = input.mapping("window") else {
      if !input.isList("window"), input.text("window") == "all" { return InputWindow(.all) }
      log.add(
        .wrongType(
          setting: "window", expected: "`all` or a mapping such as `{before: 1}`",
          at: input.valuePlace(of: "window")))
      return nil
    }
    window.expect(["before", "after", "column"])
    return InputWindow(
      .around(before: count("before", in: window), after: count("after", in: window)),
      column: window.text("column"))
  }

  private func count(_ key: String, in settings: Settings) -> Int {
    guard let text = settings.text(key) else { return 0 }
    if let count = Int(text), 0...1_000_000 ~= count { return count }
    log.add(
      .wrongType(
        setting: key, expected: "a whole number of partitions", at: settings.valuePlace(of: key)))
    return 0
  }
}
