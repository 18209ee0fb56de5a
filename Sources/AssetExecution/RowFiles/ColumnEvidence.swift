import AssetCore

/// What the values of one column have shown so far, from which its type is inferred.
///
/// Inference never loses a digit: a column is text rather than real when a double-precision number would
/// be another one than a number that is written, or could not tell one of its integers from its neighbour.
struct ColumnEvidence: OptionSet {
  let rawValue: UInt8

  static let boolean = Self(rawValue: 1)
  static let integer = Self(rawValue: 2)
  /// An integer that fits 64 bits, but not the 53 of a double-precision number.
  static let longInteger = Self(rawValue: 4)
  static let real = Self(rawValue: 8)
  static let text = Self(rawValue: 16)

  /// The type that holds every value seen; text, if there was none.
  var type: ColumnType {
    if isEmpty || contains(.text) { return .text }
    if contains(.real) { return contains(.longInteger) ? .text : .real }
    return self == .boolean ? .boolean : .integer
  }

  /// Takes note of a value that is written as text.
  mutating func note(text: UnsafeBufferPointer<UInt8>) {
    guard !contains(.text) else { return }
    guard let number = NumberText(text), number.isPlain else {
      insert(.text)
      return
    }
    note(number)
  }

  /// Takes note of a number, however long.
  mutating func note(_ number: NumberText) {
    if number.isInteger {
      note(integer: number)
    } else {
      insert(number.isHeldByReal ? .real : .text)
    }
  }

  private mutating func note(integer number: NumberText) {
    guard let integer = number.integer else {
      insert(.text)
      return
    }
    insert(integer.magnitude <= 1 << 53 ? .integer : .longInteger)
  }
}
