/// A word with a meaning in the grammar that the analysis looks at, in whatever case it is written.
///
/// That a word is here does not make it reserved: `window` and `by` may well be names, which only
/// the place where they stand can tell.
package enum SQLKeyword: String, CaseIterable, Sendable {
  case all, and, any, array, `as`, asof, between, by, `case`, cast, cluster, collate, cross, cube
  case currentDate = "current_date"
  case currentTime = "current_time"
  case currentTimestamp = "current_timestamp"
  case distinct, distribute, `else`, end, escape, except, exclude, exists, fetch, filter, first
  case from, full, glob, group, having, ilike, `in`, indexed, inner, intersect, interval, into, `is`
  case join, lateral, left, like, limit
  case localtime, localtimestamp
  case match, materialized, name, natural, next, not, null, offset, on, only, or, order, outer, over
  case partition, qualify, recursive, regexp, replace, right, rollup, row, rows, sample, select
  case sets, similar, some, sort, table, tablesample, then, union, using, values, view, when,
    `where`
  case window, with

  /// Whether the word before a parenthesis never calls a function.
  var excludesCall: Bool {
    switch self {
    case .all, .and, .any, .array, .as, .between, .by, .case, .cast, .collate, .cube, .distinct,
      .else, .escape, .except, .exists, .from, .glob, .group, .having, .ilike, .in, .intersect,
      .interval, .is, .join, .like, .limit, .match, .materialized, .not, .null, .offset, .on, .or,
      .order, .qualify, .regexp, .rollup, .row, .select, .sets, .similar, .some, .then, .union,
      .using, .values, .when, .where, .window, .with:
      true
    default:
      false
    }
  }

  /// Whether the word can not be the name of a table without quotes.
  var excludesName: Bool {
    switch self {
    case .all, .and, .as, .case, .distinct, .else, .except, .from, .group, .having, .in,
      .intersect, .into, .is, .join, .limit, .not, .null, .on, .or, .order, .select, .then, .union,
      .using, .values, .when, .where:
      true
    default:
      false
    }
  }
}

/// Finds the keyword of a word by a hash that the tokenizer makes while it reads the word.
///
/// A dictionary would do, were it not asked for every word of every query.
struct KeywordTable {
  static let shared = KeywordTable()

  private let slots: [SQLKeyword?]
  /// The spelling of each slot's keyword, filled up with zeros.
  private let spellings: [UInt8]
  private let width = SQLKeyword.allCases.reduce(1) { max($0, $1.rawValue.utf8.count + 1) }

  private init() {
    var slots: [SQLKeyword?] = Array(repeating: nil, count: 1024)
    for keyword in SQLKeyword.allCases {
      var slot = Self.slot(keyword.rawValue.utf8.reduce(0, Self.mix))
      while slots[slot] != nil { slot = (slot + 1) & 1023 }
      slots[slot] = keyword
    }
    self.slots = slots
    var spellings: [UInt8] = []
    for keyword in slots {
      let spelling = keyword.map { Array($0.rawValue.utf8) } ?? []
      spellings += spelling + [UInt8](repeating: 0, count: width - spelling.count)
    }
    self.spellings = spellings
  }

  /// Adds a byte, in lower case, to the hash of a word.
  @inline(__always)
  static func mix(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
    (hash &+ UInt32(byte)) &* 0x9E37_79B1
  }

  private static func slot(_ hash: UInt32) -> Int { Int(hash >> 22) }

  /// Finds the keyword that the bytes spell, given their hash.
  func keyword(_ bytes: [UInt8], _ range: Range<Int>, hash: UInt32) -> SQLKeyword? {
    guard range.count < width else { return nil }
    var slot = Self.slot(hash)
    while let keyword = slots[slot] {
      if spells(bytes, range, slot) { return keyword }
      slot = (slot + 1) & 1023
    }
    return nil
  }

  private func spells(_ bytes: [UInt8], _ range: Range<Int>, _ slot: Int) -> Bool {
    let start = slot * width
    guard spellings[start + range.count] == 0 else { return false }
    for position in 0..<range.count
    where spellings[start + position] != bytes[range.lowerBound + position].asciiLowercased {
      return false
    }
    return true
  }
}
