import AssetCore
import AssetTestSupport
import Testing

/// `col:` selections on the project of ``ColumnProject``.
@Suite struct ColumnSelectionTests {
  @Test(
    arguments: [
      ("col:flights.delay", ["flights"]),
      ("col:FLIGHTS.Delay+", ["chart", "clean", "daily", "flights", "total"]),
      ("col:flights.delay+1", ["clean", "flights"]),
      ("+col:total.mean", ["clean", "daily", "flights", "total"]),
      ("1+col:daily.delay+1", ["chart", "clean", "daily", "total"]),
      ("@col:daily.n", ["clean", "daily", "flights"]),
      ("@col:daily.delay", ["chart", "clean", "daily", "flights", "total"]),
      ("col:flights.gate+", ["flights"]),
      ("col:flights.c*+", ["clean", "flights", "lost", "scaled", "weights"]),
      ("col:*.carrier", ["clean", "flights", "lost", "scaled", "weights"]),
      ("col:flights.delay+,kind:file", ["chart"]),
      ("col:daily.n col:lost.carrier", ["daily", "lost"]),
    ])
  func `a column names its asset and what is reached from it`(
    words: String, expected: [String]
  ) throws {
    let columns = try ColumnProject.columns()
    let selection = try Selection(words.split(separator: " ").map(String.init))

    let keys = try selection.keys(in: columns.assets, columns: columns)

    #expect(selection.asksForColumns)
    #expect(keys.map(\.name).sorted() == expected)
  }

  @Test(
    arguments: [
      ("col:flihgts.delay", .namesNothing("col:flihgts.delay", nearest: "col:flights.delay")),
      ("col:flights.dely+", .unknownColumn("dely", of: "flights", nearest: "delay")),
      ("col:flights.x", .unknownColumn("x", of: "flights", nearest: nil)),
      ("col:chart.day", .unknownColumn("day", of: "chart", nearest: nil)),
    ] as [(String, SelectionError)])
  func `a column that is not there is an error`(word: String, error: SelectionError) throws {
    let columns = try ColumnProject.columns()
    let selection = try Selection([word])

    #expect(throws: error) { try selection.keys(in: columns.assets, columns: columns) }
  }

  @Test func `columns are asked for only where they are named`() throws {
    #expect(try !Selection(["colours+", "tag:col"]).asksForColumns)
  }
}
