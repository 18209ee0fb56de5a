import AssetCore
import Testing

@Suite struct GlobTests {
  @Test(
    arguments: [
      ("", "", true), ("", "a", false), ("a", "", false), ("*", "", true), ("*", "anything", true),
      ("a*", "a", true), ("a*", "abc", true), ("a*", "ba", false), ("*c", "abc", true),
      ("*c", "abcd", false), ("a*c", "ac", true), ("a*c", "abcbc", true), ("a*b*c", "aXbYc", true),
      ("a*b*c", "acb", false), ("a?c", "abc", true), ("a?c", "ac", false), ("???", "ab", false),
      ("**", "ab", true), ("*?", "", false), ("*?", "a", true), ("?*", "abc", true),
      ("ABC", "abc", true), ("a.c", "abc", false), ("[a]", "a", false), ("a*ab", "aaab", true),
      ("*ab*ab", "abab", true), ("*é", "café", true), ("caf?", "café", true),
    ])
  func `a star is any text, a question mark one character`(
    pattern: String, text: String, expected: Bool
  ) {
    #expect(matches(pattern, text) == expected)
  }

  @Test(.timeLimit(.minutes(5)))
  func `many stars do not take forever`() {
    let pattern = String(repeating: "*a", count: 50) + "b"

    #expect(!matches(pattern, String(repeating: "a", count: 5000)))
  }
}
