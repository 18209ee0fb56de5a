/// How long each partition of time is, in Coordinated Universal Time.
///
/// Partitions of one unit are numbered without gaps, so that the next one is the next number; weeks
/// begin on Mondays.
package enum PartitionUnit: String, CaseIterable, Hashable, Sendable {
  case hour, day, week, month

  /// The numbers of those that lie in the years 0001 to 9999 together with their ends, within which
  /// the order of texts is that of time.
  var numbers: ClosedRange<Int> {
    let first = number(at: Timestamp(year: 1, month: 1, day: 1))
    return first...number(at: Timestamp(year: 9999, month: 12, day: 31)) - 1
  }

  /// The number of the partition that a moment lies in.
  func number(at moment: Timestamp) -> Int {
    switch self {
    case .hour: return Int(floorDivide(moment.milliseconds, by: 3_600_000).quotient)
    case .day: return Int(floorDivide(moment.milliseconds, by: 86_400_000).quotient)
    case .week:
      // The first day of 1970 was a Thursday.
      let day = floorDivide(moment.milliseconds, by: 86_400_000).quotient
      return Int(floorDivide(day + 3, by: 7).quotient)
    case .month:
      let parts = moment.calendarParts
      return (parts.year - 1970) * 12 + parts.month - 1
    }
  }

  /// The moment at which a partition begins, which is when the one before it ends.
  func start(of number: Int) -> Timestamp {
    switch self {
    case .hour: return Timestamp(milliseconds: Int64(number) * 3_600_000)
    case .day: return Timestamp(milliseconds: Int64(number) * 86_400_000)
    case .week: return Timestamp(milliseconds: (Int64(number) * 7 - 3) * 86_400_000)
    case .month:
      let (years, months) = floorDivide(Int64(number), by: 12)
      return Timestamp(year: 1970 + Int(years), month: Int(months) + 1, day: 1)
    }
  }

  /// How many characters of `2024-01-02T05` name a partition: `2024-01` is a month, and a week is
  /// called by its Monday.
  var keyLength: Int {
    switch self {
    case .hour: 13
    case .day, .week: 10
    case .month: 7
    }
  }

  /// How many characters of `2024-01-02T05:00:00` may write where a partition begins.
  var startLengths: [Int] {
    switch self {
    case .hour: [13, 16, 19]
    case .day, .week: [10]
    case .month: [7, 10]
    }
  }
}

extension Timestamp {
  /// The moment at which a day begins, by Howard Hinnant's `days_from_civil`.
  ///
  /// A day or month too many counts on into the next month or year.
  init(year: Int, month: Int, day: Int) {
    let (years, zeroBased) = floorDivide(Int64(month - 1), by: 12)
    let month = Int(zeroBased) + 1
    let shifted = Int64(year) + years - (month <= 2 ? 1 : 0)
    let (era, yearOfEra) = floorDivide(shifted, by: 400)
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(milliseconds: (era * 146_097 + dayOfEra - 719_468) * 86_400_000)
  }

  /// The moment as `2024-01-02T05:00:00`, with something else between day and time if need be, up to
  /// a number of characters.
  func iso8601(separator: String = "T", length: Int) -> String {
    let parts = calendarParts
    let text =
      "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))\(separator)"
      + "\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
    return String(text.prefix(length))
  }
}
