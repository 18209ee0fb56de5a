/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable {
  package let milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The milliseconds from an earlier moment to this one.
  package func milliseconds(since earlier: Timestamp) -> Int64 {
    milliseconds - earlier.milliseconds
  }
}

extension Timestamp: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}

/// The parts of a moment in Coordinated Universal Time.
package struct CalendarParts: Equatable, Sendable {
  package var year, month, day, hour, minute, second, millisecond: Int
}

extension Timestamp {
  /// The calendar parts in UTC, by Howard Hinnant's `civil_from_days`.
  package var calendarParts: CalendarParts {
    let (days, inDay) = floorDivide(milliseconds, by: 86_400_000)
    let shifted = days + 719_468
    let (era, dayOfEra) = floorDivide(shifted, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return CalendarParts(
      year: Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), month: Int(month),
      day: Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1), hour: Int(inDay / 3_600_000),
      minute: Int(inDay / 60_000 % 60), second: Int(inDay / 1000 % 60),
      millisecond: Int(inDay % 1000))
  }

  /// The moment in RFC 3339, in UTC and whole seconds: `2026-11-21T09:14:03Z`.
  package var rfc3339: String { wholeSeconds(calendarParts) + "Z" }

  /// The moment in RFC 3339, in UTC and milliseconds: `2026-11-21T09:14:03.207Z`.
  package var rfc3339Milliseconds: String {
    let parts = calendarParts
    return "\(wholeSeconds(parts)).\(padded(parts.millisecond, 3))Z"
  }

  private func wholeSeconds(_ parts: CalendarParts) -> String {
    "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))T"
      + "\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
  }
}

/// Writes a number with leading zeros up to the width.
package func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Divides so that the remainder is never negative.
func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}
