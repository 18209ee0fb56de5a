/// An asset's unique name in its project, or that of one of its partitions: `daily@2024-01-02`.
///
/// Keys are compared, ordered and hashed without case, as databases compare table names; the
/// spelling of the declaration is kept for showing.
package struct AssetKey: Sendable {
  /// The name as its declaration spells it.
  package let name: String
  private let folded: String

  /// Creates a key, or nothing if the name does not match `[A-Za-z_][A-Za-z0-9_]*`.
  package init?(_ name: String) {
    guard Self.isWellFormed(name) else { return nil }
    self.init(trusted: name)
  }

  /// Creates a key from a name that is known to be well formed, such as one read from the store.
  package init(trusted name: String) {
    self.name = name
    folded = name.caseFolded
  }

  /// Creates the key of a partition.
  init(_ asset: AssetKey, partition: String) { self.init(trusted: "\(asset.name)@\(partition)") }

  /// Where the name of the asset ends in that of a partition.
  private static func endOfAsset(in name: String) -> String.Index? {
    name.utf8.firstIndex(of: UInt8(ascii: "@"))
  }

  /// The asset that it is, or is a partition of.
  package var asset: AssetKey {
    Self.endOfAsset(in: name).map { AssetKey(trusted: String(name[..<$0])) } ?? self
  }

  /// What the partition is called in its asset; `nil` for an asset.
  package var partition: String? {
    Self.endOfAsset(in: name).map { String(name.utf8[$0...].dropFirst()) ?? "" }
  }

  private static func isWellFormed(_ name: String) -> Bool {
    guard let first = name.utf8.first, !isDigit(first) else { return false }
    return name.utf8.allSatisfy { byte in
      isDigit(byte) || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension AssetKey: Hashable, Comparable {
  package static func == (left: AssetKey, right: AssetKey) -> Bool { left.folded == right.folded }

  package static func < (left: AssetKey, right: AssetKey) -> Bool { left.folded < right.folded }

  package func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

extension AssetKey: CustomStringConvertible {
  package var description: String { name }
}

extension AssetKey: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(trusted: try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
