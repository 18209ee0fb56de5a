import AssetTestSupport
import Testing

/// The views of the state store that users may query, as they are after a run.
@Suite struct StoreViewTests {
  private static let store = ".assetctl/state.sqlite"

  @Test func `the views tell what was materialized from what`() async throws {
    let project = try await ShopProject.materialized()

    let assets = try await project.sqlite(
      "select asset, kind, materialized, rows from v_assets order by asset", in: Self.store)
    let lineage = try await project.sqlite(
      "select input, asset from v_lineage order by asset, input", in: Self.store)
    let runs = try await project.sqlite(
      "select command, outcome, materialized, failed from v_runs", in: Self.store)

    #expect(
      assets == [
        ["best", "table", "view", 1], ["customers", "table", "seed", 3],
        ["orders", "table", "seed", 4], ["paid", "table", "table", 3],
        ["per_customer", "table", "table", 3], ["report", "file", nil, nil],
      ])
    #expect(
      lineage == [
        ["per_customer", "best"], ["file:assets/raw/customers.csv", "customers"],
        ["file:assets/raw/orders.csv", "orders"], ["orders", "paid"],
        ["customers", "per_customer"], ["paid", "per_customer"], ["per_customer", "report"],
      ])
    #expect(runs == [["materialize", "succeeded", 6, 0]])
  }

  @Test func `each materialization ever is kept, and one of an asset is published`() async throws {
    let project = try await ShopProject.materialized()

    try await project.assetctl("materialize", "paid", "--force")

    let rows = try await project.sqlite(
      """
      select asset, count(*), sum(is_published), count(distinct content_digest)
      from v_materializations where asset in ('paid', 'orders') group by asset
      """, in: Self.store)
    #expect(rows == [["orders", 1, 1, 1], ["paid", 2, 1, 1]])
  }
}
