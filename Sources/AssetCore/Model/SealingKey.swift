import Crypto

/// A secret by which what this machine wrote is told from what others wrote, or from what a disk made of
/// it (HMAC with SHA-256).
package struct SealingKey: Sendable {
  /// How many bytes a seal has.
  package static let sealLength = 32

  private let key: SymmetricKey

  /// Makes a new key.
  package init() { key = SymmetricKey(size: .bits256) }

  /// The key of a text that ``text`` gave; `nil` for any other text.
  package init?(text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index...(index + 1)], as: UTF8.self)
      guard let byte = UInt8(pair, radix: 16) else { return nil }
      bytes.append(byte)
    }
    key = SymmetricKey(data: bytes)
  }

  /// The key in hexadecimal.
  package var text: String { key.withUnsafeBytes { hexadecimal($0) } }

  /// The seal of some parts in their order; no two different lists of parts share one.
  package func seal(of parts: [UInt8]...) -> [UInt8] { Array(code(of: parts).finalize()) }

  /// Whether a seal is the one of the parts, found in a time that tells nothing of the key.
  package func isSeal(_ seal: [UInt8], of parts: [UInt8]...) -> Bool {
    // The comparison of two codes takes the same time for all bytes.
    code(of: parts).finalize() == seal
  }

  private func code(of parts: [[UInt8]]) -> HMAC<SHA256> {
    var code = HMAC<SHA256>(key: key)
    for part in parts {
      withUnsafeBytes(of: UInt64(part.count).littleEndian) { code.update(data: $0) }
      code.update(data: part)
    }
    return code
  }
}
