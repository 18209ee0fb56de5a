/// One value of a row, as far as showing and comparing it depends on its type.
package enum Cell: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  /// In hexadecimal digits.
  case blob(String)
}

extension Cell {
  /// How far two reals may be apart to count as equal, unless a test says otherwise.
  package static let defaultTolerance = 1e-9

  /// Whether two values are the same for somebody who tests: of one type and equal, except that a
  /// whole number equals the real of its size, and that reals may be a little apart.
  ///
  /// - Parameters:
  ///   - other: The value to compare with.
  ///   - tolerance: The distance up to which a real equals another number, as a share of the larger
  ///     of the two and of 1.
  /// - Returns: Whether they count as equal.
  package func agrees(with other: Cell, tolerance: Double) -> Bool {
    switch (self, other) {
    case (.integer(let left), .real(let right)), (.real(let right), .integer(let left)):
      Int64(exactly: right) == left || Self.isNear(Double(left), right, tolerance)
    case (.real(let left), .real(let right)):
      left == right || Self.isNear(left, right, tolerance)
    default: self == other
    }
  }

  private static func isNear(_ left: Double, _ right: Double, _ tolerance: Double) -> Bool {
    guard tolerance > 0, left.isFinite, right.isFinite else { return false }
    return abs(left - right) <= tolerance * max(1, abs(left), abs(right))
  }

  /// The same value for all that agree without any tolerance.
  var normalized: Cell {
    guard case .real(let number) = self, let integer = Int64(exactly: number) else { return self }
    return .integer(integer)
  }
}
