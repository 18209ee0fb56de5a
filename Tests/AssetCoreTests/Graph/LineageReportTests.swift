import AssetCore
import AssetTestSupport
import Testing

@Suite struct LineageReportTests {
  static func columns() throws -> ProjectColumns {
    let assets = [
      asset("orders"), asset("rates"), asset("daily", reads: ["rates", "orders"]),
      asset("weekly", reads: ["daily", "orders"]),
      asset("report", reads: ["weekly"]),
    ]
    let graph = try AssetGraph(assets.withDerivedInputs)
    let readings = GivenReadings(
      [
        "orders": ["day", "total"], "rates": ["rate"],
        "daily": ["day = orders.day", "sum = orders.total rates.rate | orders.day"],
        "weekly": ["week = daily.day", "sum = daily.sum | orders.day"],
      ], others: ["report": QueryReading(unreadable: "`pivot`")])
    var catalog = ColumnCatalog(of: graph, reader: readings)
    return ProjectColumns(of: Set(graph.order), in: graph, by: &catalog)
  }

  @Test func `both sides of an asset, and the edges among each`() throws {
    let report = LineageReport(
      of: "daily", in: try Self.columns(), upstream: true, downstream: true, depth: nil)

    #expect(
      report
        == LineageReport(
          asset: "daily", showsUpstream: true, showsDownstream: true,
          upstream: ["orders", "rates"], downstream: ["weekly", "report"],
          edges: [
            .init(from: "orders", to: "daily", consumes: .columns(["day", "total"])),
            .init(from: "rates", to: "daily", consumes: .columns(["rate"])),
            .init(from: "daily", to: "weekly", consumes: .columns(["day", "sum"])),
            .init(from: "weekly", to: "report", consumes: .whole),
          ],
          kinds: [
            "orders": .table, "rates": .table, "daily": .table, "weekly": .table,
            "report": .table,
          ],
          columns: [
            .init("daily.day", from: ["orders.day"]),
            .init("daily.sum", from: ["orders.total", "rates.rate"], influencedBy: ["orders.day"]),
          ]))
  }

  @Test func `one side and a number of steps`() throws {
    let report = LineageReport(
      of: "Weekly", in: try Self.columns(), upstream: true, downstream: false, depth: 1)

    #expect(report.asset.name == "weekly")
    #expect(report.upstream == ["orders", "daily"])
    #expect(report.downstream == [])
    #expect(
      report.edges == [
        .init(from: "orders", to: "daily", consumes: .columns(["day", "total"])),
        .init(from: "daily", to: "weekly", consumes: .columns(["day", "sum"])),
        .init(from: "orders", to: "weekly", consumes: .columns(["day"])),
      ])
  }

  @Test func `the columns of all assets that are shown`() throws {
    let report = LineageReport(
      of: "weekly", in: try Self.columns(), upstream: true, downstream: true, depth: 1,
      showsColumns: true)

    #expect(
      report.columns == [
        .init("orders.day"), .init("orders.total"),
        .init("daily.day", from: ["orders.day"]),
        .init("daily.sum", from: ["orders.total", "rates.rate"], influencedBy: ["orders.day"]),
        .init("weekly.week", from: ["daily.day"]),
        .init("weekly.sum", from: ["daily.sum"], influencedBy: ["orders.day"]),
      ])
    #expect(
      report.columnMap?.nodes.map(\.text) == [
        "orders.day", "orders.total", "daily.day", "daily.sum", "weekly.week", "weekly.sum",
        "report",
      ])
    #expect(
      report.columnMap.map { ColumnTrace(nodes: [], edges: $0.edges).lines } == [
        "daily.day -> weekly.week", "daily.sum -> weekly.sum", "orders.day -> daily.day",
        "orders.total -> daily.sum", "weekly.sum -> report", "weekly.week -> report",
        "orders.day --> daily.sum", "orders.day --> weekly.sum",
      ])
  }

  @Test func `one column, and what is on its way`() throws {
    let report = LineageReport(
      ofColumn: "daily.SUM", in: try Self.columns(), upstream: true, downstream: true, depth: nil)

    #expect(report.asset == "daily" && report.column == "sum")
    #expect(report.upstream == ["orders", "rates"])
    #expect(report.downstream == ["weekly", "report"])
    #expect(
      report.edges == [
        .init(from: "orders", to: "daily", consumes: .columns(["day", "total"])),
        .init(from: "rates", to: "daily", consumes: .columns(["rate"])),
        .init(from: "daily", to: "weekly", consumes: .columns(["day", "sum"])),
        .init(from: "weekly", to: "report", consumes: .whole),
      ])
    #expect(
      report.columns == [
        .init("orders.day"), .init("orders.total"), .init("rates.rate"),
        .init("daily.sum", from: ["orders.total", "rates.rate"], influencedBy: ["orders.day"]),
        .init("weekly.sum", from: ["daily.sum"], influencedBy: ["orders.day"]),
      ])
    let map = try #require(report.columnMap)
    #expect(
      map.nodes.map(\.text) == [
        "orders.day", "orders.total", "rates.rate", "daily.sum", "weekly.sum", "report",
      ])
    #expect(
      ColumnTrace(nodes: [], edges: map.edges).lines == [
        "daily.sum -> weekly.sum", "orders.total -> daily.sum", "rates.rate -> daily.sum",
        "weekly.sum -> report", "orders.day --> daily.sum",
      ])
  }
}
