import AssetTestSupport
import Foundation
import Testing

/// `materialize --retry`: what the last run did not bring up to date, and nothing else.
@Suite(.timeLimit(.minutes(15))) struct RetryTests {
  /// Three chains: one whose first asset fails as long as there is no file `fixed`, one whose second
  /// does, and one that is well.
  private func project() throws -> TemporaryProject {
    func asset(_ name: String, _ inputs: String = "", _ body: String = "") -> String {
      """
      # @asset
      # inputs: [\(inputs)]
      # outputs: [build/\(name)]
      # code: [version]
      \(body)
      echo \(name) > "$ASSETCTL_OUTPUT"
      """
    }
    let fails = "[ -e fixed ] || exit 3"
    return try TemporaryProject([
      "assetctl.yml": "project: shop", "version": "1",
      "assets/a.sh": asset("a", "", fails), "assets/a_reader.sh": asset("a_reader", "a"),
      "assets/b.sh": asset("b"), "assets/b_reader.sh": asset("b_reader", "b", fails),
      "assets/well.sh": asset("well"), "assets/well_reader.sh": asset("well_reader", "well"),
    ])
  }

  private func outcomes(
    _ project: TemporaryProject, _ arguments: String...
  ) async throws -> [String: String] {
    try await project.assetctl(["materialize", "--retry", "--format", "json"] + arguments)
      .assets("outcome")
  }

  @Test func `what failed or was skipped is tried again`() async throws {
    let project = try project()
    #expect(try await project.assetctl("materialize").exitCode == 1)
    // Stale since then, but not what the last run failed to make.
    try project.edit("assets/well.sh", "echo well", to: "echo better")
    try project.write("fixed", "")

    let plan = try await project.assetctl("plan", "--retry")
    #expect(
      plan.output == """
        materialize  a  never materialized
        materialize  a_reader  never materialized
        materialize  b_reader  never materialized

        3 to materialize, 1 fresh

        """)
    #expect(try await project.assetctl("materialize", "--retry", "--dry-run").output == plan.output)

    #expect(
      try await outcomes(project) == [
        "a": "materialized", "a_reader": "materialized", "b": "fresh", "b_reader": "materialized",
      ])
    let again = try await project.assetctl("materialize", "--retry")
    #expect(
      again
        == CommandResult(
          exitCode: 0,
          output: """
            nothing to retry: nothing failed, was skipped or was cancelled in the last run, <run>

            """))
    #expect(
      try await project.assetctl("status", "--format", "json").assets("status")
        .filter { $0.value != "fresh" } == ["well": "stale", "well_reader": "waiting"])
    #expect(
      try await project.sqlite(
        "select command from run order by started_at", in: ".assetctl/state.sqlite")
        == [["materialize"], ["materialize --retry"]])
  }

  @Test func `what is stale upstream is made with it, unless it is told to make only that`()
    async throws
  {
    let project = try project()
    try await project.assetctl("materialize")
    try project.write("fixed", "")
    try project.edit("assets/b.sh", "echo b", to: "echo other")

    #expect(
      try await outcomes(project, "b_reader", "--only") == ["b_reader": "materialized"])
    // That run is the last one now, and nothing failed in it.
    #expect(try await outcomes(project) == [:])

    try await project.assetctl("materialize", "a", "b_reader")
    try project.remove("fixed")
    try project.write("version", "2")
    try await project.assetctl("materialize")
    try project.write("fixed", "")
    try project.edit("assets/b.sh", "echo other", to: "echo another")
    #expect(
      try await outcomes(project, "b_reader") == ["b": "materialized", "b_reader": "unchanged"])
  }

  @Test func `a selection and --exclude limit it`() async throws {
    let project = try project()
    #expect(
      try await project.assetctl("materialize", "--retry")
        == CommandResult(
          exitCode: 0, output: "nothing to retry: nothing was materialized yet\n"))
    try await project.assetctl("materialize")

    let none = try await project.assetctl("materialize", "--retry", "well", "b")
    #expect(
      none
        == CommandResult(
          exitCode: 0,
          output: """
            nothing to retry: what failed, was skipped or was cancelled in the last run, <run>, is \
            not among the selected assets

            """))
    #expect(try await project.assetctl("materialize", "--retry", "nothing").exitCode == 64)
    let document = try await project.assetctl("materialize", "--retry", "well", "--format", "json")
    #expect(document.exitCode == 0)
    #expect(try document.json["assets"] == [])
    #expect(try await Schemas.problems(in: [("materialize", document)], of: project) == [])

    #expect(
      try await outcomes(project, "--exclude", "b_reader") == [
        "a": "failed", "a_reader": "skipped",
      ])
    try project.write("fixed", "")
    #expect(try await outcomes(project, "a", "well") == ["a": "materialized"])
  }

  @Test func `what was cancelled is tried again, started or not`() async throws {
    let project = try project()
    try project.write("fixed", "")
    try project.edit(
      "assets/a.sh", "echo a", to: "[ -e gate ] || { : > running; sleep 600; }; echo a")
    try await project.assetctl("materialize", "+b_reader", "+well_reader")
    try project.edit("assets/well.sh", "echo well", to: "echo better")
    let run = try project.start(["materialize", "+a_reader"])
    try await project.wait(for: "the program to run") { project.exists("running") }
    run.send(SIGINT)
    #expect(try await run.result().exitCode == 130)
    try project.write("gate", "")

    #expect(
      try await outcomes(project) == ["a": "materialized", "a_reader": "materialized"])
  }

  @Test func `of a run that was killed all counts that it had not done`() async throws {
    let project = try project()
    try project.write("fixed", "")
    try project.edit(
      "assets/a.sh", "echo a", to: "[ -e gate ] || { : > running; sleep 600; }; echo a")
    let run = try project.start(["materialize", "+a_reader", "b", "-j", "2"])
    try await project.wait(for: "the program to run") {
      project.exists("running") && run.outputSoFar.contains("materialized  b")
    }
    run.send(SIGKILL)
    _ = try await run.result()
    try project.write("gate", "")
    // Stale again, but done in that run.
    try project.edit("assets/b.sh", "echo b", to: "echo other")

    #expect(
      try await outcomes(project) == ["a": "materialized", "a_reader": "materialized"])
  }

  @Test func `another target has a last run of its own, and what is gone is not tried`()
    async throws
  {
    let project = try project()
    try project.write("assetctl.yml", "project: shop\ntargets: {other: {}}\n")
    try await project.assetctl("materialize")

    let other = try await project.assetctl("materialize", "--retry", "--target", "other")
    #expect(other.output == "nothing to retry: nothing was materialized yet\n")

    for name in ["a", "a_reader", "b_reader"] { try project.remove("assets/\(name).sh") }
    #expect(
      try await project.assetctl("materialize", "--retry").output.hasPrefix(
        "nothing to retry: what"))
  }
}
