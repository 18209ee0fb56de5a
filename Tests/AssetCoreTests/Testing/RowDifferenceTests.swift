import AssetCore
import AssetTestSupport
import Testing

@Suite struct RowDifferenceTests {
  private func difference(
    _ expected: [[Cell]], _ actual: [[Cell]], isOrdered: Bool = false, tolerance: Double = 0
  ) -> RowDifference {
    let count = (expected + actual).map(\.count).max() ?? 0
    return RowDifference(
      expected: expected, actual: actual, columns: (0..<count).map { "c\($0)" },
      isOrdered: isOrdered, tolerance: tolerance)
  }

  @Test func `equal rows in another order do not differ`() {
    let rows: [[Cell]] = [[.integer(1)], [.integer(2)], [.integer(2)]]

    #expect(difference(rows, rows.reversed()).changes == [])
    #expect(difference(rows, rows.reversed(), isOrdered: true).isReordered)
    #expect(difference(rows, rows, isOrdered: true).changes == [])
  }

  @Test func `a duplicate counts`() {
    let one: [[Cell]] = [[.text("a")]]

    #expect(difference(one, one + one).changes == [.unexpected(actual: 1)])
    #expect(difference(one + one, one).changes == [.missing(expected: 1)])
  }

  @Test func `rows that are alike are paired, with the more equal ones first`() {
    let expected: [[Cell]] = [
      [.text("UA"), .text("mon"), .integer(1)], [.text("AA"), .text("mon"), .integer(7)],
      [.text("DL"), .text("tue"), .integer(2)],
    ]
    let actual: [[Cell]] = [
      [.text("AA"), .text("mon"), .integer(8)], [.text("UA"), .text("mon"), .integer(2)],
      [.text("WN"), .text("wed"), .integer(9)],
    ]

    let found = difference(expected, actual)

    #expect(
      found.changes == [
        .changed(expected: 0, actual: 1), .changed(expected: 1, actual: 0), .missing(expected: 2),
        .unexpected(actual: 2),
      ])
    #expect(found.agreeingCount == 0)
    #expect((0..<3).map { found.differs($0, expected: 0, actual: 1) } == [false, false, true])
  }

  @Test func `of rows that are equally alike those are paired that are alike further left`() {
    let expected: [[Cell]] = [[.text("UA"), .integer(5)], [.text("AA"), .integer(7)]]
    let actual: [[Cell]] = [[.text("UA"), .integer(7)], [.text("AA"), .integer(5)]]

    #expect(
      difference(expected, actual).changes == [
        .changed(expected: 0, actual: 0), .changed(expected: 1, actual: 1),
      ])
  }

  @Test func `the last two rows are paired, however different`() {
    #expect(
      difference([[.integer(1)]], [[.integer(2)]]).changes == [.changed(expected: 0, actual: 0)])
  }

  @Test func `in order, what moved is missing at one place and unexpected at another`() {
    let rows: [[Cell]] = [[.integer(1)], [.integer(2)], [.integer(3)]]

    let found = difference(rows, [rows[1], rows[2], rows[0]], isOrdered: true)

    #expect(found.isReordered)
    #expect(found.changes == [.missing(expected: 0), .unexpected(actual: 2)])
    #expect(found.agreeingCount == 2)
  }

  @Test(arguments: [
    (Cell.integer(1), Cell.real(1), true), (.integer(1), .text("1"), false),
    (.null, .null, true), (.null, .text(""), false), (.text("ab"), .blob("ab"), false),
    (.real(0.1 + 0.2), .real(0.3), true), (.real(1), .real(1.000_001), false),
    (.real(1e12), .real(1e12 + 1), true), (.integer(1), .integer(2), false),
    (.real(.infinity), .real(.infinity), true), (.real(.infinity), .real(1), false),
    (.integer(9_007_199_254_740_993), .integer(9_007_199_254_740_992), false),
    (.integer(3), .real(3 + 1e-10), true), (.real(0), .real(-0.0), true),
  ])
  func `values agree by type, whole numbers with reals, and reals within tolerance`(
    left: Cell, right: Cell, agrees: Bool
  ) {
    #expect(left.agrees(with: right, tolerance: Cell.defaultTolerance) == agrees)
    #expect(right.agrees(with: left, tolerance: Cell.defaultTolerance) == agrees)
    #expect(
      difference([[left]], [[right]], tolerance: Cell.defaultTolerance).isEmpty == agrees)
  }

  @Test func `without a tolerance reals are as they are`() {
    #expect(!Cell.real(0.1 + 0.2).agrees(with: .real(0.3), tolerance: 0))
    #expect(Cell.integer(1).agrees(with: .real(1), tolerance: 0))
  }

  @Test(arguments: [false, true])
  func `a difference that is applied gives the other side`(isOrdered: Bool) {
    var random = SeededRandom(seed: 20_261_121)
    for _ in 0..<2000 {
      let columns = Int.random(in: 1...4, using: &random)
      let expected = rows(columns, &random)
      let actual = random.chance(4) ? rows(columns, &random) : edited(expected, &random)
      let found = difference(expected, actual, isOrdered: isOrdered)

      let applied = found.applied()
      if isOrdered {
        #expect(applied == actual)
      } else {
        #expect(counts(applied) == counts(actual))
        #expect(found.isEmpty == (counts(expected) == counts(actual)))
      }
      // No row is told of twice.
      #expect(Set(found.changes).count == found.changes.count)
    }
  }

  @Test func `many rows are compared quickly, whatever their order`() {
    var random = SeededRandom(seed: 7)
    let rows = (0..<20_000).map { [Cell.integer($0), .real(Double($0) / 3)] }
    let near = rows.map {
      [$0[0], Cell.real(Double(Int.random(in: 0...1, using: &random)) * 1e-12)]
    }

    #expect(difference(rows, rows.shuffled(using: &random)).isEmpty)
    #expect(
      difference(near, near.map { [$0[0], .real(0)] }, tolerance: 1e-9).isEmpty)
  }

  private func rows(_ columns: Int, _ random: inout SeededRandom) -> [[Cell]] {
    (0..<Int.random(in: 0...7, using: &random)).map { _ in
      (0..<columns).map { _ in cell(&random) }
    }
  }

  private func cell(_ random: inout SeededRandom) -> Cell {
    random.pick([.null, .integer(1), .integer(2), .real(2.5), .text("a"), .text("1"), .blob("01")])
  }

  private func edited(_ rows: [[Cell]], _ random: inout SeededRandom) -> [[Cell]] {
    var rows = rows
    for _ in 0..<Int.random(in: 0...3, using: &random) where !rows.isEmpty {
      let index = Int.random(in: rows.indices, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: rows.remove(at: index)
      case 1: rows.insert(rows[0], at: index)
      case 2: rows.swapAt(0, index)
      default: rows[index][0] = cell(&random)
      }
    }
    return rows
  }

  private func counts(_ rows: [[Cell]]) -> [[Cell]: Int] {
    Dictionary(grouping: rows) { $0 }.mapValues(\.count)
  }
}

extension RowDifference {
  /// The expected rows without the missing ones and with the others in their places.
  fileprivate func applied() -> [[Cell]] {
    var removed: Set<Int> = []
    var placed: [Int: [Cell]] = [:]
    for change in changes {
      switch change {
      case .missing(let row): removed.insert(row)
      case .unexpected(let row): placed[row] = actual[row]
      case .changed(let row, let other):
        removed.insert(row)
        placed[other] = actual[other]
      }
    }
    var rest = expected.indices.filter { !removed.contains($0) }.map { expected[$0] }[...]
    let count = rest.count + placed.count
    return (0..<count).compactMap { placed[$0] ?? rest.popFirst() }
  }
}
