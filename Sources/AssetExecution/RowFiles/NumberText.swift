import AssetCore

/// A number as it is written in a file: what it is worth, and how faithfully a number can hold it.
///
/// The grammar is that of SQL and JSON together: a sign, digits with at most one point, an
/// exponent. White space, `inf` and `nan`, separators of thousands and hexadecimal digits are not
/// of it.
struct NumberText {
  private let text: UnsafeBufferPointer<UInt8>
  private let isNegative: Bool
  /// Whether there is neither a point nor an exponent.
  private let isWhole: Bool
  /// The digits as a number, unless there are too many of them.
  private let digits: UInt64?
  /// The power of ten that the digits are to be multiplied with.
  private let exponent: Int
  /// Whether a program would write the number so; what is not plain may be a code.
  ///
  /// There is no plus sign, no needless zero in front, and a digit behind a point.
  let isPlain: Bool

  /// Reads the text, or gives `nil` if it is no number; the text must outlive it.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    var scan = NumberScan(text)
    let isNegative = scan.skip("-")
    let hasPlus = !isNegative && scan.skip("+")
    let hasLeadingZero = scan.peek("0")
    let before = scan.takeDigits()
    let hasPoint = scan.skip(".")
    let after = hasPoint ? scan.takeDigits() : 0
    guard before + after > 0 else { return nil }
    let hasExponent = scan.skip("e") || scan.skip("E")
    guard let power = hasExponent ? scan.takePower() : 0, scan.isAtEnd else { return nil }

    self.text = text
    self.isNegative = isNegative
    isWhole = !hasPoint && !hasExponent
    digits = scan.significant <= 19 ? scan.value : nil
    exponent = power - after
    isPlain = !hasPlus && !(hasLeadingZero && before > 1) && !(hasPoint && after == 0)
  }

  /// Whether it is written as a whole number; minus zero is not, as an integer would lose its sign.
  var isInteger: Bool { isWhole && !(isNegative && digits == 0) }

  /// The whole number that is written, if it is one and fits 64 bits.
  var integer: Int64? {
    guard isWhole, let digits else { return nil }
    guard isNegative else { return Int64(exactly: digits) }
    return digits <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- digits) : nil
  }

  /// The nearest double-precision number; infinite if it is too large for one.
  var real: Double {
    guard let digits, digits <= 1 << 53, abs(exponent) <= 22 else {
      return Double(String(decoding: text, as: UTF8.self)) ?? .nan
    }
    // Both are exact, so that one correctly rounded operation gives the nearest number.
    let power = Self.powers[abs(exponent)]
    let size = exponent < 0 ? Double(digits) / power : Double(digits) * power
    return isNegative ? -size : size
  }

  /// Whether the nearest double-precision number stands for just this one, so that no digit is lost.
  var isHeldByReal: Bool {
    // So few digits come back from every number of a usual size.
    if let digits, digits < 1_000_000_000_000_000, abs(exponent) <= 270 { return true }
    return DecimalText(text)?.isHeld(by: real) ?? false
  }

  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}

/// Goes along the text of a number.
private struct NumberScan {
  /// The digits so far as a number; wrong if more than 19 are significant.
  private(set) var value: UInt64 = 0
  /// How many digits there are from the first that is not zero.
  private(set) var significant = 0

  private let text: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
  }

  var isAtEnd: Bool { index == text.count }

  func peek(_ scalar: Unicode.Scalar) -> Bool {
    index < text.count && text[index] == UInt8(ascii: scalar)
  }

  mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard peek(scalar) else { return false }
    index += 1
    return true
  }

  /// Adds digits to the value and tells how many there were.
  mutating func takeDigits() -> Int {
    let start = index
    while index < text.count, text[index].isDigit {
      if significant < 19 { value = value * 10 + UInt64(text[index] &- 0x30) }
      if value > 0 { significant += 1 }
      index += 1
    }
    return index - start
  }

  /// Reads the power of ten behind an `e`; one beyond any double-precision number is cut.
  mutating func takePower() -> Int? {
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    let start = index
    var power = 0
    while index < text.count, text[index].isDigit {
      power = min(power * 10 + Int(text[index] &- 0x30), 100_000)
      index += 1
    }
    guard index > start else { return nil }
    return isNegative ? -power : power
  }
}
