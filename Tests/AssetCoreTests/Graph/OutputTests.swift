import AssetCore
import AssetTestSupport
import Testing

/// Outputs may not get in the way of each other, or of what assets are made from.
@Suite struct OutputTests {
  private func program(
    _ key: AssetKey, writes outputs: [String], code: [String] = []
  ) -> Asset {
    var asset = asset(key)
    asset.recipe = .program(
      ProgramRecipe(
        product: .file, command: ["true"], outputs: outputs.map { ProgramOutput($0) },
        codeFiles: code))
    return asset
  }

  private func problems(of assets: [Asset]) throws -> [Diagnostic] {
    try #require(throws: Problems.self) { try AssetGraph(assets) }.diagnostics
  }

  @Test func `an output may not be what another asset is made from`() throws {
    var seed = asset("orders")
    seed.recipe = .seed(SeedRecipe(files: ["data/orders.csv"]))

    #expect(
      try problems(of: [
        seed, program("a", writes: ["data/orders.csv"]),
        program("b", writes: ["build/b", "lib/x.py"]),
        program("c", writes: ["build/c"], code: ["lib/x.py"]),
      ]) == [
        Diagnostic(
          "`a` writes `data/orders.csv`, which `orders` is made from",
          at: Place(file: "assets/a.sql"),
          hint: "write to another path; to read an asset's file, name the asset under `inputs:`"),
        Diagnostic(
          "`b` writes `lib/x.py`, which `c` is made from", at: Place(file: "assets/b.sql"),
          hint: "write to another path; to read an asset's file, name the asset under `inputs:`"),
      ])
  }

  @Test func `an output may not lie in another`() throws {
    #expect(
      try problems(of: [
        program("a", writes: ["build/x"]), program("b", writes: ["build/x/y/z.csv"]),
      ]) == [
        Diagnostic(
          "`b` writes `build/x/y/z.csv`, but `a` writes a file `build/x`",
          at: Place(file: "assets/b.sql"),
          hint: "give one of them another path under `outputs:`")
      ])
  }

  @Test func `outputs beside each other are fine`() throws {
    let graph = try AssetGraph([
      program("a", writes: ["build/x", "build/xy"]), program("b", writes: ["build/y/x"]),
    ])

    #expect(graph.order == ["a", "b"])
  }
}

@Suite struct ViewChainTests {
  @Test func `the views over an asset are those reached through nothing but views`() throws {
    func view(_ key: AssetKey, reads inputs: [AssetKey]) -> Asset {
      var view = asset(key, reads: inputs)
      view.recipe = .query(QueryRecipe(form: .view, sql: "select 1"))
      return view
    }
    let graph = try AssetGraph([
      asset("t"), view("v", reads: ["t"]), view("w", reads: ["v"]), asset("u", reads: ["v"]),
      view("beyond", reads: ["u"]), view("both", reads: ["t", "u"]),
    ])

    #expect(graph.views(over: "t") == ["v", "w", "both"])
    #expect(graph.views(over: "u") == ["beyond", "both"])
    #expect(graph.views(over: "w") == [])
  }

  @Test func `inputs are called as they are declared`() throws {
    let graph = try AssetGraph([asset("Orders"), asset("daily", reads: ["ORDERS"])])

    #expect(graph["daily"]?.inputs.map(\.key.name) == ["Orders"])
    #expect(
      graph["daily"]?.inputs.map(\.place) == [Place(file: "assets/daily.sql", line: 1, column: 15)])
  }
}
