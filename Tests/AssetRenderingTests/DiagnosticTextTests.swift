import AssetCore
import AssetRendering
import Testing

@Suite struct DiagnosticTextTests {
  @Test func `a problem has its place before it and its hint below it`() {
    let problem = Diagnostic(
      "`daily` reads `order`, which no file declares",
      at: Place(file: "assets/daily.sql", line: 3, column: 6), hint: "did you mean `orders`?")

    #expect(
      text(of: problem) == """
        assets/daily.sql:3:6: error: `daily` reads `order`, which no file declares

        hint: did you mean `orders`?

        """)
  }

  @Test func `a fact stands on a line of its own`() {
    let problem = Diagnostic(
      "assets read each other in a circle",
      facts: [.init("cycle", "daily -> report -> rates -> daily")],
      hint: "break the circle by removing one of these inputs")

    #expect(
      text(of: problem) == """
        error: assets read each other in a circle
          cycle: daily -> report -> rates -> daily

        hint: break the circle by removing one of these inputs

        """)
  }

  @Test func `facts stand in a column, those without a label below the one before`() {
    let problem = Diagnostic(
      "the program of `a` ended with exit code 1",
      facts: [.init("log", "a.log"), .init("", "Traceback"), .init("program", "python3")])

    #expect(
      text(of: problem) == """
        error: the program of `a` ended with exit code 1
          log:     a.log
                   Traceback
          program: python3

        """)
  }

  @Test func `a warning is called one, and several stand apart`() {
    let problems = [
      Diagnostic("one", severity: .warning, at: Place(file: "a.sql", line: 2)), Diagnostic("two"),
    ]

    #expect(text(of: problems) == "a.sql:2: warning: one\n\nerror: two\n")
  }

  @Test func `colour marks the place, the word and the hint`() {
    let problem = Diagnostic("one", at: Place(file: "a.sql"), hint: "two")

    #expect(
      text(of: problem, style: TextStyle(hasColor: true))
        == "\u{1B}[1ma.sql:\u{1B}[0m \u{1B}[31merror:\u{1B}[0m one\n\n\u{1B}[1mhint:\u{1B}[0m two\n"
    )
  }

  @Test func `no content can steer a terminal`() {
    let problem = Diagnostic(
      "`a\u{1B}[2J` is no name\nreally", at: Place(file: "a\u{7}.sql"),
      facts: [.init("text", "x\r\ty\u{9B}")], hint: "did you mean `\u{0}`?")

    #expect(
      text(of: problem) == """
        a\\u{7}.sql: error: `a\\u{1b}[2J` is no name\\nreally
          text: x\\r\\ty\\u{9b}

        hint: did you mean `\\u{0}`?

        """)
  }
}
