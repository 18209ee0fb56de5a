import AssetTestSupport
import Foundation
import Testing

/// Programs that talk as Dagster Pipes does, by the package from PyPI itself.
@Suite struct PipesTests {
  private static let python = ProcessInfo.processInfo.environment["ASSETCTL_PYTHON"] ?? "python3"

  private func project(_ body: String, settings: String = "") throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/model.py": """
      \"\"\"@asset
      kind: model
      run: ["\(Self.python)", "{file}"]
      outputs: [build/model.txt]
      \(settings)
      \"\"\"
      import os
      from dagster_pipes import open_dagster_pipes

      with open_dagster_pipes() as pipes:
      \(body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
          open(os.environ["ASSETCTL_OUTPUT"], "w").write("done")
      """,
    ])
  }

  @Test func `a program is told what it makes, and reports what it made`() async throws {
    let project = try project(
      """
      assert pipes.asset_key == "model", pipes.asset_key
      assert pipes.run_id == os.environ["ASSETCTL_RUN"]
      assert not pipes.is_partition_step
      pipes.log.info("half way")
      pipes.report_asset_check(
          check_name="no_gaps", passed=True, severity="WARN", metadata={"gaps": 0})
      pipes.report_asset_materialization(
          metadata={"rmse": 12.5, "rows": {"raw_value": 7, "type": "int"}, "notes": ["a", None],
                    "at": {"raw_value": 1795252443.5, "type": "timestamp"}},
          data_version="v1")
      """)

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(run.exitCode == 0)
    #expect(
      try run.json["assets"][0]["checks"] == [
        ["check": "no_gaps", "passed": true, "severity": "warn", "metadata": ["gaps": 0]]
      ])

    let show = try await project.assetctl("show", "model", "--format", "json")
    let last = try show.json["materializations"][0]
    #expect(last["metrics"] == ["rmse": 12.5, "rows": 7])
    #expect(
      last["metadata"] == ["rmse": 12.5, "rows": 7, "notes": ["a", nil], "at": 1795252443.5])
    let text = try await project.assetctl("show", "model").output
    #expect(text.contains("\nmetrics\n  rmse  12.5\n  rows  7\n"))
    #expect(text.contains("\n  notes  [\"a\",null]\n"))
    #expect(text.contains("\nchecks\n  no_gaps  passed\n"))
    #expect(
      try await project.assetctl("logs", "last", "model").output.contains("[INFO] half way\n"))
    let checks = try await project.sqlite(
      "select asset, \"check\", severity, passed from v_checks", in: ".assetctl/state.sqlite")
    #expect(checks == [["model", "no_gaps", "warn", 1]])
  }

  @Test func `a check that does not pass keeps what is published`() async throws {
    let project = try project(
      "pipes.report_asset_check(check_name=\"ok\", passed=os.path.exists(\"good\"))")
    try project.write("good", "")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.remove("good")
    try project.edit("assets/model.py", "\"done\"", to: "\"other\"")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("`model` was not published: the check `"))
    #expect(try project.read("build/model.txt") == "done")
    #expect(
      try await project.sqlite(
        "select \"check\", passed from v_checks order by passed",
        in: ".assetctl/state.sqlite") == [["ok", 0], ["ok", 1]])
  }

  @Test func `a metric is held within its bounds`() async throws {
    let project = try project(
      "pipes.report_asset_materialization({\"rmse\": 14.25})",
      settings: "checks: [{metric: {name: rmse, max: 12.5}}]")

    let failed = try await project.assetctl("materialize")
    #expect(failed.exitCode == 1)
    #expect(failed.output.contains("the check `metric(rmse)` failed: 14.25 is more than 12.5"))
    #expect(!project.exists("build/model.txt"))

    try project.edit("assets/model.py", "max: 12.5", to: "max: 15")
    let passed = try await project.assetctl("materialize", "--format", "json")
    #expect(passed.exitCode == 0)
    #expect(
      try passed.json["assets"][0]["checks"] == [
        ["check": "metric(rmse)", "passed": true, "severity": "error", "message": "14.25"]
      ])
  }

  @Test func `what a program logs is kept, of a failure too`() async throws {
    let project = try project(
      """
      pipes.log.info("half way")
      pipes.log.warning("it is\\nlate")
      if os.path.exists("bad"):
          pipes.log.critical("out of paper")
          raise SystemExit(3)
      """)
    #expect(try await project.assetctl("materialize").exitCode == 0)

    let show = try await project.assetctl("show", "model", "--format", "json")
    #expect(
      try show.json["log_messages"].elements.map { log in
        [log["outcome"], log["left_out"]]
          + log["messages"].elements.flatMap { [$0["level"], $0["message"]] }
      } == [["materialized", 0, "INFO", "half way", "WARNING", "it is\nlate"]])
    #expect(
      try await project.assetctl("show", "model").output.contains(
        """

        log messages
          <time>  WARNING  it is\\nlate
          1 other message: `assetctl logs <run> model`

        """))

    try project.write("bad", "")
    #expect(try await project.assetctl("materialize", "--force").exitCode == 1)
    let after = try await project.assetctl("show", "model")
    #expect(
      after.output.contains(
        """

        log messages of the last attempt, failed
          <time>  WARNING  it is\\nlate
          <time>  CRITICAL  out of paper
          1 other message: `assetctl logs <run> model`

        log messages
          <time>  WARNING  it is\\nlate
        """))
    let document = try await project.assetctl("show", "model", "--format", "json")
    #expect(
      try await Schemas.problems(in: [("show", show), ("show", document)], of: project) == [])
    #expect(
      try await project.sqlite(
        "select asset, outcome, number, level from v_log_messages order by attempt, number",
        in: ".assetctl/state.sqlite") == [
          ["model", "materialized", 1, "INFO"], ["model", "materialized", 2, "WARNING"],
          ["model", "failed", 1, "INFO"], ["model", "failed", 2, "WARNING"],
          ["model", "failed", 3, "CRITICAL"],
        ])
  }

  @Test func `of very many messages the last are kept, and of a long one the beginning`()
    async throws
  {
    let project = try project(
      """
      for number in range(2500):
          pipes.log.info(f"message {number}")
      pipes.log.error("ä" * 100_000)
      """)
    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(
      try await project.sqlite(
        """
        select count(*), min(number), max(number), max(length(message)),
          min(case when number = 1502 then message end)
        from v_log_messages
        """, in: ".assetctl/state.sqlite") == [[1000, 1502, 2501, 8193, "message 1501"]])
    let show = try await project.assetctl("show", "model").output
    #expect(show.contains("\n  999 other messages: `assetctl logs <run> model`\n"))
    #expect(show.contains("\n  1,501 earlier messages were not kept\n"))
    #expect(
      try await project.assetctl("show", "model", "--format", "json").json["log_messages"][0][
        "left_out"] == 1501)
    #expect(
      try await project.assetctl("logs", "last", "model").output.utf8.count > 200_000)
  }

  @Test func `what a program logged before it was stopped is kept`() async throws {
    let project = try project(
      """
      pipes.log.info("begun")
      open("running", "w").close()
      import time
      time.sleep(600)
      """)
    let run = try project.start(["materialize"])
    try await project.wait(for: "the program to run") { project.exists("running") }
    run.send(SIGINT)
    #expect(try await run.result().exitCode == 130)

    try project.edit("assets/model.py", "kind: model", to: "kind: model\ntimeout: 10s")
    #expect(try await project.assetctl("materialize").exitCode == 1)

    #expect(
      try await project.sqlite(
        "select outcome, message from v_log_messages order by attempt",
        in: ".assetctl/state.sqlite") == [["cancelled", "begun"], ["failed", "begun"]])
  }

  @Test func `secrets are masked in what is reported`() async throws {
    let project = try project(
      """
      token = os.environ["TOKEN"]
      pipes.log.info("token " + token)
      pipes.report_asset_materialization({"url": "https://x/" + token})
      """, settings: "secrets: [TOKEN]")

    let run = try await project.assetctl(["materialize"], environment: ["TOKEN": "hush-hush"])

    #expect(run.exitCode == 0)
    let show = try await project.assetctl(["show", "model"], environment: ["TOKEN": "hush-hush"])
    #expect(show.output.contains("https://x/***"))
    #expect(
      try await project.sqlite("select message from v_log_messages", in: ".assetctl/state.sqlite")
        == [["token ***"]])
    let logs = try await project.assetctl(
      ["logs", "last", "model"], environment: ["TOKEN": "hush-hush"])
    #expect(logs.output.contains("[INFO] token ***"))
  }

  @Test func `what is no JSON is left out with a warning, and the rest is kept`() async throws {
    let project = try project(
      """
      pipes.report_asset_materialization(
          {"rmse": 12.5, "mape": float("nan"), "odd": {"raw_value": float("-inf"), "type": "float"},
           "list": [1, float("inf"), 3], "cut": "a\\ud83d"})
      with open(pipes._message_channel._path, "a") as file:
          file.write("{oops\\n\\n")
          file.write('{"method": "report_custom_message", "params": {}}\\n[1]\\n')
      pipes.report_asset_check(check_name="size", passed=True, metadata={"n": float("nan"), "m": 2})
      """)

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0)
    #expect(
      run.output.split(separator: "\n").filter { $0.contains("warning") }.map(String.init) == [
        "  warning: `mape`, which the program of `model` reports, is NaN, which is no number, and was left out",
        "  warning: `odd`, which the program of `model` reports, is -Infinity, which is no number, and was left out",
        "  warning: `list`, which the program of `model` reports, is Infinity, which is no number, and was left out",
        "  warning: `cut`, which the program of `model` reports, holds half a character, which was replaced",
        "  warning: line 3 of the Pipes messages of `model` is not JSON from column 2 on, and was left out",
        "  warning: line 5 of the Pipes messages of `model` has the method `report_custom_message`, which assetctl does not know; it was left out",
        "  warning: line 6 of the Pipes messages of `model` names no `method`, and was left out",
        "  warning: `n`, which the program of `model` reports, is NaN, which is no number, and was left out",
      ])
    let last = try await project.assetctl("show", "model", "--format", "json")
      .json["materializations"][0]
    #expect(last["metadata"] == ["rmse": 12.5, "list": [1, nil, 3], "cut": "a\u{fffd}"])
    #expect(last["metrics"] == ["rmse": 12.5])
    #expect(last["checks"][0]["metadata"] == ["m": 2])
  }

  @Test func `a bound on a metric that is no number fails`() async throws {
    let project = try project(
      "pipes.report_asset_materialization({\"rmse\": float(\"nan\")})",
      settings: "checks: [{metric: {name: rmse, max: 12.5}}]")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(
      run.output.contains(
        "warning: `rmse`, which the program of `model` reports, is NaN, which is no number, and was left out"
      ))
    #expect(!project.exists("build/model.txt"))
  }

  @Test(arguments: ["raise SystemExit(3)", "os.remove(os.environ['ASSETCTL_OUTPUT'])"])
  func `a failure comes with the warnings`(end: String) async throws {
    let project = try project(
      """
      pipes.report_asset_materialization({"rmse": float("nan")})
      import os
      \(end)
      """)

    let run = try await project.assetctl("materialize", "--format", "jsonl")

    let ended = run.output.split(separator: "\n").filter { $0.contains("\"failed\"") }
    #expect(run.exitCode == 1)
    #expect(ended.contains { $0.contains("`rmse`, which the program of `model` reports, is NaN") })
  }

  @Test func `a message that is no text is logged as JSON, and no boolean is a failed check`()
    async throws
  {
    let project = try project(
      """
      with open(pipes._message_channel._path, "a") as file:
          file.write('{"method": "log", "params": {"level": "INFO", "message": {"b": [1], "a": "x/y"}}}\\n')
          file.write('{"method": "log", "params": {"level": "DEBUG", "text": "t"}}\\n')
      pipes.report_asset_check(check_name="size", passed=True, severity="WARN")
      with open(pipes._message_channel._path, "a") as file:
          file.write('{"method": "report_asset_check", "params": '
              '{"check_name": "odd", "passed": "yes", "severity": "WARN"}}\\n')
      """)

    let run = try await project.assetctl("materialize", "--format", "json")
    let log = try await project.assetctl("logs", "last", "model")

    #expect(log.output.contains(#"[INFO] {"a":"x/y","b":[1]}"#))
    #expect(log.output.contains(#"[DEBUG] {"level":"DEBUG","text":"t"}"#))
    let result = try run.json["assets"][0]
    #expect(result["checks"].elements.map { $0["passed"] } == [true, false])
    #expect(
      result["warnings"].elements.map { $0["warning"].text }.contains(
        "the program of `model` does not say whether its check `odd` passed, so that it counts as failed"
      ))
  }

  @Test func `a file of metrics that is not JSON is told`() async throws {
    let project = try project("pass", settings: "metrics: build/metrics.json")
    try project.edit(
      "assets/model.py", "open(os.environ[\"ASSETCTL_OUTPUT\"]",
      to: "open(os.environ[\"ASSETCTL_OUTPUT_METRICS\"], \"w\").write('{\"a\": 1,\\n  b}')\n"
        + "    open(os.environ[\"ASSETCTL_OUTPUT\"]")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0)
    #expect(
      run.output.contains(
        "  build/metrics.json:2:3: warning: no metrics were read: it is not JSON from here on"))
  }
}
