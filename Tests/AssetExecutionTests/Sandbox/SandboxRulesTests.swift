import AssetCore
import AssetTestSupport
import Testing

@testable import AssetExecution

@Suite struct SandboxRulesTests {
  let rules = SandboxRules(
    project: "/srv/shop",
    files: ["/srv/shop/assets/made.py", "/srv/shop/lib/known.py", "/data/regions.csv"],
    folders: ["/srv/shop/.assetctl/runs/r/made.work", "/srv/shop/build/plots"],
    published: ["/srv/shop/build/model.json": "model", "/srv/shop/build/tiles": "tiles"],
    warehouse: "/srv/shop/.assetctl/warehouse.sqlite")

  @Test(arguments: [
    "/srv/shop/assets/made.py", "/srv/shop/lib/known.py",
    "/srv/shop/lib/__pycache__/known.cpython-312.pyc", "/srv/shop/build/plots/a/b.png",
    "/srv/shop/.assetctl/runs/r/made.work/inputs/orders.csv",
    "/srv/shop/node_modules/left-pad/index.js", "/usr/lib/python3/os.py", "/srv/shopping/list",
    "/srv/shop", "/tmp/scratch",
  ])
  func `what is declared, handed over or outside is free`(path: String) {
    #expect(rules.verdict(on: path) == .free)
  }

  @Test(arguments: [
    ("/srv/shop/data/a.csv", "data/a.csv"),
    ("/srv/shop/lib/helper.py", "lib/helper.py"),
    ("/srv/shop/lib/__pycache__/helper.cpython-312.opt-1.pyc", "lib/helper.py"),
    ("/srv/shop/lib/helper.pyc", "lib/helper.pyc"),
    ("/srv/shop/build/plotsmore", "build/plotsmore"),
    ("/srv/shop/build/model.json.old", "build/model.json.old"),
  ])
  func `any other file of the project is code that is not declared`(path: String, shown: String) {
    #expect(rules.verdict(on: path) == .undeclared(.code(shown)))
  }

  @Test func `what an asset published is an input that is not declared`() {
    #expect(
      rules.verdict(on: "/srv/shop/build/model.json")
        == .undeclared(.output("build/model.json", of: "model")))
    #expect(
      rules.verdict(on: "/srv/shop/build/tiles/1/2.png")
        == .undeclared(.output("build/tiles/1/2.png", of: "tiles")))
  }

  @Test(arguments: ["", "-wal", "-shm", "-journal"])
  func `the warehouse is told as one, with what belongs to it`(suffix: String) {
    #expect(
      rules.verdict(on: "/srv/shop/.assetctl/warehouse.sqlite" + suffix)
        == .undeclared(.warehouse(".assetctl/warehouse.sqlite")))
  }

  @Test func `a warehouse outside the project is told too`() {
    var rules = rules
    rules.warehouse = "/srv/shop.sqlite"

    #expect(rules.verdict(on: "/srv/shop.sqlite") == .undeclared(.warehouse("/srv/shop.sqlite")))
  }

  @Test(arguments: [".git/HEAD", "lib/.git/config", ".assetctl/state.sqlite"])
  func `what tools keep is put aside`(path: String) {
    #expect(rules.verdict(on: "/srv/shop/" + path) == .aside(path))
  }

  @Test func `a project in the root of the file system has its files there`() {
    #expect(
      SandboxRules(project: "/").verdict(on: "/data/a.csv") == .undeclared(.code("data/a.csv")))
  }
}
