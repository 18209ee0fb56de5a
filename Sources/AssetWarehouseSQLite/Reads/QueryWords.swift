/// The words that a query's text holds, whatever they stand for there.
///
/// Whatever a query reads, but for what `*` and `natural` stand for, it reads by a name that is
/// written in it. So a name that is not among the words means nothing to the query.
struct QueryWords: Equatable {
  /// All words that may be names, in lower case; with the contents of quotes that may be names.
  private(set) var names: Set<String> = []
  /// Whether columns are meant that are not named: by a `*` that is not of `count(*)` and no
  /// multiplication, or by `natural`.
  private(set) var meansUnnamed = false

  /// What stood before the present place, as far as it decides what a `*` is.
  private enum Before { case operand, starter, point, other }
  private var before = Before.other
  private var strings: Set<String> = []
  private var hasUsing = false

  init(_ query: String) {
    var rest = Array(query.utf8)[...]
    while let byte = rest.first { take(byte, &rest) }
    // Where only a name makes sense, SQLite takes a string for one.
    if hasUsing { names.formUnion(strings) }
  }

  private mutating func take(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) {
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "["):
      let text = Self.quoted(&rest)
      if byte == UInt8(ascii: "'"), before != .point {
        strings.insert(text)
      } else {
        names.insert(text)
      }
      before = .operand
    case UInt8(ascii: "-") where rest.dropFirst().first == byte:
      rest = rest.drop { $0 != UInt8(ascii: "\n") }
    case UInt8(ascii: "/") where rest.dropFirst().first == UInt8(ascii: "*"):
      Self.skipComment(&rest)
    case _ where Self.isWordByte(byte):
      let word = String(decoding: rest.prefix(while: Self.isWordByte), as: UTF8.self).lowercased()
      rest = rest.drop(while: Self.isWordByte)
      if word == "natural" { meansUnnamed = true }
      if word == "using" { hasUsing = true }
      let isNumber = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      if !isNumber, !Self.reserved.contains(word) { names.insert(word) }
      before = ["select", "distinct", "all"].contains(word) ? .starter : .operand
    default:
      rest.removeFirst()
      switch byte {
      case UInt8(ascii: "*"):
        if before == .starter || before == .point { meansUnnamed = true }
        before = .other
      case UInt8(ascii: ","): before = .starter
      case UInt8(ascii: "."): before = .point
      case 9, 10, 12, 13, 32: break
      default: before = .other
      }
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }

  /// Takes what stands in quotes, in lower case; a doubled quote is one.
  private static func quoted(_ rest: inout ArraySlice<UInt8>) -> String {
    let open = rest.removeFirst()
    let close = open == UInt8(ascii: "[") ? UInt8(ascii: "]") : open
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == close {
        guard close == open, rest.first == close else { break }
        rest.removeFirst()
      }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self).lowercased()
  }

  private static func skipComment(_ rest: inout ArraySlice<UInt8>) {
    rest.removeFirst(2)
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "*"), rest.first == UInt8(ascii: "/") {
        rest.removeFirst()
        return
      }
    }
  }

  /// Words that stand for a column only in quotes.
  private static let reserved: Set<String> = [
    "select", "from", "where", "and", "or", "not", "null", "in", "is", "as", "on", "using", "join",
    "case", "when", "then", "else", "group", "order", "having", "distinct", "union", "all",
    "limit", "values", "exists", "between", "collate",
  ]
}
