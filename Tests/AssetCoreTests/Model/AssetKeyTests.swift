import AssetCore
import Testing

@Suite struct AssetKeyTests {
  @Test(
    arguments: [
      ("a", true), ("_", true), ("daily_2013", true), ("Daily", true), ("", false), ("2013", false),
      ("a-b", false), ("a.b", false), ("a b", false), ("é", false), ("@", false), ("a`", false),
      ("[", false), ("a\n", false),
    ])
  func `a key is letters, digits and underscores, and begins with no digit`(
    name: String, isKey: Bool
  ) {
    #expect((AssetKey(name) != nil) == isKey)
  }

  @Test func `keys are compared without case, and keep their spelling`() {
    let upper = AssetKey(trusted: "Daily")
    let lower = AssetKey(trusted: "daily")

    #expect(upper == lower)
    #expect(Set([upper, lower]).count == 1)
    #expect("\(upper) \(lower)" == "Daily daily")
    #expect(["b", "C", "A"].map(AssetKey.init(trusted:)).sorted().map(\.name) == ["A", "b", "C"])
  }
}
