import AssetCore
import AssetTestSupport
import Testing

@testable import AssetExecution

@Suite struct SandboxFindingsTests {
  let asset = Asset(
    key: "made", recipe: .program(ProgramRecipe(product: .file, command: ["sh"])),
    place: Place(file: "assets/made.sh", line: 1), inputs: [],
    definition: CanonicalForm(tag: "test", fields: []))
  let call = ProgramCall(
    asset: "made", run: "r", command: ["sh"], folder: "/", environment: [:], secrets: [],
    log: ("/log", "log")
  )
  let failure = StepError.programNotFound(asset: "made", program: "sh")

  @Test func `no finding is no warning`() {
    #expect(SandboxFindings().warnings(on: asset) == [])
  }

  @Test func `files are named with the lines to add`() {
    let findings = SandboxFindings(files: [
      .output("build/b.json", of: "b"), .code("lib/x.py"), .code("data/a b.csv"),
      .warehouse(".assetctl/warehouse.sqlite"), .output("build/a.json", of: "a"),
    ])

    #expect(
      findings.warnings(on: asset) == [
        Diagnostic(
          "the program of `made` reads 5 files that it does not declare", severity: .warning,
          at: Place(file: "assets/made.sh"),
          facts: [
            .init("reads", ".assetctl/warehouse.sqlite, the warehouse"),
            .init("", "build/a.json, published by `a`"),
            .init("", "build/b.json, published by `b`"),
            .init("", "data/a b.csv"), .init("", "lib/x.py"),
          ],
          hint: #"add `code: ["data/a b.csv", lib/x.py]` and `inputs: [a, b]`; "#
            + "declare the tables under `inputs:`, and read `ASSETCTL_INPUT_<KEY>`")
      ])
  }

  @Test func `of many files the first are named`() throws {
    let files = (100..<125).map { UndeclaredFile.code("data/\($0)") }

    let warning = try #require(SandboxFindings(files: Set(files)).warnings(on: asset).first)

    #expect(
      warning.facts.map(\.text) == (100..<120).map { "data/\($0)" } + ["and 5 more"])
    #expect(warning.hint?.hasSuffix("data/119, …]`") == true)
  }

  @Test func `an obstacle is a warning, or a failure where files are to be hidden`() {
    let findings = SandboxFindings(obstacle: "Operation not permitted")

    #expect(
      findings.warnings(on: asset) == [
        Diagnostic(
          "`sandbox: check` is not available here: Operation not permitted", severity: .warning,
          hint: "set `sandbox: off`, or run it on Linux, where unprivileged filters are allowed")
      ])
    #expect(
      findings.explanation(of: failure, call, hides: true) as? SandboxError
        == .notAvailable(asset: "made", reason: "Operation not permitted"))
    #expect(findings.explanation(of: failure, call, hides: false) as? StepError == failure)
  }

  @Test func `a failure names what was hidden`() {
    let explained = failure.diagnostics.map {
      $0.explained(byHidden: [.code("a"), .aside(".git/HEAD")])
    }

    #expect(
      explained == [
        Diagnostic(
          "`sh`, which makes `made`, is not installed",
          facts: [.init("hidden", ".git/HEAD"), .init("", "a")],
          hint: "the program sees only what it declares; add `code: [a]`; "
            + "install it, or set another command with `run:`")
      ])
  }

  @Test func `paths are written as YAML reads them`() throws {
    let names = ["-a", "a,b", "a\"b\\", "a\n\u{1}", "é.csv"]

    let hints = names.map {
      SandboxFindings(files: [.code($0)]).warnings(on: asset).first?.hint
    }

    #expect(
      hints == [
        #"add `code: ["-a"]`"#, #"add `code: ["a,b"]`"#, #"add `code: ["a\"b\\"]`"#,
        #"add `code: ["a\n\x01"]`"#, "add `code: [é.csv]`",
      ])
  }
}
