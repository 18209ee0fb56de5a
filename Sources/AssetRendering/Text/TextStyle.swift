import AssetCore

/// How text is to look: with or without colour, and how wide.
///
/// All output can be understood without colour.
package struct TextStyle: Sendable {
  package var hasColor: Bool
  /// The width of the terminal in columns, or `nil` where lines may be of any length.
  package var width: Int?
  /// Whose time moments are told in.
  package var clock: Clock

  package init(hasColor: Bool = false, width: Int? = nil, clock: Clock = .utc) {
    self.hasColor = hasColor
    self.width = width
    self.clock = clock
  }

  package static let plain = TextStyle()

  /// What a piece of text stands for, which its colour follows.
  package enum Role: String, Sendable {
    case good = "32"
    case attention = "33"
    case bad = "31"
    case quiet = "2"
    case strong = "1"
  }

  /// A moment, to the second and with its zone.
  func moment(_ time: Timestamp) -> String { clock.text(time) }

  /// The text in the colour of its role.
  package func paint(_ text: String, _ role: Role?) -> String {
    guard hasColor, let role, !text.isEmpty else { return text }
    return "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m"
  }
}

/// Lays rows out in aligned columns, two spaces apart; the last column is not padded.
///
/// Control characters of the cells are shown as escapes, so that no content can steer a terminal.
func aligned(
  _ rows: [[String]], rightAligned: Set<Int> = [], style: TextStyle = .plain,
  role: (_ row: Int, _ column: Int) -> TextStyle.Role? = { _, _ in nil }
) -> String {
  let cells = rows.map { $0.map(printable) }
  let count = cells.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in
    cells.compactMap { column < $0.count ? $0[column].count : nil }.max() ?? 0
  }
  return cells.enumerated().map { index, row in
    var line = ""
    for (column, cell) in row.enumerated() {
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      let painted = style.paint(cell, role(index, column))
      let isLast = column == row.count - 1
      line += rightAligned.contains(column) ? padding + painted : painted + (isLast ? "" : padding)
      if !isLast { line += "  " }
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }.joined()
}

/// The text with line breaks and other control characters written as escapes.
func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: \.isControl) else { return text }
  return text.unicodeScalars.map { scalar in
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where scalar.isControl: "\\u{" + String(scalar.value, radix: 16) + "}"
    default: String(scalar)
    }
  }.joined()
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
