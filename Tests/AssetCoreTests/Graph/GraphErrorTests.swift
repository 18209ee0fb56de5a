import AssetCore
import AssetTestSupport
import Testing

@Suite struct GraphErrorTests {
  private func problems(of assets: [Asset]) throws -> [Diagnostic] {
    try #require(throws: Problems.self) { try AssetGraph(assets) }.diagnostics
  }

  @Test func `a circle is printed as its closed path, in the direction of the data`() throws {
    let assets = [
      asset("daily", reads: ["rates"]), asset("report", reads: ["daily"]),
      asset("rates", reads: ["report"]), asset("beyond", reads: ["rates"]),
    ]

    #expect(
      try problems(of: assets) == [
        Diagnostic(
          "assets read each other in a circle", at: Place(file: "assets/daily.sql"),
          facts: [.init("cycle", "daily -> report -> rates -> daily")],
          hint: "break the circle by removing one of these inputs")
      ])
  }

  @Test func `an asset that reads itself is a circle`() throws {
    #expect(
      try problems(of: [asset("daily", reads: ["Daily"])]).map(\.facts) == [
        [.init("cycle", "daily -> daily")]
      ])
  }

  @Test func `the same circle is told whatever the order of declarations`() throws {
    var random = SeededRandom(seed: 3)
    let assets =
      ["b", "c", "d", "e"].map { (name: String) in
        asset(AssetKey(trusted: name), reads: ["a"])
      } + [asset("a", reads: ["c", "e"])]
    let expected = try problems(of: assets)

    for _ in 0..<20 {
      #expect(try problems(of: assets.shuffled(using: &random)) == expected)
    }
  }

  @Test func `a name that is declared twice is told where it is declared first`() throws {
    var second = asset("ORDERS")
    second.place = Place(file: "assets/z.yml", line: 3, column: 5)

    #expect(
      try problems(of: [asset("orders"), second]) == [
        Diagnostic(
          "`ORDERS` is declared twice", at: second.place,
          facts: [.init("first", "assets/orders.sql")],
          hint: "give one of them another name with `name:`")
      ])
  }

  @Test func `an unknown input comes with the nearest name, or with what to do`() throws {
    let assets = [asset("orders"), asset("a", reads: ["order"]), asset("b", reads: ["weather"])]

    #expect(
      try problems(of: assets) == [
        Diagnostic(
          "`a` reads `order`, which no file declares",
          at: Place(file: "assets/a.sql", line: 1, column: 15), hint: "did you mean `orders`?"),
        Diagnostic(
          "`b` reads `weather`, which no file declares",
          at: Place(file: "assets/b.sql", line: 1, column: 15),
          hint: "declare it as an asset, or under `sources:` if others write it"),
      ])
  }

  @Test func `two assets may not write one path`() throws {
    func file(_ key: AssetKey) -> Asset {
      var asset = asset(key)
      asset.recipe = .program(
        ProgramRecipe(product: .file, command: ["true"], outputs: [ProgramOutput("build/a.csv")]))
      return asset
    }

    #expect(
      try problems(of: [file("a"), file("b")]) == [
        Diagnostic(
          "`b` and `a` both write `build/a.csv`", at: Place(file: "assets/b.sql"),
          hint: "give one of them another path under `outputs:`")
      ])
  }

  @Test func `all problems are told at once, by place`() throws {
    let assets = [
      asset("c", reads: ["nothing"]), asset("b"), asset("b"), asset("a", reads: ["nobody"]),
    ]

    #expect(
      try problems(of: assets).map(\.summary) == [
        "`a` reads `nobody`, which no file declares", "`b` is declared twice",
        "`c` reads `nothing`, which no file declares",
      ])
  }
}
