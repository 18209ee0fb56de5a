extension Timestamp {
  /// Reads a date or a time as ISO 8601 and databases write it; without a zone it is in UTC.
  ///
  /// Digits alone are such of an epoch if there are at least nine: fewer are a year or a day.
  ///
  /// ```swift
  /// Timestamp(reading: "2026-11-21")                  // midnight
  /// Timestamp(reading: "2026-11-21 09:14:03.207")
  /// Timestamp(reading: "2026-11-21T10:14+01:00")
  /// Timestamp(reading: "1795252443")                  // seconds since 1970
  /// ```
  package init?(reading text: String) {
    var rest = ByteScanner(text)
    if let time = Self.civilTime(&rest), rest.isAtEnd {
      self = time
    } else if text.utf8.count >= 9, let number = Int64(text), let time = Timestamp(epoch: number) {
      self = time
    } else {
      return nil
    }
  }

  /// The seconds or milliseconds since 1970, told apart by their size: what is less than 100
  /// thousand million are seconds, which reach to the year 5138.
  package init?(epoch number: Int64) {
    let milliseconds = number.magnitude < 100_000_000_000 ? number * 1000 : number
    // The years from 1 to 9999, beyond which a number means something else.
    guard (-62_135_596_800_000...253_402_300_799_999).contains(milliseconds) else { return nil }
    self.init(milliseconds: milliseconds)
  }

  private static func civilTime(_ rest: inout ByteScanner) -> Timestamp? {
    guard let year = rest.digits(4), rest.skip("-"), let month = rest.digits(2), rest.skip("-"),
      let day = rest.digits(2), (1...12).contains(month), day >= 1,
      day <= daysInMonth(month, of: year)
    else { return nil }
    var milliseconds = Int64(daysSince1970(year, month, day)) * 86_400_000
    guard rest.skip("T") || rest.skip("t") || rest.skip(" ") else {
      return Timestamp(milliseconds: milliseconds)
    }
    guard let hour = rest.digits(2), hour < 24, rest.skip(":"), let minute = rest.digits(2),
      minute < 60
    else { return nil }
    milliseconds += Int64(hour * 3600 + minute * 60) * 1000
    if rest.skip(":") {
      // A leap second counts as the one after it.
      guard let second = rest.digits(2), second <= 60 else { return nil }
      milliseconds += Int64(second) * 1000
      if rest.skip(".") || rest.skip(",") {
        guard let fraction = rest.fraction() else { return nil }
        milliseconds += fraction
      }
    }
    guard let offset = zone(&rest) else { return nil }
    return Timestamp(milliseconds: milliseconds - offset)
  }

  /// How far the zone is ahead of UTC, in milliseconds; none is UTC.
  private static func zone(_ rest: inout ByteScanner) -> Int64? {
    _ = rest.skip(" ")
    if rest.isAtEnd || rest.skip("Z") || rest.skip("z") || rest.skip("UTC") { return 0 }
    let isBehind = rest.skip("-")
    guard isBehind || rest.skip("+"), let hours = rest.digits(2), hours < 24 else { return nil }
    var minutes = 0
    if !rest.isAtEnd {
      _ = rest.skip(":")
      guard let digits = rest.digits(2), digits < 60 else { return nil }
      minutes = digits
    }
    return Int64((isBehind ? -1 : 1) * (hours * 60 + minutes)) * 60_000
  }

  private static func daysInMonth(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Howard Hinnant's `days_from_civil`.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    // No year is before 0, but January of that counts to the year before.
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

/// Takes a text apart from its beginning.
private struct ByteScanner {
  private var rest: ArraySlice<UInt8>

  init(_ text: String) { rest = Array(text.utf8)[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ text: StaticString) -> Bool {
    let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard rest.starts(with: bytes) else { return false }
    rest.removeFirst(bytes.count)
    return true
  }

  /// A number of just so many digits.
  mutating func digits(_ count: Int) -> Int? {
    guard rest.count >= count, rest.prefix(count).allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    defer { rest.removeFirst(count) }
    return rest.prefix(count).reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// The digits behind a point, as milliseconds; further ones are cut off.
  mutating func fraction() -> Int64? {
    let digits = rest.prefix { (48...57).contains($0) }
    guard !digits.isEmpty else { return nil }
    rest.removeFirst(digits.count)
    let padded =
      Array(digits.prefix(3)) + Array(repeating: UInt8(48), count: max(0, 3 - digits.count))
    return padded.reduce(0) { $0 * 10 + Int64($1 - 48) }
  }
}
