import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

/// A project with queries to test.
enum UnitTestFiles {
  static let project = [
    "assets/raw.yml": "sources:\n  - {name: events, table: raw_events}\n",
    "assets/orders.csv": "id,customer,amount\n1,1,5\n",
    "assets/paid.sql": "select id, customer from orders where amount >= :least",
    "assets/kinds.sql": "select kind, :label as label from events join orders using (id)",
    "assets/report.sh": "# @asset\n# inputs: [paid]\n# outputs: [build/r.txt]\ntrue\n",
    "assetctl.yml": "project: shop\nvars: {least: 10, label: x}\n",
  ]

  /// An asset whose query has values that only a run knows.
  static let days = Asset(
    key: "days",
    recipe: .query(
      QueryRecipe(
        form: .table,
        sql: "select * from orders where day >= :partition_start and id > :cursor")),
    place: Place(file: "assets/days.sql"),
    inputs: [AssetInput(key: "orders", isDerived: true, place: Place(file: "assets/days.sql"))],
    definition: CanonicalForm(tag: "test", fields: []))

  /// The tests in a file.
  static func load(_ text: String, beside more: [String: String] = [:]) throws -> [UnitTest] {
    let files = project.merging(["tests/a.yml": text]) { $1 }.merging(more) { $1 }
    let graph = try AssetGraph(AssetLoadingTests.load(project).assets + [days])
    var loader = TestLoader(.memory(files), of: graph)
    return try loader.load("tests")
  }

  static func problems(_ text: String, beside more: [String: String] = [:]) -> [Diagnostic] {
    do {
      return try load(text, beside: more).isEmpty ? [] : []
    } catch {
      return (error as? Problems)?.diagnostics ?? [Diagnostic("not a problem for users: \(error)")]
    }
  }

  /// The rows that stand behind `orders:` in a test.
  static func rows(_ text: String) throws -> TestRows {
    let tests = try load(
      """
      tests:
        - name: t
          asset: paid
          given:
            orders: \(text)
          expect: []
      """, beside: ["data/x.csv": "id\n"])
    return try #require(tests.first?.given.first?.rows)
  }
}
