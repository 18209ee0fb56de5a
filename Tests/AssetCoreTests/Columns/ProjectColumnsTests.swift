import AssetCore
import AssetTestSupport
import Testing

@Suite struct ProjectColumnsTests {
  @Test func `a column is followed up to the sources, through values and influences`() throws {
    let columns = try ColumnProject.columns()

    #expect(
      columns.upstream(of: "total.mean").lines == [
        "clean.delay -> daily.delay", "daily.delay -> total.mean",
        "flights.day -> clean.day", "flights.delay -> clean.delay",
        "flights.landed -> clean.delay",
        "clean.day --> daily.delay", "flights.landed --> clean.day",
      ])
    #expect(columns.upstream(of: "Flights.Day").lines == [])
  }

  @Test func `a column is followed down to what it can make stale`() throws {
    let columns = try ColumnProject.columns()

    #expect(
      columns.downstream(of: "flights.delay").lines == [
        "clean.delay -> daily.delay", "daily.delay -> chart", "daily.delay -> total.mean",
        "flights.delay -> clean.delay",
      ])
    #expect(columns.downstream(of: "flights.gate").assets == [])
  }

  @Test func `what decides which rows there are reaches those that count them`() throws {
    let columns = try ColumnProject.columns()

    #expect(
      columns.downstream(of: "flights.landed").assets
        == ["clean", "daily", "chart", "total", "weights", "scaled", "count_all", "alarm"])
    #expect(
      columns.downstream(of: "flights.carrier").assets == ["clean", "lost", "weights", "scaled"])
    #expect(
      columns.downstream(of: "flights.landed").lines.contains("clean.day --> count_all.n"))
  }

  @Test func `a program is reached as a whole, and so is what reads it`() throws {
    let columns = try ColumnProject.columns()

    #expect(
      columns.downstream(of: "clean.carrier").lines == [
        "clean.carrier -> weights", "weights -> scaled.carrier", "weights -> scaled.half",
      ])
    #expect(
      columns.upstream(of: "scaled.half").lines == [
        "clean.carrier -> weights.weight", "flights.carrier -> clean.carrier",
        "weights.weight -> scaled.half", "flights.landed --> clean.carrier",
      ])
  }

  @Test func `a number of steps`() throws {
    let columns = try ColumnProject.columns()

    #expect(columns.downstream(of: "flights.delay", depth: 2).assets == ["clean", "daily"])
    #expect(columns.upstream(of: "total.mean", depth: 1).lines == ["daily.delay -> total.mean"])
  }

  @Test func `a query that cannot be read consumes and gives everything`() throws {
    let graph = try AssetGraph(
      [asset("orders"), asset("odd", reads: ["orders"]), asset("after", reads: ["odd"])]
        .withDerivedInputs)
    let readings = GivenReadings(
      ["orders": ["id", "total"], "after": ["x = odd.x"]],
      others: ["odd": QueryReading(unreadable: "`match_recognize` is not read")])
    var catalog = ColumnCatalog(of: graph, reader: readings)
    let columns = ProjectColumns(of: ["after"], in: graph, by: &catalog)

    #expect(
      columns.input("orders", of: "odd")
        == InputReading(.whole, wholeBecause: "`match_recognize` is not read"))
    #expect(columns.columns(of: "odd") == nil)
    #expect(columns.downstream(of: "orders.id").lines == ["odd -> after.x", "orders.id -> odd"])
    #expect(
      columns.upstream(of: "after.x").lines == [
        "odd.x -> after.x", "orders.id -> odd.x", "orders.total -> odd.x",
      ])
  }

  @Test func `an asset whose columns are not known has those that its readers name`() throws {
    let columns = try ColumnProject.columns(known: [:])

    #expect(columns.names(of: "clean").names == ["day", "Carrier", "delay"])
    #expect(columns.names(of: "clean").isComplete)
    #expect(columns.names(of: "flights").names == ["carrier", "day", "delay", "landed"])
    #expect(!columns.names(of: "flights").isComplete)
    #expect(columns.names(of: "chart").names == [])
  }

  @Test func `a long chain needs no deep stack`() throws {
    let count = 20_000
    let name = { (index: Int) in AssetKey(trusted: "a" + padded(index, 6)) }
    let assets = (0..<count).map { asset(name($0), reads: $0 == 0 ? [] : [name($0 - 1)]) }
    let graph = try AssetGraph(assets.withDerivedInputs)
    var lines: [AssetKey: [String]] = [name(0): ["x"]]
    for index in 1..<count { lines[name(index)] = ["x = \(name(index - 1)).x"] }
    var catalog = ColumnCatalog(of: graph, reader: GivenReadings(lines))

    let columns = ProjectColumns(of: Set(graph.order), in: graph, by: &catalog)

    #expect(columns.downstream(of: AssetColumn(name(0), "x")).assets.count == count - 1)
    #expect(columns.upstream(of: AssetColumn(name(count - 1), "x")).assets.count == count - 1)
  }
}
