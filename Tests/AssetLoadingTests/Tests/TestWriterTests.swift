import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

@Suite struct TestWriterTests {
  private func test(_ cells: [[Cell]], columns: [String]) -> UnitTest {
    let place = Place(file: "x")
    let rows = TestRows(
      columns: columns.map { .init($0, at: place) }, content: .cells(cells), at: place)
    return UnitTest(
      name: "t", asset: "paid", query: "", given: [GivenRows("orders", rows)], expected: rows,
      place: place)
  }

  @Test func `a test is written as people write it`() {
    let text = yamlText(
      of: test(
        [
          [.integer(1), .text("UA"), .text("2013-01-01"), .real(4), .null],
          [.integer(-2), .text("it's: \"x\"\n"), .text("yes"), .real(1.5), .blob("00ff")],
        ], columns: ["id", "carrier", "day", "a b", "no"]))

    #expect(
      text == #"""
          - name: t
            asset: paid
            given:
              orders:
                - {id: 1, carrier: UA, day: 2013-01-01, a b: 4.0, "no": null}
                - {id: -2, carrier: "it's: \"x\"\n", day: "yes", a b: 1.5, "no": !!binary "AP8="}
            expect:
              - {id: 1, carrier: UA, day: 2013-01-01, a b: 4.0, "no": null}
              - {id: -2, carrier: "it's: \"x\"\n", day: "yes", a b: 1.5, "no": !!binary "AP8="}

        """#)
  }

  @Test func `empty tables keep their columns`() {
    #expect(
      yamlText(of: test([], columns: ["id", "1"]), margin: 0)
        == "- name: t\n  asset: paid\n  given:\n    orders: {columns: [id, \"1\"]}\n"
        + "  expect: {columns: [id, \"1\"]}\n")
  }

  @Test func `what is written is read as the same`() throws {
    var random = SeededRandom(seed: 20_261_121)
    for _ in 0..<300 {
      let columns = ["a", "B c", "null", "1", "ü:", "-"].shuffled(using: &random).prefix(3)
      let cells = (1...3).map { _ in columns.map { _ in cell(&random) } }
      let written = test(cells, columns: Array(columns))

      let read = try UnitTestFiles.load("tests:\n" + yamlText(of: written))

      #expect(read.first?.given.first?.rows.columns.map(\.name) == Array(columns))
      #expect(read.first?.given.first?.rows.content == .cells(cells))
      #expect(read.first?.expected.content == .cells(cells))
    }
  }

  private func cell(_ random: inout SeededRandom) -> Cell {
    let odd = [
      "", " ", "a ", "- a", "null", "~", "true", "1", "1.0", "007", "1e3", ".inf", "#", "a #b", "'",
      "\"", "\\", "a: b", "[", "{x}", "&a", "*a", "!t", "|", ">", "%", "@", "`", "\u{0}", "\u{7F}",
      "\u{85}", "\u{2028}", "a\u{FEFF}", "\u{301}", "a\u{301}", "😀", "\r\n", "\t", "0x1F", "=",
      "<<",
      "2013-01-01", "12:30", "1_000", "no", "?", "? a", ",", "\u{E000}", "\u{A0}",
    ]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return .null
    case 1: return .integer(random.pick([0, -1, .max, .min, 42]))
    case 2: return .real(random.pick([0.5, 1, -1e300, 1e-300, .infinity, -.infinity, 1.0 / 3]))
    case 3: return .blob(random.pick(["", "00", "00ff", "00ff10", "deadbeef"]))
    default: return .text(random.pick(odd) + (random.chance(2) ? random.pick(odd) : ""))
    }
  }
}
