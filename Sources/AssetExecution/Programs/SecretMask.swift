/// Puts `***` in the place of secrets in a stream of bytes, whatever pieces it comes in.
///
/// Of a secret of several lines each line is one by itself. What may be the beginning of a secret is
/// kept back until more is known.
struct SecretMask: Sendable {
  private let secrets: [[UInt8]]
  private let firstBytes: Set<UInt8>
  private var kept: [UInt8] = []

  init(_ secrets: [String]) {
    // The longest first, so that a secret that begins another does not hide it.
    self.secrets = secrets.flatMap { $0.split(whereSeparator: \.isNewline) }
      .map { Array($0.utf8) }.sorted { $0.count > $1.count }
    firstBytes = Set(self.secrets.compactMap(\.first))
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
    scan: while index < kept.count {
      if firstBytes.contains(kept[index]) {
        let rest = kept[index...]
        for secret in secrets {
          if rest.starts(with: secret) {
            masked += "***".utf8
            index += secret.count
            continue scan
          }
          if !isAll, secret.starts(with: rest) { break scan }
        }
      }
      masked.append(kept[index])
      index += 1
    }
    kept.removeSubrange(..<index)
    return masked
  }
}
