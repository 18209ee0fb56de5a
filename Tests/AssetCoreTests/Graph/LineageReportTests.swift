import AssetCore
import AssetTestSupport
import Testing

@Suite struct LineageReportTests {
  static func graph() throws -> AssetGraph {
    try AssetGraph([
      asset("orders"), asset("rates"), asset("daily", reads: ["rates", "orders"]),
      asset("weekly", reads: ["daily", "orders"], consuming: .columns(["day"])),
      asset("report", reads: ["weekly"]),
    ])
  }

  @Test func `both sides of an asset, and the edges among each`() throws {
    let report = LineageReport(
      of: "daily", in: try Self.graph(), upstream: true, downstream: true, depth: nil)

    #expect(
      report
        == LineageReport(
          asset: "daily", showsUpstream: true, showsDownstream: true,
          upstream: ["orders", "rates"], downstream: ["weekly", "report"],
          edges: [
            .init(from: "orders", to: "daily", consumes: .whole),
            .init(from: "rates", to: "daily", consumes: .whole),
            .init(from: "daily", to: "weekly", consumes: .columns(["day"])),
            .init(from: "weekly", to: "report", consumes: .whole),
          ],
          kinds: [
            "orders": .table, "rates": .table, "daily": .table, "weekly": .table,
            "report": .table,
          ]))
  }

  @Test func `one side and a number of steps`() throws {
    let report = LineageReport(
      of: "Weekly", in: try Self.graph(), upstream: true, downstream: false, depth: 1)

    #expect(report.asset.name == "weekly")
    #expect(report.upstream == ["orders", "daily"])
    #expect(report.downstream == [])
    #expect(
      report.edges == [
        .init(from: "orders", to: "daily", consumes: .whole),
        .init(from: "daily", to: "weekly", consumes: .columns(["day"])),
        .init(from: "orders", to: "weekly", consumes: .columns(["day"])),
      ])
  }
}
