extension PartitionList {
  /// Finds the partitions that a user names.
  ///
  /// ```swift
  /// try list.select(["2024-01-01..2024-01-31", "2024-03-01"])
  /// ```
  ///
  /// - Parameter words: Keys, and of partitions of time ranges with both ends within: `a..b`, `a..`
  ///   from one on, `..b` up to one.
  /// - Throws: What is wrong with the first word that names none.
  /// - Returns: Where they stand, in order, each once.
  package func select(_ words: [String]) throws(PartitionError) -> [Int] {
    var ranges: [Range<Int>] = []
    for word in words { ranges.append(try range(word)) }
    // Ranges may be long and overlap; in order none has to be looked at twice.
    var selected: [Int] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      let first = Swift.max(range.lowerBound, (selected.last ?? -1) + 1)
      if first < range.upperBound { selected += first..<range.upperBound }
    }
    return selected
  }

  fileprivate func range(_ word: String) throws(PartitionError) -> Range<Int> {
    if let index = index(of: word) { return index..<index + 1 }
    guard let ends = word.ends else {
      let index = try find(word)
      return index..<index + 1
    }
    guard case .time = scheme.division else { throw .rangeOfValues(word) }
    guard !isEmpty else { throw unknown(word, nearest: nil) }
    let begin = ends.first.isEmpty ? 0 : try find(ends.first)
    let end = ends.last.isEmpty ? endIndex - 1 : try find(ends.last)
    guard begin <= end else { throw .reversed(first: ends.first, last: ends.last) }
    return begin..<end + 1
  }

  /// Finds the partition that a user names.
  ///
  /// - Parameter key: Its key.
  /// - Throws: What is wrong with a key that no partition has, with the nearest one.
  /// - Returns: Where it stands.
  package func find(_ key: String) throws(PartitionError) -> Int {
    if let index = index(of: key) { return index }
    switch scheme.division {
    case .values(let values):
      throw unknown(key, nearest: nearestName(to: key, in: values.map(\.text)))
    case .time(let time):
      guard let number = PartitionTime.number(near: key, time.every) else {
        throw .malformed(key, time.every, nearest: nil)
      }
      guard time.key(of: number) == key else {
        throw .malformed(key, time.every, nearest: isEmpty ? nil : nearest(number, time))
      }
      throw unknown(key, nearest: isEmpty ? nil : nearest(number, time))
    }
  }

  /// The key of the partition that there is nearest to a number.
  private func nearest(_ number: Int, _ time: PartitionTime) -> String {
    self[Swift.min(Swift.max(number - time.first, 0), endIndex - 1)].key
  }

  private func unknown(_ key: String, nearest: String?) -> PartitionError {
    guard let first, let last else {
      guard case .time(let time) = scheme.division else {
        return .unknown(key, nearest: nil, first: "", last: "")
      }
      return .noneComplete(first: time.key(of: time.first))
    }
    return .unknown(key, nearest: nearest, first: first.key, last: last.key)
  }
}

extension [PartitionList] {
  /// Finds the partitions of several assets that a user names.
  ///
  /// Assets may be cut in different ways. A word that names partitions of one of them takes of the others
  /// what lies in that time, which may be nothing.
  ///
  /// - Parameters:
  ///   - words: Keys and ranges, as for one asset.
  ///   - lists: The partitions of each asset.
  /// - Throws: What is wrong with the first word that names no partition of any asset.
  /// - Returns: For each asset where they stand, in order, each once.
  package static func select(
    _ words: [String], in lists: [PartitionList]
  ) throws(PartitionError) -> [[Int]] {
    guard lists.count > 1 else {
      var places: [[Int]] = []
      for list in lists { places.append(try list.select(words)) }
      return places
    }
    var selected: [Set<Int>] = lists.map { _ in [] }
    for word in words {
      var errors: [PartitionError] = []
      var ranges: [Range<Int>] = []
      for list in lists {
        do throws(PartitionError) {
          ranges.append(try list.range(word))
        } catch {
          errors.append(error)
          ranges.append(list.range(within: word))
        }
      }
      if errors.count == lists.count, ranges.allSatisfy(\.isEmpty) {
        // To say that there is no such day tells more than that it is no month.
        throw errors.first { if case .unknown = $0 { true } else { false } } ?? errors[0]
      }
      for (index, range) in ranges.enumerated() { selected[index].formUnion(range) }
    }
    return selected.map { $0.sorted() }
  }
}

extension PartitionList {
  /// The partitions that lie in the time that a range names, however long partitions are that are named
  /// like its ends.
  fileprivate func range(within word: String) -> Range<Int> {
    guard case .time(let time) = scheme.division, let ends = word.ends, !isEmpty else {
      return 0..<0
    }
    let moments = (
      first: PartitionUnit.period(of: ends.first), last: PartitionUnit.period(of: ends.last)
    )
    guard ends.first.isEmpty || moments.first != nil, ends.last.isEmpty || moments.last != nil
    else {
      return 0..<0
    }
    let begin = moments.first.map { period in
      time.every.number(at: Timestamp(milliseconds: period.start.milliseconds - 1)) + 1 - time.first
    }
    let end = moments.last.map { period in time.every.number(at: period.end) - time.first }
    let lower = Swift.min(Swift.max(begin ?? 0, 0), endIndex)
    let upper = Swift.min(Swift.max(end ?? endIndex, 0), endIndex)
    return lower..<Swift.max(lower, upper)
  }
}

extension PartitionUnit {
  /// The time that a key names: an hour, a day or a month.
  fileprivate static func period(of key: String) -> (start: Timestamp, end: Timestamp)? {
    for unit in [PartitionUnit.hour, .day, .month] {
      guard let number = PartitionTime.number(near: key, unit),
        unit.start(of: number).iso8601(length: unit.keyLength) == key
      else { continue }
      return (unit.start(of: number), unit.start(of: number + 1))
    }
    return nil
  }
}

extension PartitionScheme {
  /// The partition of a key, whether or not there is one of that time at present.
  ///
  /// - Parameter key: Its key.
  /// - Throws: What is wrong with a text that is no key.
  /// - Returns: The partition.
  package func partition(named key: String) throws(PartitionError) -> Partition {
    guard case .time(let time) = division else {
      let list = PartitionList(self, at: Timestamp(milliseconds: 0))
      return list[try list.find(key)]
    }
    let number = PartitionTime.number(near: key, time.every)
    guard let number, time.key(of: number) == key else {
      throw .malformed(key, time.every, nearest: number.map(time.key(of:)))
    }
    return Partition(number, of: time, column: column)
  }
}

extension String {
  /// What stands on both sides of the first `..`, if that is in the text.
  fileprivate var ends: (first: String, last: String)? {
    let bytes = Array(utf8)
    let dot = UInt8(ascii: ".")
    guard
      let place = bytes.indices.dropLast().first(where: { bytes[$0] == dot && bytes[$0 + 1] == dot }
      )
    else { return nil }
    return (
      String(decoding: bytes[..<place], as: UTF8.self),
      String(decoding: bytes[(place + 2)...], as: UTF8.self)
    )
  }
}
