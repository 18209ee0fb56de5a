/// What a program printed, without all that would steer a terminal: escape sequences, control
/// characters but tabs, and marks that turn the direction of writing.
///
/// ```swift
/// withoutControls("\u{1B}[1;32mdone\u{1B}[0m\u{8}")  // "done"
/// ```
func withoutControls(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { $0.steersTerminal }) else { return text }
  var plain = String.UnicodeScalarView()
  var rest = text.unicodeScalars[...]
  while let scalar = rest.popFirst() {
    switch scalar {
    case "\u{1B}": skipEscape(&rest)
    case "\u{9B}": skipControlSequence(&rest)
    case "\u{90}", "\u{98}", "\u{9D}", "\u{9E}", "\u{9F}": skipControlString(&rest)
    case _ where scalar.steersTerminal: break
    default: plain.append(scalar)
    }
  }
  return String(plain)
}

/// What stands behind an escape character (ECMA-48).
private func skipEscape(_ rest: inout Substring.UnicodeScalarView) {
  switch rest.first {
  case "[":
    rest.removeFirst()
    skipControlSequence(&rest)
  case "]", "P", "X", "^", "_":
    rest.removeFirst()
    skipControlString(&rest)
  default:
    rest = rest.drop { ("\u{20}"..."\u{2F}").contains($0) }
    if let last = rest.first, ("\u{30}"..."\u{7E}").contains(last) { rest.removeFirst() }
  }
}

/// Parameters up to the letter that ends them.
private func skipControlSequence(_ rest: inout Substring.UnicodeScalarView) {
  rest = rest.drop { ("\u{20}"..."\u{3F}").contains($0) }
  if let last = rest.first, ("\u{40}"..."\u{7E}").contains(last) { rest.removeFirst() }
}

/// A string, such as a window's title, up to its end mark or the end of the line.
private func skipControlString(_ rest: inout Substring.UnicodeScalarView) {
  while let scalar = rest.first, scalar != "\n" {
    rest.removeFirst()
    if scalar == "\u{07}" || scalar == "\u{9C}" { return }
    if scalar == "\u{1B}" {
      if rest.first == "\\" { rest.removeFirst() }
      return
    }
  }
}

/// The last line of a text that shows anything, as one that is overwritten by carriage returns
/// shows its last state.
func lastLine(of text: String) -> String {
  for line in text.split(whereSeparator: \.isNewline).reversed() {
    let plain = withoutControls(String(line)).replacing("\t", with: " ")
    let start = plain.drop { $0 == " " || $0 == "\u{FFFD}" }
    if !start.isEmpty { return String(start) }
  }
  return ""
}

/// The columns that a text without control characters takes on a terminal, or more where terminals
/// differ.
func displayWidth(_ text: some StringProtocol) -> Int {
  text.unicodeScalars.reduce(0) { $0 + $1.displayWidth }
}

/// The rows that lines take on a terminal, which may have become narrower since they were written.
///
/// - Parameters:
///   - lines: The lines, each of which began a row.
///   - width: The terminal's width; `nil` if it is not known.
/// - Returns: The number of rows.
package func rowCount(of lines: [String], width: Int?) -> Int {
  guard let width, width > 0 else { return lines.count }
  return lines.reduce(0) { rows, line in
    rows + max(1, (displayWidth(withoutControls(line)) + width - 1) / width)
  }
}

/// The text, ended by `…` where it would take more than that many columns.
func cut(_ text: String, toWidth width: Int) -> String {
  // A scalar takes at most two columns, and most texts are short.
  if text.utf8.count <= width || displayWidth(text) <= width { return text }
  var result = ""
  var used = 0
  for character in text {
    used += displayWidth(String(character))
    guard used < width else { break }
    result.append(character)
  }
  return width > 0 ? result + "…" : ""
}

extension Unicode.Scalar {
  fileprivate var steersTerminal: Bool {
    switch value {
    case 0x09: false
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// As `wcwidth` of today's terminals has it.
  fileprivate var displayWidth: Int {
    switch value {
    case ..<0x300: 1
    // What asks for the picture of a character makes it wide.
    case 0xFE0F: 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F1E6...0x1F1FF,
      0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F265,
      0x20000...0x3FFFD:
      2
    default:
      switch properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: 0
      default: properties.isEmojiPresentation || value >= 0x1F300 && value < 0x1FB00 ? 2 : 1
      }
    }
  }
}
