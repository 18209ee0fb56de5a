import AssetTestSupport
import Testing

@testable import AssetExecution

@Suite struct SecretMaskTests {
  private func masked(_ text: String, _ secrets: [String], pieces: Int) -> String {
    var mask = SecretMask(secrets)
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      bytes += mask.mask(rest.prefix(pieces))
      rest = rest.dropFirst(pieces)
    }
    return String(decoding: bytes + mask.finish(), as: UTF8.self)
  }

  @Test(arguments: 1...12)
  func `secrets are masked in whatever pieces they come`(pieces: Int) {
    #expect(masked("a hush b", ["hush"], pieces: pieces) == "a *** b")
    #expect(masked("hushhush", ["hush"], pieces: pieces) == "******")
    #expect(masked("hus", ["hush"], pieces: pieces) == "hus")
    #expect(masked("huhush", ["hush"], pieces: pieces) == "hu***")
    #expect(masked("key=abc, abcdef", ["abc", "abcdef"], pieces: pieces) == "key=***, ***")
    #expect(masked("one\ntwo", ["one\ntwo"], pieces: pieces) == "***\n***")
    #expect(masked("plain", [], pieces: pieces) == "plain")
  }

  @Test(arguments: 1...12)
  func `a secret is masked in each form in which programs write it`(pieces: Int) {
    let secret = "a\"b\\c/d é\u{1f600}'\te"
    for form in [
      secret,
      #"a\"b\\c/d é😀'\te"#,
      #"a\"b\\c\/d \u00e9\ud83d\ude00'\te"#,
      #"a\"b\\c/d \u00E9\uD83D\uDE00'\te"#,
      #"a\\\"b\\\\c/d \\u00e9\\ud83d\\ude00'\\te"#,
      #"a"b\\c/d \xe9\U0001f600\'\te"#,
      #"a"b\\c/d \xc3\xa9\xf0\x9f\x98\x80\'\te"#,
      "a%22b%5Cc/d%20%C3%A9%F0%9F%98%80%27%09e",
      "a%22b%5cc%2fd+%c3%a9%f0%9f%98%80'%09e",
    ] {
      #expect(masked("x\(form)y", [secret], pieces: pieces) == "x***y", "\(form)")
    }
    #expect(masked("a\\\\b", ["\\"], pieces: pieces) == "a***b")
    #expect(masked("100%2", ["/"], pieces: pieces) == "100%2")
  }

  @Test(arguments: [1, 7, 100_000])
  func `a long secret is masked as one, and so are long parts of it`(pieces: Int) {
    let secret = String((0..<300).map { Character(Unicode.Scalar(UInt8(97 + $0 * $0 % 26))) })
    #expect(masked("a\(secret)b", [secret], pieces: pieces) == "a***b")
    #expect(masked("a\(secret.prefix(150))b", [secret], pieces: pieces).hasPrefix("a***"))
    let same = String(repeating: "S", count: 50_000)
    #expect(masked("\(same.prefix(25_000))end", [same], pieces: pieces).hasSuffix("end"))
    // What is shorter than a part is not known to be one.
    #expect(masked(String(same.prefix(25_000)), [same], pieces: pieces).count < 128)
  }

  @Test func `a random text holds no secret afterwards`() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<300 {
      let text = String((0..<40).map { _ in random.pick(["a", "b", "c"]).first ?? "a" })
      let secret = String((0..<3).map { _ in random.pick(["a", "b", "c"]).first ?? "a" })
      let expected = text.replacing(secret, with: "***")
      #expect(masked(text, [secret], pieces: 1 + Int(random.next() % 7)) == expected)
    }
  }
}
