/// How a table is cut into partitions: by the values of one of its columns.
package struct PartitionScheme: Hashable, Sendable {
  package enum Division: Hashable, Sendable {
    case time(PartitionTime)
    /// One partition for each of some texts or whole numbers, in the order in which they are written.
    case values([VarValue])
  }

  /// The column of the table that says which partition a row belongs to, in lower case.
  package var column: String
  package var division: Division

  package init(column: String, _ division: Division) {
    self.column = column.caseFolded
    self.division = division
  }

  /// What can change the content of a partition, as a text for the definition.
  ///
  /// Which partitions there are is no part of it: one more changes nothing in the others.
  package var definitionText: String {
    switch division {
    case .values: "values of \(column)"
    case .time(let time): "\(time.every.rawValue) of \(column) written \(time.bounds.canonicalText)"
    }
  }

  /// The parameters that a query may use.
  package var parameters: [PartitionParameter] {
    if case .values = division { [.key] } else { PartitionParameter.allCases }
  }
}

/// Partitions that follow each other in time.
package struct PartitionTime: Hashable, Sendable {
  /// How the column writes moments, with which bounds are compared.
  package enum Bounds: Hashable, Sendable {
    /// As ISO 8601, in UTC; the bounds are the first characters of `2024-01-02T05:00:00`, with a `T` or
    /// a space before the time.
    ///
    /// Texts are compared from the left, so that bounds are right for every text that goes on where
    /// they end: `2024-01-02` is not after any moment of that day, however exact it is written.
    case text(length: Int, separator: String)
    /// As whole numbers of seconds since 1970.
    case seconds
    /// As whole numbers of milliseconds since 1970.
    case milliseconds

    var canonicalText: String {
      switch self {
      case .text(let length, let separator): length > 10 ? "\(length)\(separator)" : "\(length)"
      case .seconds: "epoch"
      case .milliseconds: "epoch_ms"
      }
    }

    /// The value for a moment.
    func value(of moment: Timestamp) -> VarValue {
      switch self {
      case .text(let length, let separator):
        .text(moment.iso8601(separator: separator, length: length))
      case .seconds: .integer(floorDivide(moment.milliseconds, by: 1000).quotient)
      case .milliseconds: .integer(moment.milliseconds)
      }
    }
  }

  package let every: PartitionUnit
  /// The first and, if it is set, the last partition, as they are written.
  package let start: String
  package let end: String?
  package let bounds: Bounds
  /// The numbers of these partitions.
  let first: Int
  let last: Int?

  /// Partitions from a first one to a last one.
  ///
  /// The first one is written as the column writes moments, or as far as that is the same for all of
  /// them: the hour in `2024-01-02T05`, `2024-01-02 05` or `2024-01-02 05:00:00`, the month in `2024-01`
  /// or `2024-01-01`. That is how all bounds are written.
  ///
  /// - Parameters:
  ///   - every: How long each is.
  ///   - start: The first one.
  ///   - end: The last one; without it, it is the last one that is complete.
  ///   - numbers: How the column writes moments, if it does so by numbers.
  /// - Throws: What is wrong with `start` or `end`.
  package init(
    every: PartitionUnit, start: String, end: String? = nil, numbers: Bounds? = nil
  ) throws(PartitionError) {
    self.every = every
    self.start = start
    self.end = end
    let written = try Self.read(start, every)
    first = written.number
    bounds = numbers ?? written.bounds
    guard let end else {
      last = nil
      return
    }
    let final = try Self.read(end, every).number
    last = final
    if final < first { throw .reversed(first: start, last: end) }
  }

  /// Reads where a partition begins.
  private static func read(
    _ text: String, _ every: PartitionUnit
  ) throws(PartitionError) -> (number: Int, bounds: Bounds) {
    let near = number(near: text, every)
    let separator = text.utf8.dropFirst(10).first == UInt8(ascii: " ") ? " " : "T"
    let length = text.utf8.count
    guard let near,
      every.start(of: near).iso8601(separator: separator, length: length) == text,
      every.startLengths.contains(length)
    else {
      let lengths = every.startLengths
      let nearest = near.map { number in
        every.start(of: number).iso8601(
          separator: separator, length: lengths.contains(length) ? length : every.keyLength)
      }
      throw .malformed(text, every, nearest: nearest)
    }
    return (near, .text(length: length, separator: separator))
  }

  /// The number of the partition that a text may mean, however it is written; none if there are no
  /// numbers in it, or it lies beyond the years 0001 to 9999.
  static func number(near text: String, _ every: PartitionUnit) -> Int? {
    let parts = text.utf8.split { !(0x30...0x39 ~= $0) }
      .prefix(4).map { Int(String(decoding: $0, as: UTF8.self)) }
    guard let year = parts.first ?? nil, 1...9999 ~= year, !parts.contains(nil) else { return nil }
    func part(_ index: Int, _ least: Int, _ most: Int) -> Int {
      index < parts.count ? min(max(parts[index] ?? least, least), most) : least
    }
    let day = Timestamp(year: year, month: part(1, 1, 12), day: part(2, 1, 31))
    let moment = Timestamp(milliseconds: day.milliseconds + Int64(part(3, 0, 23)) * 3_600_000)
    return min(every.number(at: moment), every.numbers.upperBound)
  }

  /// What a partition is called.
  func key(of number: Int) -> String {
    every.start(of: number).iso8601(length: every.keyLength)
  }

  /// The bounds of a number of partitions that follow each other, the second of which is not within.
  ///
  /// They never leave the years in which the order of texts is that of time.
  func bounds(_ numbers: ClosedRange<Int>) -> (start: VarValue, end: VarValue) {
    let numbers = numbers.clamped(to: every.numbers)
    return (
      bounds.value(of: every.start(of: numbers.lowerBound)),
      bounds.value(of: every.start(of: numbers.upperBound + 1))
    )
  }
}
