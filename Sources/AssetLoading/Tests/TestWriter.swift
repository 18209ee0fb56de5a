package import AssetCore

/// Writes a test as an item of `tests:`, as it is read.
///
/// - Parameters:
///   - test: A test whose rows are cells.
///   - margin: The spaces in front of the item's dash.
/// - Returns: Lines, each ended.
package func yamlText(of test: UnitTest, margin: Int = 2) -> String {
  var lines = ["- name: \(scalar(test.name))", "  asset: \(test.asset)"]
  if let description = test.description { lines.append("  description: \(scalar(description))") }
  if let partition = test.partition { lines.append("  partition: \(scalar(partition))") }
  if !test.vars.isEmpty {
    lines.append("  vars:")
    for (name, value) in test.vars.sorted(by: { $0.key < $1.key }) {
      lines.append("    \(name): \(scalar(value))")
    }
  }
  if !test.given.isEmpty {
    lines.append("  given:")
    for given in test.given { lines += rowLines(given.rows, named: "\(given.input)", margin: 4) }
  }
  lines += rowLines(test.expected, named: "expect", margin: 2)
  return lines.map { String(repeating: " ", count: margin) + $0 + "\n" }.joined()
}

private func rowLines(_ rows: TestRows, named name: String, margin: Int) -> [String] {
  guard case .cells(let cells) = rows.content else { return [] }
  if !cells.isEmpty, rows.columns.contains(where: \.isDeclared) {
    // What nothing else knows of has to be declared.
    var plain = rows
    for index in plain.columns.indices { plain.columns[index].isDeclared = false }
    let columns = rows.columns.map { scalar($0.name) }.joined(separator: ", ")
    let lead = String(repeating: " ", count: margin)
    return ["\(lead)\(name):", "\(lead)  columns: [\(columns)]"]
      + rowLines(plain, named: "rows", margin: margin + 2)
  }
  let margin = String(repeating: " ", count: margin)
  guard !cells.isEmpty else {
    let columns = rows.columns.map { scalar($0.name) }.joined(separator: ", ")
    return ["\(margin)\(name): " + (columns.isEmpty ? "[]" : "{columns: [\(columns)]}")]
  }
  return ["\(margin)\(name):"]
    + cells.map { row in
      let pairs = zip(rows.columns, row).map { "\(scalar($0.name)): \(scalar($1))" }
      return "\(margin)  - {" + pairs.joined(separator: ", ") + "}"
    }
}

private func scalar(_ cell: Cell) -> String {
  switch cell {
  case .null: "null"
  case .integer(let number): String(number)
  case .real(let number) where number.isInfinite: number > 0 ? ".inf" : "-.inf"
  case .real(let number): String(number)
  case .text(let text): scalar(text)
  case .blob(let digits): "!!binary \"\(base64(ofHexadecimal: digits))\""
  }
}

private func scalar(_ value: VarValue) -> String {
  if case .text(let text) = value { return scalar(text) }
  return value.canonicalText
}

/// A text without quotes where it is read as that text, and else in double ones.
private func scalar(_ text: String) -> String {
  let isWord = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "-"), UInt8(ascii: " "):
      true
    default: false
    }
  }
  let edges = [text.utf8.first, text.utf8.last].compactMap { $0 }
  let isPlain =
    isWord && !edges.isEmpty
    && edges.allSatisfy { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
    && Cell(yaml: text, isPlain: true) == .text(text) && Double(text) == nil
    // Other readers of YAML take these for truths and numbers.
    && !["yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    && !text.hasPrefix(".") && !text.hasPrefix("0x") && !text.hasPrefix("0o")
  return isPlain ? text : quoted(text)
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case _ where scalar.needsEscape:
      let digits = String(scalar.value, radix: 16)
      let width = scalar.value > 0xFFFF ? 8 : 4
      result += (width == 8 ? "\\U" : "\\u")
      result += String(repeating: "0", count: width - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

extension Unicode.Scalar {
  /// Whether YAML, or an editor, would not show it as it is.
  fileprivate var needsEscape: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
      .spaceSeparator:
      self != " "
    // On its own line it would belong to the quote before it.
    case .nonspacingMark, .enclosingMark, .spacingMark: true
    default: false
    }
  }
}

func base64(ofHexadecimal digits: String) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  let nibbles = digits.utf8.map { UInt32($0 < 0x3A ? $0 - 0x30 : $0 - 0x57) }
  let bytes = stride(from: 0, to: nibbles.count - 1, by: 2).map {
    nibbles[$0] << 4 | nibbles[$0 + 1]
  }
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let part = bytes[start..<min(start + 3, bytes.count)]
    let bits = part.reduce(0) { $0 << 8 | $1 } << UInt32(8 * (3 - part.count))
    for index in 0..<4 {
      let sign = alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)]
      text.append(index <= part.count ? sign : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}
