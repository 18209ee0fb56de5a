import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct CleanTextTests {
  static let report = CleanReport(
    project: "shop", isDryRun: false,
    entries: [
      .init("a", [.init(.table("a"), .removed)]),
      .init("b", [.init(.table("b"), .kept(.read(by: .view("v"))))]),
      .init(
        "c",
        [
          .init(.file("build/c.csv"), .kept(.altered)), .init(.file("build/d.csv"), .missing),
          .init(.file("build/e.csv"), .kept(.declared("x"))),
          .init(.file("out/f.csv"), .kept(.outside)),
        ]),
    ], runs: ["run1"])

  @Test func `each output has a line`() {
    #expect(
      text(of: Self.report) == """
        removed  a  the table
        kept     b  the table, because the view `v` reads it
        kept     c  build/c.csv, because it is not what was published
        missing  c  build/d.csv
        kept     c  build/e.csv, because it belongs to `x`
        kept     c  out/f.csv, because a link leads out of the project

        1 output removed, 1 missing, 4 kept, 1 old run removed

        """)
  }

  @Test func `a dry run says that nothing was done`() {
    let report = CleanReport(
      project: "shop", isDryRun: true, entries: [Self.report.entries[0]], runs: [])

    #expect(
      text(of: report) == """
        remove  a  the table

        1 output removed (nothing yet: this is a dry run)

        """)
    #expect(
      text(of: CleanReport(project: "shop", isDryRun: false, entries: [], runs: []))
        == "nothing to clean\n")
  }

  @Test(
    arguments: [
      (0, ""),
      (
        1,
        "1 asset is no longer declared: a0 (its output is kept; `assetctl clean` removes it)\n"
      ),
      (
        2,
        "2 assets are no longer declared: a0, a1 "
          + "(their outputs are kept; `assetctl clean` removes them)\n"
      ),
      (
        12,
        "12 assets are no longer declared: a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 2 more "
          + "(their outputs are kept; `assetctl clean` removes them)\n"
      ),
    ])
  func `assets that are no longer declared are told on a line`(count: Int, line: String) {
    #expect(undeclaredText((0..<count).map { AssetKey(trusted: "a\($0)") }) == line)
  }
}
