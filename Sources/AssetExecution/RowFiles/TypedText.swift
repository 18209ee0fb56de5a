import AssetCore
import AssetWarehouse

extension ColumnType {
  /// Reads a text as a value of this type, strictly.
  ///
  /// - Parameter text: Well-formed UTF-8.
  /// - Returns: The value, or `nil` if the text is not of the type.
  func value(of text: UnsafeBufferPointer<UInt8>) -> Value? {
    switch self {
    case .text: .text(String(decoding: text, as: UTF8.self))
    case .integer: NumberText(text)?.integer.map(Value.integer)
    case .real: realValue(of: text)
    case .numeric: NumberText(text)?.integer.map(Value.integer) ?? realValue(of: text)
    case .boolean: truth(of: text).map { .integer($0 ? 1 : 0) }
    case .date: ClockText(text).isDate ? .text(String(decoding: text, as: UTF8.self)) : nil
    case .timestamp:
      ClockText(text).isTimestamp ? .text(String(decoding: text, as: UTF8.self)) : nil
    case .blob: bytes(of: text).map(Value.blob)
    }
  }

  /// A number, or an infinity as programs write it.
  private func realValue(of text: UnsafeBufferPointer<UInt8>) -> Value? {
    if let number = NumberText(text) {
      let real = number.real
      return real.isFinite ? .real(real) : nil
    }
    guard (3...9).contains(text.count) else { return nil }
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "inf", "+inf", "infinity", "+infinity": return .real(.infinity)
    case "-inf", "-infinity": return .real(-.infinity)
    default: return nil
    }
  }

  private func truth(of text: UnsafeBufferPointer<UInt8>) -> Bool? {
    guard (1...5).contains(text.count) else { return nil }
    return switch String(decoding: text, as: UTF8.self).lowercased() {
    case "true", "t", "yes", "1": true
    case "false", "f", "no", "0": false
    default: nil
    }
  }

  private func bytes(of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = hexadecimalDigit(text[index]),
        let low = hexadecimalDigit(text[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

/// A day or a moment in ISO 8601's extended form, looked at but not converted.
private struct ClockText {
  private let text: UnsafeBufferPointer<UInt8>

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
  }

  /// Whether it is `YYYY-MM-DD`, and a day of the calendar.
  var isDate: Bool { text.count == 10 && hasDate }

  /// Whether it is `YYYY-MM-DD`, a `T` or a space, `HH:MM[:SS[.fff]]`, and maybe `Z` or `±HH:MM`.
  var isTimestamp: Bool {
    guard text.count >= 16, hasDate, holds(10, "T") || holds(10, " ") else { return false }
    guard let hour = number(11, 2), hour < 24, holds(13, ":"), let minute = number(14, 2),
      minute < 60
    else { return false }
    var index = 16
    if holds(index, ":") {
      guard let second = number(17, 2), second < 60 else { return false }
      index = 19
      if holds(index, ".") {
        let start = index + 1
        index = start
        while index < text.count, text[index].isDigit { index += 1 }
        guard index > start else { return false }
      }
    }
    return index == text.count || isZone(at: index)
  }

  private var hasDate: Bool {
    guard text.count >= 10, let year = number(0, 4), holds(4, "-"), let month = number(5, 2),
      holds(7, "-"), let day = number(8, 2), (1...12).contains(month)
    else { return false }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let length =
      switch month {
      case 2: isLeap ? 29 : 28
      case 4, 6, 9, 11: 30
      default: 31
      }
    return (1...length).contains(day)
  }

  private func isZone(at index: Int) -> Bool {
    if holds(index, "Z") { return index + 1 == text.count }
    guard holds(index, "+") || holds(index, "-"), index + 6 == text.count, holds(index + 3, ":"),
      let hours = number(index + 1, 2), let minutes = number(index + 4, 2)
    else { return false }
    return hours < 24 && minutes < 60
  }

  private func holds(_ index: Int, _ scalar: Unicode.Scalar) -> Bool {
    index < text.count && text[index] == UInt8(ascii: scalar)
  }

  private func number(_ start: Int, _ length: Int) -> Int? {
    guard start + length <= text.count else { return nil }
    var number = 0
    for index in start..<(start + length) {
      guard text[index].isDigit else { return nil }
      number = number * 10 + Int(text[index] &- 0x30)
    }
    return number
  }
}
