import AssetCore
import AssetTestSupport
import Testing

@Suite struct NearestNameTests {
  @Test(
    arguments: [
      ("order", ["orders", "rates"], "orders"), ("ODERS", ["orders", "rates"], "orders"),
      ("rtaes", ["orders", "rates"], "rates"), ("ratse", ["rates"], "rates"),
      ("setar", ["rates"], nil), ("rate", ["rates"], "rates"),
      ("weather", ["orders", "rates"], nil), ("ab", ["ac", "ad"], "ac"), ("x", ["y"], "y"),
      ("", ["a"], "a"), ("", ["ab"], nil), ("a", [], nil), ("daily", ["daily"], "daily"),
      ("dayli", ["daily", "dayly"], "dayly"), ("flights_claen", ["flights_clean"], "flights_clean"),
      ("materialised", ["materialized"], "materialized"),
    ] as [(String, [String], String?)])
  func `a name is near when at most a third of it would have to change`(
    name: String, known: [String], expected: String?
  ) {
    #expect(nearestName(to: name, in: known) == expected)
  }

  @Test func `of equally near names the first by the alphabet wins, in whatever order they come`() {
    var random = SeededRandom(seed: 5)
    let known = ["orderd", "ordera", "orderz", "orderb"]

    for _ in 0..<10 {
      #expect(nearestName(to: "orders", in: known.shuffled(using: &random)) == "ordera")
    }
  }
}
