import Testing

@testable import AssetCore

@Suite struct DecimalTextTests {
  @Test(arguments: [
    ("1.10", "11e-1"), ("+0.5", ".5"), ("-0", "0"), ("1e3", "1000.000"), ("00120", "1.2E2"),
    ("5.", "5"),
  ])
  func `it is the number that counts, not how it is written`(left: String, right: String) {
    #expect(DecimalText(left.utf8) == DecimalText(right.utf8))
    #expect(DecimalText(left.utf8) != nil)
  }

  @Test(arguments: ["", "-", ".", "1.2.3", "1e", "1e+", "0x10", " 1", "1 ", "inf", "nan", "1_000"])
  func `anything else is no number`(text: String) {
    #expect(DecimalText(text.utf8) == nil)
  }

  @Test(
    arguments: [
      ("0.1", true), ("0.5", true), ("1e300", true), ("-0.0", true), ("100.00", true), ("0", true),
      ("2.2250738585072014e-308", true), ("5e-324", true), ("1.7976931348623157e308", true),
      ("0.1000000000000000055511151231257827021181583404541015625", true),
      ("1152921504606846976.0", true), ("1152921504606846977.0", false),
      ("9007199254740992", true), ("9007199254740993", false), ("9007199254740993.5", false),
      ("0.1000000000000000055511151231257827021181583404541015626", false),
      ("0.1234567890123456789", false), ("1.0000000000000001", false), ("1e-400", false),
      ("3.14159265358979323846", false),
    ])
  func `a double holds a number that it gives back`(text: String, isHeld: Bool) throws {
    let number = try #require(Double(text))
    #expect(DecimalText(text.utf8)?.isHeld(by: number) == isHeld)
  }

  @Test func `what is too large for a double is not held`() {
    #expect(DecimalText("1e999".utf8)?.isHeld(by: .infinity) == false)
    #expect(DecimalText("1e99999999999999999999".utf8)?.isHeld(by: .infinity) == false)
  }
}
