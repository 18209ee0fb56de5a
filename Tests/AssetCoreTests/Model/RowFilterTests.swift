import AssetCore
import Foundation
import Testing

/// Rows that a condition chooses, as a part of what is consumed.
@Suite struct RowFilterTests {
  private let filter = RowFilter("region = 'eu'", columns: ["region"])

  @Test(
    arguments: [
      ("region = 'eu'", .text("eu")), ("region = 'it''s'", .text("it's")),
      ("region = ''", .text("")), ("region = 5", .integer(5)), ("region = -5", .integer(-5)),
      ("region = 05", nil), ("region = 5.0", nil), ("region = 'a' or '1'", nil),
      ("region = 'a' || 'b'", nil), ("region = other", nil), ("region > 5", nil),
      ("'eu' = region", nil), ("region = '''", nil),
    ] as [(String, VarValue?)])
  func `a column that equals a value is a slice`(sql: String, value: VarValue?) {
    #expect(
      RowFilter(sql, columns: ["region"]).slice
        == value.map { RowSlice(column: "region", equals: $0) })
  }

  @Test func `of two columns there is no slice`() {
    #expect(RowFilter("region = 'eu'", columns: ["a", "region"]).slice == nil)
  }

  @Test func `it is written in JSON and read again`() throws {
    let filtered = Consumption.filtered(filter, of: .columns(["n"]))
    let slice = RowSlice(column: "day", equals: .text("d"))
    for consumption in [filtered, .filtered(filter, of: .whole), .slice(slice, of: filtered)] {
      let json = try JSONEncoder().encode(consumption)
      #expect(try JSONDecoder().decode(Consumption.self, from: json) == consumption)
    }
  }

  @Test func `the columns of the condition are read, too`() {
    let consumption = Consumption.filtered(filter, of: .columns(["n"]))

    #expect(consumption.readColumns == ["n", "region"])
    #expect(consumption.withFilterColumns == .columns(["n", "region"]))
    #expect(consumption.ofAllRows == .columns(["n"]))
  }

  @Test func `what is read of other rows is not covered`() {
    let us = RowFilter("region = 'us'", columns: ["region"])
    let read = Consumption.filtered(filter, of: .columns(["n"]))

    #expect(read.covers(read))
    #expect(Consumption.filtered(filter, of: .columns(["m", "n"])).covers(read))
    #expect(!read.covers(.filtered(us, of: .columns(["n"]))))
    #expect(!read.covers(.columns(["n"])))
  }

  @Test func `a partition reads of the rows of the condition those that are its own`() {
    let slice = RowSlice(column: "day", equals: .text("d"))
    var consumption = Consumption.filtered(filter, of: .columns(["n"]))
    consumption.limit(to: slice)

    #expect(consumption == .slice(slice, of: .filtered(filter, of: .columns(["n"]))))
    #expect(consumption.filter == filter && consumption.slice == slice)
  }
}
