import AssetCore
import Testing

@Suite struct PlaceTests {
  @Test(
    arguments: [
      (Place(file: "a.sql"), "a.sql"), (Place(file: "a.sql", line: 3), "a.sql:3"),
      (Place(file: "a.sql", line: 3, column: 6), "a.sql:3:6"),
    ])
  func `a place is written so that editors follow it`(place: Place, text: String) {
    #expect("\(place)" == text)
  }

  @Test func `places are ordered by file, line and column`() {
    let ordered = [
      Place(file: "a.sql"), Place(file: "a.sql", line: 2), Place(file: "a.sql", line: 2, column: 1),
      Place(file: "a.sql", line: 10, column: 1), Place(file: "b.sql", line: 1),
    ]

    #expect(ordered.reversed().sorted() == ordered)
  }
}

@Suite struct ProblemsTests {
  @Test func `problems are sorted by place, those without one first, and otherwise stay in order`()
  {
    let a = Place(file: "a.sql", line: 1, column: 1)
    let b = Place(file: "b.sql", line: 1, column: 1)

    let problems = Problems([
      Diagnostic("4", at: b), Diagnostic("2", at: a), Diagnostic("0"), Diagnostic("3", at: a),
      Diagnostic("1"),
    ])

    #expect(problems.diagnostics.map(\.summary) == ["0", "1", "2", "3", "4"])
  }
}
