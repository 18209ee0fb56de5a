import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

@Suite struct ProjectFileTests {
  static let query = ["assets/a.sql": "select 1"]

  @Test func `a name alone is a project`() throws {
    let project = try load(Self.query)

    #expect(project.name == "shop")
    #expect(project.target == "default")
    #expect(project.warehouse == .sqlite(path: ".assetctl/warehouse.sqlite"))
    #expect(project.assets.map(\.key) == ["a"])
    #expect(project.warnings == [])
  }

  @Test func `a target has a warehouse of its own`() throws {
    let files = Self.query.merging([
      "assetctl.yml": """
      project: shop
      warehouse: sqlite:a.sqlite
      targets:
        prod: {warehouse: "sqlite:${DIR}/shop.sqlite"}
      """
    ]) { $1 }

    let base = try load(files)
    let prod = try load(files, LoadRequest(target: "prod", environment: ["DIR": "/srv"]))
    let byName = try load(files, LoadRequest(target: "default"))

    #expect(base.warehouse == .sqlite(path: "a.sqlite"))
    #expect(prod.warehouse == .sqlite(path: "/srv/shop.sqlite"))
    #expect(prod.target == "prod")
    #expect(byName.warehouse == .sqlite(path: "a.sqlite"))
  }

  @Test func `files that declare nothing are passed over`() throws {
    let project = try load(
      Self.query.merging([
        "assets/README.md": "# notes", "assets/lib/helpers.py": "print(1)",
        "assets/data.json": "{}", "notes.sql": "not sql at all",
      ]) { $1 })

    #expect(project.assets.map(\.key) == ["a"])
  }

  @Test func `assets come in the order of their places`() throws {
    let project = try load([
      "assets/z.sql": "select 1", "assets/b/a.csv": "x\n1",
      "assets/m.yml": "sources:\n  - name: s2\n  - name: s1\n",
    ])

    #expect(project.assets.map(\.key.name) == ["a", "s2", "s1", "z"])
  }
}
