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

  private func seed(_ name: AssetKey, files: [String], glob: String? = nil) -> Asset {
    var seed = asset(name)
    seed.recipe = .seed(SeedRecipe(files: files, glob: glob))
    return seed
  }

  @Test func `what is loaded from files reads the assets that write them`() throws {
    let graph = try AssetGraph([
      seed("a_file", files: ["build/orders.csv"]),
      seed("a_match", files: [], glob: "build/o*.csv"),
      seed("a_part", files: ["build/parts/x/1.csv"]),
      seed("b_parts", files: [], glob: "build/**/*.csv"),
      seed("c_other", files: ["build/orders.jsonl"], glob: "build/*.jsonl"),
      program("orders", writes: ["build/orders.csv"]), program("parts", writes: ["build/parts"]),
      program("plot", writes: ["build/plot.png"]),
    ])

    #expect(
      graph.order.map { graph.inputs(of: $0) } == [
        [], [], ["orders"], ["orders"], [], ["parts"], ["orders", "parts"], [],
      ])
    #expect(
      graph.order == [
        "c_other", "orders", "a_file", "a_match", "parts", "a_part", "b_parts", "plot",
      ])
    #expect(graph.readers(of: "orders") == ["a_file", "a_match", "b_parts"])
  }

  @Test func `assets that read each other's files in a circle are named`() throws {
    var program = program("export", writes: ["build/orders.csv"])
    program.inputs = [AssetInput(key: "orders", place: Place(file: "assets/export.sh"))]
    #expect(
      try problems(of: [seed("orders", files: ["build/orders.csv"]), program]).map(\.facts) == [
        [
          .init("cycle", "export -> orders -> export"),
          .init("by files", "`export` writes what `orders` reads"),
        ]
      ])
  }

  @Test func `an output may not be another asset's code`() throws {
    #expect(
      try problems(of: [
        program("b", writes: ["build/b", "lib/x.py"]),
        program("c", writes: ["build/c"], code: ["lib/x.py"]),
      ]) == [
        Diagnostic(
          "`b` writes `lib/x.py`, which `c` is made from", at: Place(file: "assets/b.sql"),
          hint: "write to another path; to read an asset's file, name the asset under `inputs:`")
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
