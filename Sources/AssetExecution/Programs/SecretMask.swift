import AssetCore

/// Puts `***` in the place of secrets in a stream of bytes, whatever pieces it comes in.
///
/// A secret is found as it is and as programs write it within something else: with the escapes of
/// JSON and Python, also twice, and of URLs; each character in any of these ways. Of a secret of
/// several lines each line is one by itself, and of a long line each part of some length, so that the
/// cost does not grow with a secret's length. What may be the beginning of a secret is kept back until
/// more is known.
package struct SecretMask: Sendable {
  /// A secret, or a part of one.
  private struct Part: Sendable {
    /// For each character, the bytes that may stand for it.
    var forms: [[[UInt8]]]
    /// Whether another part of the same line comes before it.
    var isContinued: Bool
  }

  /// What may begin with a byte, the longest first, so that a secret that begins another does not hide it.
  private let beginning: [[Part]]
  private var kept: [UInt8] = []
  /// Whether what was masked last ended just where `kept` begins.
  private var hasJustMasked = false

  private static let longestPart = 64

  package init(_ secrets: some Collection<String>) {
    var known: [Unicode.Scalar: [[UInt8]]] = [:]
    var beginning = [[Part]](repeating: [], count: 256)
    let lines = Set(secrets).flatMap { $0.split(whereSeparator: \.isNewline) }
    for line in lines.sorted(by: { ($1.utf8.count, $0) < ($0.utf8.count, $1) }) {
      for (index, scalars) in Self.parts(of: line).enumerated() {
        let forms = scalars.map { scalar in
          let forms = known[scalar] ?? EscapedForms(scalar).all
          known[scalar] = forms
          return forms
        }
        let part = Part(forms: forms, isContinued: index > 0)
        for byte in Set(forms[0].map { $0[0] }) { beginning[Int(byte)].append(part) }
      }
    }
    isEmpty = lines.isEmpty
    self.beginning = beginning.map { parts in
      parts.sorted { $0.forms.count > $1.forms.count }
    }
  }

  /// The parts of a line, none of them so short that it would be found in anything.
  private static func parts(of line: Substring) -> [[Unicode.Scalar]] {
    let scalars = Array(line.unicodeScalars)
    guard scalars.count >= 2 * longestPart else { return [scalars] }
    let count = scalars.count / longestPart
    return (0..<count).map { part in
      Array(scalars[scalars.count * part / count..<scalars.count * (part + 1) / count])
    }
  }

  package let isEmpty: Bool

  /// The text with its secrets masked.
  package func masked(_ text: String) -> String {
    guard !isEmpty else { return text }
    var mask = self
    return String(decoding: mask.mask(text.utf8) + mask.finish(), as: UTF8.self)
  }

  /// Takes the next piece and gives what is certain of it by now.
  mutating func mask(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    kept += bytes
    return take(isAll: false)
  }

  /// Gives what was kept back, when nothing more comes.
  mutating func finish() -> [UInt8] { take(isAll: true) }

  private mutating func take(isAll: Bool) -> [UInt8] {
    var masked: [UInt8] = []
    masked.reserveCapacity(kept.count)
    var index = 0
    kept.withUnsafeBufferPointer { text in
      scan: while index < text.count {
        for part in beginning[Int(text[index])] {
          let (end, mayGoOn) = Self.find(part.forms, in: text, at: index)
          if mayGoOn, !isAll { break scan }
          guard let end else { continue }
          if !(part.isContinued && hasJustMasked) { masked += "***".utf8 }
          hasJustMasked = true
          index = end
          continue scan
        }
        masked.append(text[index])
        hasJustMasked = false
        index += 1
      }
    }
    kept.removeSubrange(..<index)
    return masked
  }

  /// Where a secret ends that begins at a place, and whether it may with what comes next.
  private static func find(
    _ secret: [[[UInt8]]], in text: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (end: Int?, mayGoOn: Bool) {
    // A backslash stands for itself, or is the first half of an escape: there may be several ways.
    var ends = [start]
    var mayGoOn = false
    for forms in secret {
      var next: [Int] = []
      for end in ends {
        for form in forms {
          let count = min(form.count, text.count - end)
          guard (0..<count).allSatisfy({ text[end + $0] == form[$0] }) else { continue }
          if count < form.count {
            mayGoOn = true
          } else if !next.contains(end + count) {
            next.append(end + count)
          }
        }
      }
      ends = next
      if ends.isEmpty { break }
    }
    return (ends.max(), mayGoOn)
  }
}

/// The ways in which programs write a character.
private struct EscapedForms {
  private(set) var all: [[UInt8]]

  init(_ scalar: Unicode.Scalar) {
    let plain = Array(String(scalar).utf8)
    var escaped: [String] = []
    for isUpper in [false, true] {
      func digits(_ number: some BinaryInteger, _ count: Int) -> String {
        let text = String(number, radix: 16, uppercase: isUpper)
        return String(repeating: "0", count: max(0, count - text.count)) + text
      }
      escaped.append(String(scalar).utf16.map { "\\u" + digits($0, 4) }.joined())
      if scalar.value < 0x100 { escaped.append("\\x" + digits(scalar.value, 2)) }
      if scalar.value > 0xFFFF { escaped.append("\\U" + digits(scalar.value, 8)) }
      for mark in ["%", "\\x"] { escaped.append(plain.map { mark + digits($0, 2) }.joined()) }
    }
    switch scalar {
    case "\"", "'", "\\", "/": escaped.append("\\" + String(scalar))
    case "\t": escaped.append("\\t")
    case "\u{8}": escaped.append("\\b")
    case " ": escaped.append("+")
    default: break
    }
    // What holds escapes may have been escaped once more.
    let twice = ([String(scalar)] + escaped).map { form in
      form.unicodeScalars.map { ["\"", "\\"].contains($0) ? "\\" + String($0) : String($0) }
        .joined()
    }
    all = Set([plain] + (escaped + twice).map { Array($0.utf8) }).sorted { $0.count < $1.count }
  }
}
