/// How the rows of a result differ from those that a test expects.
///
/// Rows are paired first where they are equal; of those that are left, rows that are alike are
/// paired as changed. Taking the missing rows away from the expected ones, adding the unexpected ones
/// and replacing the changed ones gives the actual rows.
package struct RowDifference: Equatable, Sendable {
  /// One difference; the numbers are positions among the expected and the actual rows.
  package enum Change: Hashable, Sendable {
    case missing(expected: Int)
    case unexpected(actual: Int)
    case changed(expected: Int, actual: Int)
  }

  /// The columns that are compared.
  package let columns: [String]
  package private(set) var expected: [[Cell]]
  package private(set) var actual: [[Cell]]
  /// What differs: in the order of the expected rows, each unexpected row behind what precedes it.
  package let changes: [Change]
  /// Whether the rows are the same, and only their order is not.
  package let isReordered: Bool
  private let tolerance: Double

  /// Compares rows.
  ///
  /// Takes time linear in the number of rows as long as these are equal but for their order.
  ///
  /// - Parameters:
  ///   - expected: The rows as they should be, a cell for each column.
  ///   - actual: The rows as they are.
  ///   - columns: The names of the columns.
  ///   - isOrdered: Whether the order of the rows counts.
  ///   - tolerance: How far reals may be apart; see ``Cell/agrees(with:tolerance:)``.
  package init(
    expected: [[Cell]], actual: [[Cell]], columns: [String], isOrdered: Bool = false,
    tolerance: Double = Cell.defaultTolerance
  ) {
    self.columns = columns
    self.expected = expected
    self.actual = actual
    self.tolerance = tolerance
    var pairing = RowPairing(expected: expected, actual: actual, tolerance: tolerance)
    if isOrdered {
      let unordered = pairing.pairedAnyhow()
      isReordered = unordered.isComplete && !pairing.isInOrder
      pairing.pairInOrder()
    } else {
      pairing.pair()
      isReordered = false
    }
    changes = pairing.changes(isOrdered: isOrdered)
  }

  package var isEmpty: Bool { changes.isEmpty }

  /// The same difference, with each value shown as another one.
  package func mapping(_ replace: (Cell) -> Cell) -> RowDifference {
    var difference = self
    difference.expected = expected.map { $0.map(replace) }
    difference.actual = actual.map { $0.map(replace) }
    return difference
  }

  /// How many rows are as expected.
  package var agreeingCount: Int {
    expected.count
      - changes.count {
        if case .unexpected = $0 { false } else { true }
      }
  }

  /// Whether a cell of a changed row is what differs.
  package func differs(_ column: Int, expected row: Int, actual other: Int) -> Bool {
    !expected[row][column].agrees(with: actual[other][column], tolerance: tolerance)
  }
}

/// Finds out which rows of two lists belong together.
private struct RowPairing {
  let expected: [[Cell]]
  let actual: [[Cell]]
  let tolerance: Double
  /// For each expected row the actual one that equals it.
  private var equals: [Int?]
  /// Whether an actual row equals an expected one.
  private var isTaken: [Bool]

  /// How many rows of each list are compared with each other to find those that are alike.
  private static let mostAlike = 300

  init(expected: [[Cell]], actual: [[Cell]], tolerance: Double) {
    self.expected = expected
    self.actual = actual
    self.tolerance = tolerance
    equals = Array(repeating: nil, count: expected.count)
    isTaken = Array(repeating: false, count: actual.count)
  }

  var isComplete: Bool { expected.count == actual.count && !equals.contains(nil) }

  var isInOrder: Bool {
    expected.count == actual.count && expected.indices.allSatisfy { agree($0, $0) }
  }

  func pairedAnyhow() -> RowPairing {
    var pairing = self
    pairing.pair()
    return pairing
  }

  private func agree(_ row: Int, _ other: Int) -> Bool {
    zip(expected[row], actual[other]).allSatisfy { $0.agrees(with: $1, tolerance: tolerance) }
  }

  private mutating func take(_ row: Int, _ other: Int) {
    equals[row] = other
    isTaken[other] = true
  }

  // MARK: In any order

  /// Pairs equal rows wherever they stand: first the exactly equal ones, then those within tolerance.
  mutating func pair() {
    var positions: [[Cell]: [Int]] = [:]
    for (index, row) in actual.enumerated().reversed() {
      positions[row.map(\.normalized), default: []].append(index)
    }
    for (index, row) in expected.enumerated() {
      if let other = positions[row.map(\.normalized)]?.popLast() { take(index, other) }
    }
    guard tolerance > 0 else { return }
    // Mostly the rows come in the same order, so that the search goes on where the last one ended.
    let rest = actual.indices.filter { !isTaken[$0] }
    var start = 0
    for index in expected.indices where equals[index] == nil {
      for step in rest.indices {
        let position = (start + step) % rest.count
        guard !isTaken[rest[position]], agree(index, rest[position]) else { continue }
        take(index, rest[position])
        start = position + 1
        break
      }
    }
  }

  // MARK: In order

  /// Pairs as many equal rows as possible without crossing any two pairs.
  mutating func pairInOrder() {
    var start = 0
    let shorter = min(expected.count, actual.count)
    while start < shorter, agree(start, start) {
      take(start, start)
      start += 1
    }
    var end = 0
    while end < shorter - start, agree(expected.count - 1 - end, actual.count - 1 - end) {
      take(expected.count - 1 - end, actual.count - 1 - end)
      end += 1
    }
    let rows = Array(start..<expected.count - end)
    let others = Array(start..<actual.count - end)
    guard !rows.isEmpty, !others.isEmpty else { return }
    // The table below would be too large; rows at the same position are compared then.
    guard rows.count * others.count <= 4_000_000 else {
      for (row, other) in zip(rows, others) where agree(row, other) { take(row, other) }
      return
    }
    pairLongest(rows, others)
  }

  /// The longest common subsequence, by the lengths of those of all endings.
  private mutating func pairLongest(_ rows: [Int], _ others: [Int]) {
    let width = others.count + 1
    var lengths = [Int32](repeating: 0, count: (rows.count + 1) * width)
    for i in rows.indices.reversed() {
      for j in others.indices.reversed() {
        lengths[i * width + j] =
          agree(rows[i], others[j])
          ? lengths[(i + 1) * width + j + 1] + 1
          : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
      }
    }
    var (i, j) = (0, 0)
    while i < rows.count, j < others.count {
      if agree(rows[i], others[j]) {
        take(rows[i], others[j])
        i += 1
        j += 1
      } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
  }

  // MARK: What is left

  func changes(isOrdered: Bool) -> [RowDifference.Change] {
    let missing = expected.indices.filter { equals[$0] == nil }
    let unexpected = actual.indices.filter { !isTaken[$0] }
    var partners = alike(missing, unexpected)
    var changes: [(position: (Int, Int), change: RowDifference.Change)] = []
    for row in missing {
      if let other = partners.removeValue(forKey: row) {
        changes.append(((row, 0), .changed(expected: row, actual: other)))
      } else {
        changes.append(((row, 0), .missing(expected: row)))
      }
    }
    let paired = Set(changes.compactMap { $0.change.pairedActual })
    let positions = isOrdered ? positionsInExpected : []
    for other in unexpected where !paired.contains(other) {
      let position = isOrdered ? positions[other] : expected.count
      changes.append(((position, other + 1), .unexpected(actual: other)))
    }
    return changes.sorted { $0.position < $1.position }.map(\.change)
  }

  /// For each actual row, the last expected row that an equal one before it belongs to.
  private var positionsInExpected: [Int] {
    var rows: [Int: Int] = [:]
    for (row, other) in equals.enumerated() { if let other { rows[other] = row } }
    var last = -1
    return actual.indices.map { other in
      last = rows[other] ?? last
      return last
    }
  }

  /// Pairs rows of which at least half of the values are equal, the most equal ones first, and of
  /// those the ones that are equal in columns further left.
  private func alike(_ rows: [Int], _ others: [Int]) -> [Int: Int] {
    if rows.count == 1, others.count == 1, !agree(rows[0], others[0]) {
      return [rows[0]: others[0]]
    }
    var candidates: [(score: Int, leftmost: [Bool], row: Int, other: Int)] = []
    for row in rows.prefix(Self.mostAlike) {
      for other in others.prefix(Self.mostAlike) {
        let equal = zip(expected[row], actual[other]).map {
          $0.agrees(with: $1, tolerance: tolerance)
        }
        let score = equal.count { $0 }
        // Rows that are equal, but at another place than expected, are not changed.
        guard score > 0, score * 2 >= equal.count, score < equal.count else { continue }
        candidates.append((score, equal, row, other))
      }
    }
    candidates.sort { left, right in
      if left.score != right.score { return left.score > right.score }
      if let (a, b) = zip(left.leftmost, right.leftmost).first(where: { $0 != $1 }) {
        return a && !b
      }
      return (left.row, left.other) < (right.row, right.other)
    }
    var partners: [Int: Int] = [:]
    var taken: Set<Int> = []
    for candidate in candidates where partners[candidate.row] == nil {
      if taken.insert(candidate.other).inserted { partners[candidate.row] = candidate.other }
    }
    return partners
  }
}

extension RowDifference.Change {
  /// The actual row that an expected one has changed to.
  fileprivate var pairedActual: Int? {
    if case .changed(_, let actual) = self { actual } else { nil }
  }
}
