import AssetCore

/// Reads the rows of a test: what stands behind an input's name, or behind `expect:`.
struct TestRowsReader {
  let folder: ProjectFolder
  let log: ProblemLog

  /// The rows under a key: a list of rows, CSV, or a mapping with `rows:` or `file:` and `columns:`.
  func rows(_ key: String, of settings: Settings) -> TestRows? {
    let place = settings.valuePlace(of: key)
    if settings.isList(key) { return table(settings.mappings(key), [], at: place) }
    if settings.isMapping(key) {
      return settings.mapping(key).flatMap { described($0, at: place) }
    }
    return csv(key, of: settings, [], at: place)
  }

  private func described(_ settings: Settings, at place: Place) -> TestRows? {
    let count = log.problems.count
    settings.expect(["rows", "file", "columns"])
    let columns = self.columns(settings)
    if settings.has("rows"), settings.has("file") {
      log.add(.conflictingSettings("rows", "file", at: settings.place(of: "file")))
      return nil
    }
    if settings.isList("rows") { return table(settings.mappings("rows"), columns, at: place) }
    if settings.has("rows"), !settings.isMapping("rows") {
      return csv("rows", of: settings, columns, at: settings.valuePlace(of: "rows"))
    }
    if let path = settings.text("file") {
      return file(path, columns, at: settings.valuePlace(of: "file"))
    }
    // Columns alone make an empty table.
    if !settings.has("rows"), !columns.isEmpty { return table([], columns, at: place) }
    if log.problems.count == count {
      log.add(.wrongType(setting: "rows", expected: "a list of rows or CSV", at: place))
    }
    return nil
  }

  private func file(_ path: String, _ columns: [TestRows.Column], at place: Place) -> TestRows? {
    switch ProjectPath.normalize(path) {
    case .success(let path):
      do throws(FileProblem) {
        guard try folder.exists(path) else { throw .missing }
        return TestRows(columns: columns, content: .file(path), at: place)
      } catch {
        log.add(LoadingProblem(error, of: path, at: place))
      }
    case .failure(let fault): log.add(.badPath(path, fault, at: place))
    }
    return nil
  }

  private func csv(
    _ key: String, of settings: Settings, _ columns: [TestRows.Column], at place: Place
  ) -> TestRows? {
    guard let text = settings.text(key), text.utf8.contains(where: { $0 > 0x20 }) else {
      log.add(
        .wrongType(
          setting: key, expected: "a list of rows or CSV; an empty table is `[]`", at: place))
      return nil
    }
    let line = (place.line ?? 1) + (settings.isBlock(key) ? 1 : 0)
    return TestRows(columns: columns, content: .csv(text, line: line), at: place)
  }

  /// What `columns:` declares: a list of names, or types by name.
  private func columns(_ settings: Settings) -> [TestRows.Column] {
    guard settings.has("columns") else { return [] }
    guard settings.isMapping("columns") else {
      return (settings.texts("columns") ?? []).map {
        TestRows.Column($0.text, isDeclared: true, at: $0.place)
      }
    }
    return (settings.mapping("columns")?.entries() ?? []).map { entry in
      var column = TestRows.Column(entry.key, isDeclared: true, at: entry.place)
      guard case .scalar(let text, _) = entry.value else { return column }
      column.type = ColumnType(rawValue: text.lowercased())
      if column.type == nil {
        log.add(
          .unknownValue(
            text, setting: "type", known: ColumnType.allCases.map(\.rawValue),
            at: entry.valuePlace))
      }
      return column
    }
  }

  /// Rows that name their columns; a column comes where it is named first.
  private func table(
    _ rows: [Settings], _ declared: [TestRows.Column], at place: Place
  ) -> TestRows {
    var columns = declared
    var positions: [String: Int] = [:]
    for (index, column) in declared.enumerated() { positions[column.name.caseFolded] = index }
    let cells = rows.map { row in
      var values: [Int: Cell] = [:]
      for entry in row.entries() {
        let position = positions[entry.key.caseFolded] ?? columns.count
        if position == columns.count {
          positions[entry.key.caseFolded] = position
          columns.append(TestRows.Column(entry.key, at: entry.place))
        }
        if values[position] != nil { log.add(.test(.columnTwice(entry.key), at: entry.place)) }
        values[position] = cell(entry)
      }
      return values
    }
    return TestRows(
      columns: columns,
      content: .cells(cells.map { values in columns.indices.map { values[$0] ?? .null } }),
      at: place)
  }

  private func cell(_ entry: Settings.Entry) -> Cell {
    switch entry.value {
    case .nothing: return .null
    case .scalar(let text, _) where entry.isBinary:
      if let digits = hexadecimalDigits(ofBase64: text) { return .blob(digits) }
      log.add(.test(.notBase64, at: entry.valuePlace))
      return .null
    case .scalar(let text, let isPlain):
      return Cell(yaml: text, isPlain: isPlain)
    case .mapping, .list:
      log.add(.wrongType(setting: entry.key, expected: "a text or a number", at: entry.valuePlace))
      return .null
    }
  }
}

extension Cell {
  /// Reads a value as YAML's core schema does; booleans are the integers 1 and 0.
  init(yaml text: String, isPlain: Bool) {
    // Whole numbers keep their digits, as they do in seeds; others are compared by their size.
    let isFraction = text.contains { ".eE".contains($0) }
    switch VarValue(yaml: text, isPlain: isPlain, isRounded: isFraction) {
    case .null: self = .null
    case .boolean(let isTrue): self = .integer(isTrue ? 1 : 0)
    case .integer(let number): self = .integer(number)
    case .real(let number): self = .real(number)
    case .text(".inf") where isPlain: self = .real(.infinity)
    case .text("-.inf") where isPlain: self = .real(-.infinity)
    case .text(let text): self = .text(text)
    }
  }
}

/// The bytes that Base64 stands for, in hexadecimal digits; `nil` if it is none.
func hexadecimalDigits(ofBase64 text: String) -> String? {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  let signs = text.utf8.filter { $0 > 0x20 }
  let padding = signs.reversed().prefix { $0 == UInt8(ascii: "=") }.count
  guard signs.count.isMultiple(of: 4), padding <= 2 else { return nil }
  var bytes: [UInt8] = []
  var bits: UInt32 = 0
  for (index, sign) in signs.dropLast(padding).enumerated() {
    guard let value = alphabet.firstIndex(of: sign) else { return nil }
    bits = bits << 6 | UInt32(value)
    let rest = (index + 1) * 6 % 8
    if index % 4 > 0 { bytes.append(UInt8(truncatingIfNeeded: bits >> rest)) }
  }
  return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
