import AssetCore
import AssetTestSupport
import Testing

/// Which columns a changed input is named with.
@Suite struct ChangedColumnsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var read: Consumption
    /// The columns then and now, as `name:type=digest`; `nil` where they are not known.
    var before: String?
    var now: String?
    var named: [String]?

    init(
      _ description: String, _ read: Consumption, _ before: String?, _ now: String?,
      _ named: [String]?
    ) {
      testDescription = description
      self.read = read
      self.before = before
      self.now = now
      self.named = named
    }
  }

  static let cases = [
    Case("one column", .columns(["a", "b"]), "a=1 b=1", "a=1 b=2", ["b"]),
    Case("rows exchanged", .columns(["a", "b"]), "a=1 b=1", "a=1 b=1", ["a", "b"]),
    Case("a type", .columns(["a", "b"]), "a=1 b=1", "a:text=1 b=1", ["a"]),
    Case("a column gone", .columns(["a", "b"]), "a=1 b=1", "b=1", ["a"]),
    Case("a column there", .columns(["a", "b"]), "b=1", "A=1 b=1", ["a"]),
    Case("a name there", .columns(["b"], names: ["a"]), "b=1", "A=1 B=1", ["a"]),
    Case("a name gone", .columns(["b"], names: ["a"]), "a b=1", "b=1", ["a"]),
    Case("what is not read", .columns(["b"], names: ["a"]), "a=1 b=1 c=1", "a=2 b=2 c=2", ["b"]),
    Case("rows alone", .rowCount, "a=1", "a=2", []),
    Case("a name beside rows alone", .columns([], names: ["a"]), "b=1", "a=2 b=1", ["a"]),
    Case("unknown then", .columns(["a", "b"]), nil, "a=1 b=2", ["a", "b"]),
    Case("unknown now", .columns(["a", "b"]), "a=1 b=2", nil, ["a", "b"]),
    Case("the whole", .whole, "a=1 B=1 c=1", "a=1 B=2 d=1", ["b", "c", "d"]),
    Case("the whole with rows exchanged", .whole, "b=1 a=1", "b=1 a=1", ["a", "b"]),
    Case("the whole, unknown then", .whole, nil, "a=1", nil),
    Case("the whole, unknown now", .whole, "a=1", nil, nil),
    Case("not digested", .columns(["a", "b"]), "a b", "a=1 b=2", ["a", "b"]),
  ]

  @Test(arguments: cases)
  func `a changed input is named with the columns that changed`(example: Case) {
    let before = ConsumedInput(example.read, "monday", details: Self.details(example.before))
    let now = Circumstances(
      definition: "v1",
      inputs: [
        .asset("orders"): .known(
          Content([example.read: "tuesday"], details: Self.details(example.now)))
      ],
      output: .present([.whole: "out"]))

    let causes = staleCauses(
      from: StaleCausesTests.materialization(
        Provenance(definition: "v1", inputs: [.asset("orders"): before])), to: now)

    #expect(causes == [.inputChanged(.asset("orders"), columns: example.named)])
  }

  private static func details(_ text: String?) -> ContentDetails? {
    text.map { text in
      ContentDetails(
        rows: 1,
        columns: text.split(separator: " ").map { word in
          let sides = word.split(separator: "=")
          let head = sides[0].split(separator: ":")
          return ColumnContent(
            name: String(head[0]), type: head.count > 1 ? String(head[1]) : "",
            digest: sides.count > 1 ? String(sides[1]) : nil)
        })
    }
  }
}
