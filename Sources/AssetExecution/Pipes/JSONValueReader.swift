import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Something in a JSON text that is no JSON, but that programs write, and without which the rest can
/// be kept.
struct JSONOddity: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// `NaN`, an infinity or a number that is too large for one; it is left out.
    case notFinite(String)
    /// Half of a surrogate pair, as of a text that was cut; it is replaced.
    case halfCharacter
  }

  /// The keys that lead to it, and the places in lists.
  var path: [String]
  var kind: Kind
}

/// Reads a JSON text as far as it can be kept, in a time that is linear in its length.
///
/// Beside JSON it takes what Python's `json` writes by default: `NaN`, `Infinity`, `-Infinity`, and
/// halves of characters. A key that an object has twice has its last value.
struct JSONValueReader {
  private let text: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var path: [String] = []
  private var oddities: [JSONOddity] = []
  /// So many are told of; a list of a million of them says no more.
  private static let mostOddities = 20

  private init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// Reads a whole text.
  ///
  /// - Parameter text: The text, in UTF-8.
  /// - Throws: A ``JSONFault`` with the place from which on it is no JSON.
  /// - Returns: The value, and what was odd in it.
  static func read(
    _ text: UnsafeBufferPointer<UInt8>
  ) throws(JSONFault) -> (value: MetadataValue, oddities: [JSONOddity]) {
    var reader = JSONValueReader(text)
    reader.skipSpace()
    let value = try reader.value()
    reader.skipSpace()
    guard reader.at == text.count else {
      throw JSONFault(offset: reader.at, expected: .endOfLine)
    }
    return (value ?? .null, reader.oddities)
  }

  /// Reads a value; `nil` for one that is to be left out.
  private mutating func value() throws(JSONFault) -> MetadataValue? {
    guard at < text.count else { throw JSONFault(offset: at, expected: .value) }
    switch text[at] {
    case .quote: return .text(try string())
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try list()
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N"): return try oddWord("NaN")
    case UInt8(ascii: "I"): return try oddWord("Infinity")
    case UInt8(ascii: "-") where at + 1 < text.count && text[at + 1] == UInt8(ascii: "I"):
      return try oddWord("-Infinity")
    default: return try number()
    }
  }

  private mutating func object() throws(JSONFault) -> MetadataValue {
    try enter()
    var values: [String: MetadataValue] = [:]
    guard !skip("}") else { return .object(values) }
    repeat {
      skipSpace()
      guard at < text.count, text[at] == .quote else {
        throw JSONFault(offset: at, expected: .key)
      }
      let key = try string()
      skipSpace()
      guard skip(":") else { throw JSONFault(offset: at, expected: .colon) }
      skipSpace()
      path.append(key)
      values[key] = try value()
      path.removeLast()
      skipSpace()
    } while skip(",")
    guard skip("}") else { throw JSONFault(offset: at, expected: .commaOrBrace) }
    return .object(values)
  }

  private mutating func list() throws(JSONFault) -> MetadataValue {
    try enter()
    var values: [MetadataValue] = []
    guard !skip("]") else { return .list(values) }
    repeat {
      skipSpace()
      path.append(String(values.count))
      // What comes after keeps its place.
      values.append(try value() ?? .null)
      path.removeLast()
      skipSpace()
    } while skip(",")
    guard skip("]") else { throw JSONFault(offset: at, expected: .commaOrBracket) }
    return .list(values)
  }

  /// Goes past the beginning of an object or list.
  private mutating func enter() throws(JSONFault) {
    guard path.count < JSONObjectParser.depthLimit else {
      throw JSONFault(offset: at, expected: .depth(atMost: JSONObjectParser.depthLimit))
    }
    at += 1
    skipSpace()
  }

  private mutating func number() throws(JSONFault) -> MetadataValue? {
    let start = at
    while at < text.count, text[at].isInNumber { at += 1 }
    let slice = UnsafeBufferPointer(rebasing: text[start..<at])
    guard let number = NumberText(slice), number.isPlain else {
      throw JSONFault(offset: start, expected: .value)
    }
    if let integer = number.integer { return .integer(integer) }
    guard number.real.isFinite else {
      return odd(.notFinite(String(decoding: slice, as: UTF8.self)))
    }
    return .number(number.real)
  }

  private mutating func word(
    _ word: StaticString, _ value: MetadataValue
  ) throws(JSONFault) -> MetadataValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard at + index < text.count, text[at + index] == word.utf8Start[index] else {
        throw JSONFault(offset: at, expected: .value)
      }
    }
    at += word.utf8CodeUnitCount
    return value
  }

  private mutating func oddWord(_ word: StaticString) throws(JSONFault) -> MetadataValue? {
    _ = try self.word(word, .null)
    return odd(.notFinite(word.description))
  }

  private mutating func odd(_ kind: JSONOddity.Kind) -> MetadataValue? {
    let oddity = JSONOddity(path: path, kind: kind)
    if oddities.count < Self.mostOddities, oddities.last != oddity { oddities.append(oddity) }
    return nil
  }
}

// MARK: - Texts

extension JSONValueReader {
  /// Reads a string, as fast as memory can be searched for what is special in it.
  private mutating func string() throws(JSONFault) -> String {
    at += 1
    var quote = try next(.quote, before: text.count)
    guard find(.backslash, before: quote) != nil else {
      defer { at = quote + 1 }
      return String(decoding: UnsafeBufferPointer(rebasing: text[at..<quote]), as: UTF8.self)
    }
    var content: [UInt8] = []
    content.reserveCapacity(quote - at)
    while true {
      guard let backslash = find(.backslash, before: quote) else {
        content.append(contentsOf: UnsafeBufferPointer(rebasing: text[at..<quote]))
        at = quote + 1
        return String(decoding: content, as: UTF8.self)
      }
      content.append(contentsOf: UnsafeBufferPointer(rebasing: text[at..<backslash]))
      at = backslash
      try takeEscape(into: &content)
      // A quote that was escaped is not the end.
      if quote < at { quote = try next(.quote, before: text.count) }
    }
  }

  private func find(_ byte: UInt8, before end: Int) -> Int? {
    guard let base = text.baseAddress, let found = memchr(base + at, Int32(byte), end - at) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private func next(_ byte: UInt8, before end: Int) throws(JSONFault) -> Int {
    guard at <= end, let found = find(byte, before: end) else {
      throw JSONFault(offset: end, expected: .closingQuote)
    }
    return found
  }

  /// Replaces an escape by what it stands for.
  private mutating func takeEscape(into content: inout [UInt8]) throws(JSONFault) {
    if at + 1 < text.count, let byte = simpleEscape(text[at + 1]) {
      content.append(byte)
      at += 2
      return
    }
    guard let unit = unit(at: at) else { throw JSONFault(offset: at, expected: .escape) }
    at += 6
    var scalar = Unicode.Scalar(unit)
    if UTF16.isLeadSurrogate(unit), let low = self.unit(at: at), UTF16.isTrailSurrogate(low) {
      scalar = Unicode.Scalar(0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(low) & 0x3FF)
      at += 6
    } else if scalar == nil {
      _ = odd(.halfCharacter)
    }
    content.append(
      contentsOf: UTF8.encode(scalar ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
  }

  /// The UTF-16 unit of the escape at a place.
  private func unit(at index: Int) -> UInt16? {
    guard index + 6 <= text.count, text[index] == .backslash,
      text[index + 1] == UInt8(ascii: "u")
    else { return nil }
    return hexadecimalUnit(in: text, at: index + 2)
  }
}

// MARK: - Single bytes

extension JSONValueReader {
  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard at < text.count, text[at] == UInt8(ascii: scalar) else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), .carriageReturn, .lineFeed: at += 1
      default: return
      }
    }
  }
}

extension UInt8 {
  fileprivate var isInNumber: Bool {
    switch self {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
      UInt8(ascii: "E"):
      true
    default: isDigit
    }
  }
}
