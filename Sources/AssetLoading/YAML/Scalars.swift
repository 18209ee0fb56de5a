import AssetCore

extension VarValue {
  /// Reads a value as YAML's core schema does.
  ///
  /// Plain `null`, booleans and numbers are such, all else is text. So is a number that would lose a digit
  /// as an integer of 64 bits or a double-precision number, unless it may be rounded. A quoted value is
  /// always text.
  init(yaml text: String, isPlain: Bool, isRounded: Bool = false) {
    guard isPlain else {
      self = .text(text)
      return
    }
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .boolean(true)
    case "false", "False", "FALSE": self = .boolean(false)
    default:
      if let integer = Int64(text), Self.isDecimal(text) {
        self = .integer(integer)
      } else if Self.isDecimal(text), let real = Double(text), real.isFinite,
        isRounded || DecimalText(text.utf8)?.isHeld(by: real) == true
      {
        self = .real(real)
      } else {
        self = .text(text)
      }
    }
  }

  /// Digits, signs, points and exponents only; no leading zeros, which codes have and numbers not.
  private static func isDecimal(_ text: String) -> Bool {
    let digits = text.drop { $0 == "-" || $0 == "+" }
    let isPadded = digits.hasPrefix("0") && digits.dropFirst().first.map { $0.isNumber } == true
    return !isPadded && text.allSatisfy { "+-.eE0123456789".contains($0) }
  }
}

/// Reads a length of time such as `500ms`, `30s` or `10m`, in milliseconds.
func duration(inMilliseconds text: String) -> Int64? {
  if text.hasSuffix("ms") {
    return Int64(text.dropLast(2)).flatMap { $0 > 0 ? $0 : nil }
  }
  return duration(text).flatMap { seconds in
    let (milliseconds, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1000)
    return overflow ? nil : milliseconds
  }
}

/// Reads a length of time such as `30s`, `10m`, `6h` or `2d`, in seconds.
func duration(_ text: String) -> Int? {
  let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
  guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count > 0
  else { return nil }
  let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
  return overflow ? nil : seconds
}
