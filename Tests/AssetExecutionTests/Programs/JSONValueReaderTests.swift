import AssetCore
import Testing

@testable import AssetExecution

@Suite struct JSONValueReaderTests {
  private func read(_ text: String) throws -> (value: MetadataValue, oddities: [JSONOddity]) {
    try Array(text.utf8).withUnsafeBufferPointer { try JSONValueReader.read($0) }
  }

  @Test(
    arguments: [
      ("null", .null), (" true ", .boolean(true)), ("-12", .integer(-12)),
      ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(0x1p63)),
      ("1.5e3", .number(1500)), (#""""#, .text("")), (#""a\"b\\""#, .text("a\"b\\")),
      (#""\u00e9\ud83d\ude80\n\/""#, .text("é🚀\n/")), ("\"東 🚀\"", .text("東 🚀")),
      (#"[1, [], {}, ["]"]]"#, .list([.integer(1), .list([]), .object([:]), .list([.text("]")])])),
      (
        #"{"a": 1, "b": {"c": [null]}, "a": 2}"#,
        .object(["a": .integer(2), "b": .object(["c": .list([.null])])])
      ),
    ] as [(String, MetadataValue)])
  func `JSON is read as it is`(text: String, value: MetadataValue) throws {
    let read = try read(text)

    #expect(read.value == value)
    #expect(read.oddities == [])
  }

  @Test func `what is no JSON is left out, and told by its path`() throws {
    let read = try read(
      #"{"a": NaN, "b": [1, -Infinity, {"c": Infinity}, 2], "d": 1e999, "e": "\ud83dx", "f": 3}"#)

    #expect(
      read.value
        == .object([
          "b": .list([.integer(1), .null, .object([:]), .integer(2)]), "e": .text("\u{fffd}x"),
          "f": .integer(3),
        ]))
    #expect(
      read.oddities == [
        JSONOddity(path: ["a"], kind: .notFinite("NaN")),
        JSONOddity(path: ["b", "1"], kind: .notFinite("-Infinity")),
        JSONOddity(path: ["b", "2", "c"], kind: .notFinite("Infinity")),
        JSONOddity(path: ["d"], kind: .notFinite("1e999")),
        JSONOddity(path: ["e"], kind: .halfCharacter),
      ])
  }

  @Test(
    arguments: [
      ("", 0), ("nan", 0), ("[1,]", 3), ("{a: 1}", 1), (#"{"a" 1}"#, 5), (#"{"a": 1"#, 7),
      (#""abc"#, 4), (#""\x""#, 1), ("1 2", 2), ("01", 0), ("[1", 2), (#""\"#, 2), (#""\u12""#, 1),
      ("--1", 0), ("tru", 0),
    ])
  func `the place is told from which on it is none`(text: String, offset: Int) throws {
    let error = #expect(throws: JSONFault.self) { try read(text) }
    #expect(error?.offset == offset)
  }

  @Test func `what is nested too deeply is refused`() {
    let text = String(repeating: "[", count: 100_000)

    #expect(throws: JSONFault.self) { try read(text) }
  }
}
