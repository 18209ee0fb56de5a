/// A text as a number: within one ``WordTable`` equal texts are equal numbers.
struct Word: Hashable, Sendable {
  fileprivate var index: Int32
}

/// The names of a query as numbers, so that comparing two of them reads no text.
///
/// Names are compared far more often than they are shown: reading a query costs half as much with
/// numbers as with strings.
struct WordTable: Sendable {
  /// The bytes of all words, one after the other.
  private var bytes: [UInt8] = []
  /// Where each word ends; it begins where the one before it ends.
  private var ends: [Int32] = []
  private var hashes: [UInt32] = []
  /// Each word with the letters A to Z in lower case.
  private var lowercase: [Word] = []
  /// The words by their hash, with open addressing; -1 where there is none.
  private var slots: [Int32]

  /// - Parameter capacity: About how many different words there will be.
  init(capacity: Int) {
    slots = [Int32](repeating: -1, count: (2 * max(capacity, 16)).nextPowerOfTwo)
    bytes.reserveCapacity(8 * capacity)
    ends.reserveCapacity(capacity)
    hashes.reserveCapacity(capacity)
    lowercase.reserveCapacity(capacity)
  }

  /// The word for a text.
  mutating func word(_ text: String) -> Word {
    var text = text
    return text.withUTF8 { word($0) }
  }

  /// The word for a range of bytes.
  mutating func word(_ bytes: [UInt8], _ range: Range<Int>) -> Word {
    bytes.withUnsafeBufferPointer { word(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private mutating func word(_ text: UnsafeBufferPointer<UInt8>) -> Word {
    var hash: UInt32 = 2_166_136_261
    var hasUppercase = false
    for byte in text {
      hash = (hash ^ UInt32(byte)) &* 16_777_619
      hasUppercase = hasUppercase || byte != byte.asciiLowercased
    }
    hash ^= hash >> 15
    if let known = find(text, hash) { return known }
    let word = add(text, hash)
    if hasUppercase {
      lowercase[Int(word.index)] = self.word(text.map(\.asciiLowercased), 0..<text.count)
    }
    return word
  }

  /// A word with the letters A to Z in lower case.
  func lowercased(_ word: Word) -> Word { lowercase[Int(word.index)] }

  /// Whether a word has no letters but those of ASCII in lower case.
  func isFolded(_ word: Word) -> Bool {
    bytes[range(of: Int(word.index))].allSatisfy { $0 < 0x80 && $0 == $0.asciiLowercased }
  }

  /// The text of a word.
  func text(of word: Word) -> String {
    String(decoding: bytes[range(of: Int(word.index))], as: UTF8.self)
  }

  private func range(of index: Int) -> Range<Int> {
    (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
  }

  private func find(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Word? {
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if hashes[index] == hash {
        let range = range(of: index)
        if range.count == text.count, bytes[range].elementsEqual(text) {
          return Word(index: Int32(index))
        }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Word {
    let word = Word(index: Int32(ends.count))
    bytes += text
    ends.append(Int32(bytes.count))
    hashes.append(hash)
    lowercase.append(word)
    if 2 * ends.count > slots.count {
      slots = [Int32](repeating: -1, count: 2 * slots.count)
      for index in hashes.indices { place(Int32(index)) }
    } else {
      place(word.index)
    }
    return word
  }

  private mutating func place(_ index: Int32) {
    var slot = Int(hashes[Int(index)]) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = index
  }
}

extension SQLDialect {
  /// The form of a name by which the dialect compares names; see ``key(of:isQuoted:)``.
  func key(of name: Word, isQuoted: Bool, in words: WordTable) -> Word {
    isQuoted && comparesQuotedNamesByCase ? name : words.lowercased(name)
  }
}

extension Int {
  /// The least power of two that is not less.
  fileprivate var nextPowerOfTwo: Int {
    1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
  }
}
