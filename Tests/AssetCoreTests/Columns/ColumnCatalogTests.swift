import AssetCore
import AssetTestSupport
import Testing

/// What is read again when a table turns out to have other columns.
@Suite struct ColumnCatalogTests {
  /// Takes a query to give the columns of its inputs, and a column of its own.
  private struct StarReader: QueryReader {
    func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
      guard asset.isTable else { return QueryReading() }
      var read: [AssetKey: InputReading] = [:]
      var names: [String]? = []
      for input in asset.inputs {
        let known = columns(input.key)
        read[input.key] = InputReading(known.map { Consumption(columns: $0) } ?? .whole)
        names = known.flatMap { columns in names.map { $0 + columns } }
      }
      return QueryReading(
        inputs: read,
        columns: names.map { $0.map { ColumnLineage(name: $0) } + [.init(name: asset.key.name)] })
    }
  }

  private func catalog(actual: [AssetKey: [String]] = [:]) throws -> ColumnCatalog {
    let project = try Scenario("source events\na <- events\nb <- a\nc <- b\nd <- c a")
    return ColumnCatalog(
      of: try project.graph, reader: StarReader(), actual: actual, known: ["events": ["old"]])
  }

  @Test func `columns come through all that is upstream`() throws {
    var catalog = try catalog()

    #expect(catalog.columns(of: "c") == ["old", "a", "b", "c"])
    #expect(catalog.columns(of: "events") == ["old"])
  }

  @Test func `what turns out otherwise is read again, as far as it goes downstream`() throws {
    var catalog = try catalog()
    #expect(catalog.columns(of: "d") == ["old", "a", "b", "c", "old", "a", "d"])

    catalog.note(["new"], of: "events")

    #expect(catalog.columns(of: "d") == ["new", "a", "b", "c", "new", "a", "d"])
    #expect(catalog.reading(of: "a").inputs["events"]?.consumption == .columns(["new"]))
  }

  @Test func `a table that is there keeps its columns, and what is upstream of it is read again`()
    throws
  {
    var catalog = try catalog(actual: ["b": ["x"]])
    #expect(catalog.columns(of: "d") == ["x", "c", "old", "a", "d"])
    #expect(catalog.reading(of: "b").inputs["a"]?.consumption == .columns(["a", "old"]))

    catalog.note(["new"], of: "events")

    #expect(catalog.columns(of: "b") == ["x"])
    #expect(catalog.columns(of: "d") == ["x", "c", "new", "a", "d"])
    #expect(catalog.reading(of: "b").inputs["a"]?.consumption == .columns(["a", "new"]))
  }
}
