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
    if columns == "\"values\"" { return .values }
    if columns == "\"-\"" { return .nothing }
    // A slice is kept as one text with all that it is of.
    if columns.utf8.first == UInt8(ascii: "{") {
      guard let text = SliceText(columns) else { return try fromJSON(columns) }
      return .slice(text.slice, of: try consumption(text.inner))
    }
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
      guard parts.count == 3 else { throw DamagedRecord(column: "digests") }
      let names = parts[1].isEmpty ? nil : String(Substring(parts[1]))
      let consumption = try consumption(String(Substring(parts[0])), names: names)
      digests[consumption] = ContentDigest(rawValue: String(Substring(parts[2])))
    }
    return digests
  }

  /// A line for each digest: the columns, the names and the digest, with tabs between; no text in
  /// JSON holds a tab or the end of a line.
  static func text(of digests: [Consumption: ContentDigest]) throws -> String {
    try digests.map { consumption, digest in
      try consumption.mainText + "\t" + (consumption.namesText ?? "") + "\t"
        + digest.rawValue
    }.sorted().joined(separator: "\n")
  }

  private static func list(_ text: String) throws -> [String] {
    let bytes = text.utf8
    guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else {
      throw DamagedRecord(column: "consumption")
    }
    guard !bytes.contains(UInt8(ascii: "\\")) else { return try fromJSON(text) }
    // Without escapes every quote begins or ends a name.
    let parts = bytes.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
    return stride(from: 1, to: parts.count, by: 2).map { String(Substring(parts[$0])) }
  }
}

extension Consumption {
  /// The columns that are read, as the store keeps them; of a slice all that is to say.
  var mainText: String {
    get throws {
      guard let slice else { return try toJSON(filter == nil ? columnsOnly : self) }
      return try SliceText.text(slice, of: withoutSlice) ?? toJSON(self)
    }
  }

  /// The names that only have to be there or not, as the store keeps them; `nil` if there are none.
  var namesText: String? {
    get throws {
      guard case .columns(_, let names) = self, !names.isEmpty else { return nil }
      return try toJSON(names)
    }
  }
}

/// The text of a slice, `{"of":["n"],"slice":["day",">=","2024-01-01"]}`, of which there may be ten
/// thousand: read and written by hand as far as it holds nothing that JSON escapes.
private struct SliceText {
  /// What of the rows is consumed, as its own text.
  var inner: String
  var slice: RowSlice

  private static let beginning = Array(#"{"of":"#.utf8)
  private static let middle = Array(#","slice":["#.utf8)

  /// - Returns: `nil` for a text that an actual reader of JSON has to read.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.starts(with: Self.beginning), bytes.suffix(2) == Array("]}".utf8),
      !bytes.contains(UInt8(ascii: "\\")), bytes[Self.beginning.count] != UInt8(ascii: "{"),
      let place = Self.place(in: bytes)
    else { return nil }
    inner = String(decoding: bytes[Self.beginning.count..<place], as: UTF8.self)
    var words = Self.words(bytes[(place + Self.middle.count)..<(bytes.count - 2)])[...]
    guard case .text(let column)? = words.popFirst() else { return nil }
    slice = RowSlice(column: column, lower: nil, upper: nil)
    while let comparison = words.popFirst() {
      guard case .text(let comparison) = comparison, let value = words.popFirst(),
        slice.bound(by: comparison, value)
      else { return nil }
    }
  }

  /// Where the slice begins; without escapes no name holds the quotes that stand around its key.
  private static func place(in bytes: [UInt8]) -> Int? {
    let last = bytes.count - middle.count
    return last < 0 ? nil : (0...last).first { bytes[$0...].starts(with: middle) }
  }

  /// The texts and whole numbers of a list; what is neither ends it with a text that compares nothing.
  private static func words(_ bytes: ArraySlice<UInt8>) -> [VarValue] {
    var words: [VarValue] = []
    var rest = bytes
    while let first = rest.first {
      if first == UInt8(ascii: "\""), let end = rest.dropFirst().firstIndex(of: first) {
        words.append(.text(String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)))
        rest = rest[(end + 1)...]
      } else {
        let word = rest.prefix { $0 != UInt8(ascii: ",") }
        guard let number = Int64(String(decoding: word, as: UTF8.self)) else {
          return words + [.text("")]
        }
        words.append(.integer(number))
        rest = rest.dropFirst(word.count)
      }
      if rest.first == UInt8(ascii: ",") { rest = rest.dropFirst() }
    }
    return words
  }

  /// - Returns: `nil` for what only a writer of JSON can write.
  static func text(_ slice: RowSlice, of inner: Consumption) throws -> String? {
    var words = [quoted(slice.column)]
    for (comparison, value) in slice.ends {
      words.append(quoted(comparison))
      switch value {
      case .text(let text): words.append(quoted(text))
      case .integer(let number): words.append(String(number))
      case .null, .boolean, .real: return nil
      }
    }
    let plain = words.compactMap { $0 }
    guard plain.count == words.count else { return nil }
    return try #"{"of":\#(toJSON(inner)),"slice":[\#(plain.joined(separator: ","))]}"#
  }

  private static func quoted(_ text: String) -> String? {
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    return isPlain ? "\"\(text)\"" : nil
  }
}
