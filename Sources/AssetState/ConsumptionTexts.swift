import AssetCore

/// Reads the texts that consumptions are kept as: `"*"` for the whole, or a list of columns in JSON,
/// and beside it the list of the names that only have to be there or not.
///
/// The same few texts come again and again, thousands of times in a large project, and hardly ever
/// need more than being cut at their quotes.
struct ConsumptionTexts {
  private struct Key: Hashable {
    var columns: String
    var names: String?
  }

  private var known: [Key: Consumption] = [:]

  /// The consumption that the store keeps as these texts.
  mutating func consumption(_ columns: String, names: String? = nil) throws -> Consumption {
    if columns == "\"*\"" { return .whole }
    // A slice is kept as one text with all that it is of.
    if columns.utf8.first == UInt8(ascii: "{") { return try fromJSON(columns) }
    let key = Key(columns: columns, names: names)
    if let consumption = known[key] { return consumption }
    // The lists are in their normal form, as they were when they were written.
    let consumption = Consumption.columns(
      try Self.list(columns), names: try names.map(Self.list) ?? [])
    known[key] = consumption
    return consumption
  }

  /// Digests by consumption, as ``text(of:)`` writes them.
  mutating func digests(_ text: String) throws -> [Consumption: ContentDigest] {
    var digests: [Consumption: ContentDigest] = [:]
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let names = parts[1].isEmpty ? nil : String(Substring(parts[1]))
      let consumption = try consumption(String(Substring(parts[0])), names: names)
      digests[consumption] = ContentDigest(rawValue: String(Substring(parts[2])))
    }
    return digests
  }

  /// A line for each digest: the columns, the names and the digest, with tabs between; no text in
  /// JSON holds a tab or the end of a line.
  static func text(of digests: [Consumption: ContentDigest]) throws -> String {
    try digests.sorted { $0.key < $1.key }.map { consumption, digest in
      try consumption.mainText + "\t" + (consumption.namesText ?? "") + "\t"
        + digest.rawValue
    }.joined(separator: "\n")
  }

  private static func list(_ text: String) throws -> [String] {
    let bytes = text.utf8
    guard !bytes.contains(UInt8(ascii: "\\")) else { return try fromJSON(text) }
    // Without escapes every quote begins or ends a name.
    let parts = bytes.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
    return stride(from: 1, to: parts.count, by: 2).map { String(Substring(parts[$0])) }
  }
}

extension Consumption {
  /// The columns that are read, as the store keeps them; of a slice all that is to say.
  var mainText: String {
    get throws { try toJSON(slice == nil ? columnsOnly : self) }
  }

  /// The names that only have to be there or not, as the store keeps them; `nil` if there are none.
  var namesText: String? {
    get throws {
      guard case .columns(_, let names) = self, !names.isEmpty else { return nil }
      return try toJSON(names)
    }
  }
}
