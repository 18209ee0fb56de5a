/// What a decimal number is worth, digit by digit, however many there are.
///
/// Two are equal just when the numbers are: `1.10`, `11e-1` and `1.1` are one.
package struct DecimalText: Equatable {
  private var isNegative = false
  /// From the first to the last that is not zero.
  private var digits: [UInt8] = []
  /// The power of ten of the last digit.
  private var exponent = 0

  /// Reads a sign, digits with at most one point, and an exponent; `nil` for anything else.
  package init?(_ text: some Sequence<UInt8>) {
    var rest = text.makeIterator()
    var next = rest.next()
    if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") {
      isNegative = next == UInt8(ascii: "-")
      next = rest.next()
    }
    var hasPoint = false
    var hasDigit = false
    while let byte = next, byte | 0x20 != UInt8(ascii: "e") {
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else if byte.isDigit {
        hasDigit = true
        digits.append(byte &- 0x30)
        if hasPoint { exponent -= 1 }
      } else {
        return nil
      }
      next = rest.next()
    }
    guard hasDigit else { return nil }
    if next != nil {
      var power: [UInt8] = []
      while let byte = rest.next() { power.append(byte) }
      guard let shift = Self.power(power) else { return nil }
      exponent += shift
    }
    normalize()
  }

  /// What a double-precision number is worth exactly; it is finite.
  private init(exactly number: Double) {
    isNegative = number < 0
    // The significand's last digit as a binary number counts two to this power.
    let power = Int(max(number.exponent, Double.leastNormalMagnitude.exponent)) - 52
    var significand =
      number.isNormal
      ? number.significandBitPattern | 1 << 52 : number.significandBitPattern
    while significand > 0 {
      digits.insert(UInt8(significand % 10), at: 0)
      significand /= 10
    }
    // A half is five tenths.
    for _ in 0..<abs(power) { multiply(by: power < 0 ? 5 : 2) }
    exponent = min(power, 0)
    normalize()
  }

  /// Whether a double-precision number stands for just this one: by the shortest digits that tell it from
  /// its neighbours, or by its exact worth.
  package func isHeld(by number: Double) -> Bool {
    guard number.isFinite else { return false }
    if Self(number.description.utf8) == self { return true }
    // The exact worth has as many digits only where the shortest would do, or more.
    return digits.count > 15 && Self(exactly: number) == self
  }

  private static func power(_ text: [UInt8]) -> Int? {
    guard let first = text.first else { return nil }
    let isNegative = first == UInt8(ascii: "-")
    let digits = isNegative || first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
    // Whatever lies beyond these is no double-precision number.
    let power = digits.reduce(0) { min($0 * 10 + Int($1 &- 0x30), 1_000_000_000) }
    return isNegative ? -power : power
  }

  private mutating func multiply(by factor: UInt8) {
    var carry: UInt8 = 0
    for index in digits.indices.reversed() {
      let product = digits[index] * factor + carry
      digits[index] = product % 10
      carry = product / 10
    }
    if carry > 0 { digits.insert(carry, at: 0) }
  }

  private mutating func normalize() {
    let isZero = { (digit: UInt8) in digit == 0 }
    digits = Array(digits.drop(while: isZero))
    while digits.last == 0 {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty {
      exponent = 0
      isNegative = false
    }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self &- 0x30 < 10 }
}
