package import AssetCore

/// Puts `***` in the place of secrets in a stream of bytes, whatever pieces it comes in.
///
/// A secret is found as it is and as programs write it within something else: with the escapes of
/// JSON and Python, also twice, and of URLs; each character in any of these ways. Of a secret of
/// several lines each line is one by itself. What may be the beginning of a secret is kept back until
/// more is known.
package struct SecretMask: Sendable {
  /// For each character of a secret, the bytes that may stand for it.
  private let secrets: [[[[UInt8]]]]
  private let mayBegin: [Bool]
  private var kept: [UInt8] = []

  package init(_ secrets: [String]) {
    // The longest first, so that a secret that begins another does not hide it.
    self.secrets = Set(secrets).flatMap { $0.split(whereSeparator: \.isNewline) }
      .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
      .map { $0.unicodeScalars.map(EscapedForms.init).map(\.all) }
    var mayBegin = [Bool](repeating: false, count: 256)
    for form in self.secrets.compactMap(\.first).joined() { mayBegin[Int(form[0])] = true }
    self.mayBegin = mayBegin
  }

  /// Masks the secrets of all that is named.
  package init(of assets: [Asset], in environment: [String: String]) {
    var names: Set<String> = []
    for asset in assets {
      if case .program(let program) = asset.recipe { names.formUnion(program.secrets) }
    }
    self.init(names.compactMap { environment[$0] })
  }

  package var isEmpty: Bool { secrets.isEmpty }

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
        if mayBegin[Int(text[index])] {
          for secret in secrets {
            let (end, mayGoOn) = Self.find(secret, in: text, at: index)
            if mayGoOn, !isAll { break scan }
            guard let end else { continue }
            masked += "***".utf8
            index = end
            continue scan
          }
        }
        masked.append(text[index])
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
      escaped.append(plain.map { "%" + digits($0, 2) }.joined())
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
