import AssetTestSupport
import Foundation
import Testing

/// Secrets in all that assetctl keeps and shows of programs.
@Suite struct SecretTests {
  private static let python = ProcessInfo.processInfo.environment["ASSETCTL_PYTHON"] ?? "python3"
  private static let token = "hu\"sh\\é/1 x"
  private static let environment = ["TOKEN": token]

  private func project(_ settings: String, _ body: String) throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/made.py": """
      \"\"\"@asset
      run: ["\(Self.python)", "{file}"]
      secrets: [TOKEN]
      \(settings)
      \"\"\"
      import json, os, sys, urllib.parse
      token = os.environ["TOKEN"]
      \(body)
      """,
    ])
  }

  private func expectNothing(of texts: [String], in project: TemporaryProject, _ shown: String) {
    for text in texts {
      #expect(!shown.contains(text), "\(text) is shown")
      #expect(
        (try? RuntimeTests.holds(text, in: project.folder + "/.assetctl")) == false, "\(text)")
    }
  }

  /// No part of the secret that shows in any form, but `1 x`, which is too little to tell.
  private static let traces = ["hu\"sh", "hu\\\"sh", "hu%22sh", "u00e9", "%C3%A9", "é/1"]

  @Test func `no escaped form of a secret is in a log`() async throws {
    let project = try project(
      "outputs: [build/made]",
      """
      print(token, json.dumps(token), repr(token), ascii(token), json.dumps(json.dumps([token])))
      print(urllib.parse.quote(token), urllib.parse.quote_plus(token), urllib.parse.quote(token, ""))
      print(json.dumps(token, ensure_ascii=False).replace("/", "\\\\/"))
      sys.exit(3)
      """)

    let run = try await project.assetctl(["materialize"], environment: Self.environment)

    #expect(run.exitCode == 1)
    #expect(run.output.contains("*** \"***\" '***' '***'"))
    expectNothing(of: Self.traces, in: project, run.output + run.errors)
  }

  @Test func `labels, names of checks and of metrics are masked`() async throws {
    let project = try project(
      "kind: model\noutputs: [build/made.json]",
      """
      from dagster_pipes import open_dagster_pipes
      with open_dagster_pipes() as pipes:
          pipes.report_asset_materialization(
              {"label " + token: 1, "rmse": {"raw_value": {"nested " + token: [token]}, "type": "json"}})
          pipes.report_asset_check(check_name="check " + token, passed=False, severity="WARN")
          pipes.log.info(token)
      with open(os.environ["ASSETCTL_OUTPUT"], "w") as file:
          json.dump({"metrics": {"metric " + token: 2, "gone " + token: float("nan")}}, file)
      """)

    let run = try await project.assetctl(["materialize"], environment: Self.environment)
    let show = try await project.assetctl(
      ["show", "made", "--format", "json"], environment: Self.environment)

    #expect(run.exitCode == 0)
    #expect(run.output.contains("the check `check ***` did not pass"))
    #expect(
      run.output.contains(
        "the metric `gone ***` in `build/made.json` is NaN, which is no number, and was left out"))
    let last = try show.json["materializations"][0]
    #expect(last["metrics"] == ["label ***": 1, "metric ***": 2])
    #expect(last["metadata"] == ["label ***": 1, "rmse": ["nested ***": ["***"]]])
    expectNothing(of: Self.traces, in: project, run.output + run.errors + show.output)
  }

  @Test func `an error about a program's rows names no secret`() async throws {
    let project = try project(
      "kind: table",
      """
      with open(os.environ["ASSETCTL_OUTPUT"], "w") as file:
          file.write('"a hush-it","A HUSH-IT"\\n1,2\\n'.replace("hush-it", token).replace("HUSH-IT", token))
      """)

    let run = try await project.assetctl(["materialize"], environment: ["TOKEN": "hush-it"])

    #expect(run.exitCode == 1)
    #expect(run.output.contains("a ***"))
    expectNothing(of: ["hush-it"], in: project, run.output + run.errors)
  }

  @Test func `rows that a check shows are masked`() async throws {
    let project = try project(
      "kind: table\nchecks: [{unique: [a]}]",
      """
      with open(os.environ["ASSETCTL_OUTPUT"], "w") as file:
          file.write("a,b\\nmy hush-it,2\\nmy hush-it,3\\n")
      """)

    let run = try await project.assetctl(["materialize"], environment: ["TOKEN": "hush-it"])

    #expect(run.exitCode == 1)
    expectNothing(of: ["hush-it"], in: project, run.output + run.errors)
  }
}
