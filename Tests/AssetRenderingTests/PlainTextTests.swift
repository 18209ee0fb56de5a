import AssetCore
import AssetTestSupport
import Testing

@testable import AssetRendering

/// What programs print, on its way to a terminal.
@Suite struct PlainTextTests {
  @Test(arguments: [
    ("plain text\twith a tab", "plain text\twith a tab"),
    ("\u{1B}[1;32mgreen\u{1B}[0m", "green"),
    ("\u{1B}[2J\u{1B}[H\u{1B}[?25lhome\u{8}\u{7}", "home"),
    ("\u{1B}]0;a title\u{7}a\u{1B}]8;;http://x\u{1B}\\b", "ab"),
    ("\u{9B}31mred\u{9D}title\u{9C}!", "red!"),
    ("\u{1B}(Bcharset \u{1B}7saved\u{1B}8", "charset saved"),
    ("cut off\u{1B}", "cut off"), ("cut off\u{1B}[3", "cut off"),
    ("\u{1B}]never ended", ""), ("\u{1B}[3\u{1B}[1mtwo", "two"),
    ("a\0b\u{7F}c\r\n", "abc"), ("\u{202E}backwards\u{2066}", "backwards"),
    ("für 東京 👩‍🚀", "für 東京 👩‍🚀"),
  ])
  func `nothing that steers a terminal is left`(text: String, plain: String) {
    #expect(withoutControls(text) == plain)
  }

  @Test(arguments: [
    ("one\ntwo\n", "two"), ("one\ntw", "tw"), ("", ""), ("one\n  \n\n", "one"),
    ("\r 10%\r 20%\r", "20%"), ("done\u{1B}[K\n\u{1B}[0m\n", "done"),
    ("\u{FFFD}half\tline", "half line"),
  ])
  func `the last line is the last that shows anything`(text: String, line: String) {
    #expect(lastLine(of: text) == line)
  }

  @Test(arguments: [
    ("abc", 3), ("äöü", 3), ("a\u{308}", 1), ("東京", 4), ("ｆｕｌｌ", 8), ("👍", 2), ("한글", 4),
    ("✅ ok", 5), ("█▌", 2), ("", 0),
  ])
  func `width is counted in columns`(text: String, width: Int) {
    #expect(displayWidth(text) == width)
  }

  @Test(arguments: [
    ("東京都", 6, "東京都"), ("東京都", 5, "東京…"), ("東京都", 4, "東…"), ("abc", 2, "a…"),
    ("abc", 1, "…"), ("abc", 0, ""), ("abc", 3, "abc"), ("äöü", 3, "äöü"), ("👍👍👍", 5, "👍👍…"),
  ])
  func `a text that is too wide is cut between characters`(
    text: String, width: Int, cutText: String
  ) {
    #expect(cut(text, toWidth: width) == cutText)
  }

  @Test func `a program's lines in an error show what they would show, and are no pages`() {
    let long = String(repeating: "x", count: 10_000)
    let problem = Diagnostic(
      "the program of `a` ended with exit code 1",
      facts: [
        .init("log", "a.log"), .init("", "\u{1B}[31mTraceback\u{1B}[0m\tline 1"), .init("", long),
      ])

    #expect(
      text(of: problem) == """
        error: the program of `a` ended with exit code 1
          log: a.log
               Traceback\tline 1
               \(long.prefix(499))…

        """)
  }

  @Test func `a line of a log has its asset in front, without control characters`() {
    #expect(text(of: LogLine("one\ttwo"), from: "a", nameWidth: 3) == "a   | one\ttwo\n")
    #expect(text(of: LogLine(""), from: "a", nameWidth: 1) == "a |\n")
    #expect(
      text(of: LogLine(" 1%\r 2%\r\u{1B}[K", isCut: true), from: "a", nameWidth: 1)
        == "a |  2%…\n")
    #expect(
      text(of: LogLine("x"), from: "a", nameWidth: 1, style: TextStyle(hasColor: true))
        == "\u{1B}[2ma |\u{1B}[0m x\n")
  }
}
