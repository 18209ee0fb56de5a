/// Values by word; few of them as a rule, so that going through the words is fastest.
struct WordMap<Value: Sendable>: Sendable {
  private static var many: Int { 16 }

  private(set) var words: [Word] = []
  private var values: [Value] = []
  /// The positions of the words once they are many.
  private var positions: [Word: Int] = [:]

  init(minimumCapacity: Int = 0) {
    guard minimumCapacity > 0 else { return }
    words.reserveCapacity(minimumCapacity)
    values.reserveCapacity(minimumCapacity)
  }

  subscript(word: Word) -> Value? { position(of: word).map { values[$0] } }

  subscript(word: Word, default value: Value) -> Value {
    get { self[word] ?? value }
    _modify {
      if let position = position(of: word) {
        yield &values[position]
      } else {
        set(word, to: value)
        yield &values[values.count - 1]
      }
    }
  }

  mutating func set(_ word: Word, to value: Value) {
    if let position = position(of: word) {
      values[position] = value
    } else {
      words.append(word)
      values.append(value)
      if words.count > Self.many { index() }
    }
  }

  private mutating func index() {
    guard positions.isEmpty else {
      positions[words[words.count - 1]] = words.count - 1
      return
    }
    for (position, word) in words.enumerated() { positions[word] = position }
  }

  private func position(of word: Word) -> Int? {
    words.count > Self.many ? positions[word] : words.firstIndex(of: word)
  }
}

/// Words, each once.
struct WordSet: Sendable {
  private var map: WordMap<Bool>

  init(minimumCapacity: Int = 0) { map = WordMap(minimumCapacity: minimumCapacity) }

  func contains(_ word: Word) -> Bool { map[word] != nil }

  /// Adds a word; false if it was there.
  mutating func insert(_ word: Word) -> Bool {
    guard !contains(word) else { return false }
    map.set(word, to: true)
    return true
  }
}
