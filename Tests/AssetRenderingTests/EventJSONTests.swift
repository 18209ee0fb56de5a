import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct EventJSONTests {
  private let noon = Timestamp(milliseconds: morning.milliseconds + 7)

  private func line(_ event: RunEvent) -> String { jsonLine(of: event, project: "shop", at: noon) }

  @Test func `what happens is an object on a line`() async throws {
    let plan = try await Scenario("orders\nreport <- orders").plan()

    #expect(
      line(.planned(run: "run1", plan)) == """
        {"at":"2026-11-21T09:14:03.007Z","event":"run_started","project":"shop","run":"run1",\
        "steps":[{"asset":"orders","causes":[{"cause":"never_materialized"}],"decision":"materialize"},\
        {"asset":"report","causes":[{"cause":"never_materialized"}],"decision":"materialize"}],"version":1}

        """)
    #expect(
      line(.started("orders", expectedMilliseconds: 12)) == """
        {"asset":"orders","at":"2026-11-21T09:14:03.007Z","event":"asset_started","expected_ms":12,\
        "version":1}

        """)
    #expect(
      line(.finished(StepResult("report", .skipped, because: "orders"))) == """
        {"asset":"report","at":"2026-11-21T09:14:03.007Z","because":"orders",\
        "event":"asset_finished","outcome":"skipped","version":1}

        """)
    #expect(
      line(
        .retrying(
          Retry(
            "orders", tries: 1, mostTries: 3, delayMilliseconds: 500, failure: Diagnostic("no"))))
          == """
          {"asset":"orders","at":"2026-11-21T09:14:03.007Z","delay_ms":500,"error":"no",\
          "event":"retrying","most_tries":3,"tries":1,"version":1}

          """)
    #expect(
      line(.waitingForLock("run0")) == """
        {"at":"2026-11-21T09:14:03.007Z","event":"waiting","run":"run0","version":1}

        """)
  }

  @Test func `a log line may hold anything`() throws {
    let text = "\u{1B}[1m\"a\"\\ \tü 👍/\0\u{7F}\r"
    let events = LogEvents(from: "orders", at: noon)

    var bytes: [UInt8] = []
    events.append(LogLine(text, isCut: true), to: &bytes)
    events.append(LogLine(""), to: &bytes)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)

    #expect(
      lines[1] == """
        {"asset":"orders","at":"2026-11-21T09:14:03.007Z","event":"log","line":"","version":1}
        """)
    #expect(
      try JSONValue(parsing: lines[0]) == [
        "asset": "orders", "at": "2026-11-21T09:14:03.007Z", "event": "log", "is_cut": true,
        "line": .string(text), "version": 1,
      ])
    #expect(lines.count == 2)
  }

  @Test func `the end counts the outcomes`() {
    let report = RunReport(
      project: "shop", run: "run1", outcome: .failed,
      assets: [StepResult("a", .fresh), StepResult("b", .failed), StepResult("c", .fresh)],
      durationMilliseconds: 65)

    #expect(
      jsonLine(of: report, exitCode: 1, at: noon) == """
        {"at":"2026-11-21T09:14:03.007Z","duration_ms":65,"event":"run_ended","exit_code":1,\
        "not_started":[],"orphaned":[],"outcome":"failed","project":"shop","run":"run1","summary":{"cancelled":0,"failed":1,\
        "fresh":2,"materialized":0,"skipped":0,"unchanged":0},"version":1}

        """)
  }
}
