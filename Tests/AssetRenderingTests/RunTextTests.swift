import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct RunTextTests {
  static let results = [
    StepResult(
      "orders", .materialized, causes: [.neverMaterialized], rows: 27_004,
      durationMilliseconds: 1290),
    StepResult("airlines", .unchanged, causes: [.forced], rows: 1, durationMilliseconds: 5),
    StepResult(
      "delay_model", .materialized, causes: [.definitionChanged], durationMilliseconds: 62_000),
    StepResult("rates", .fresh),
    StepResult(
      "daily", .failed, causes: [.inputChanged(.asset("orders"), columns: ["day"])],
      durationMilliseconds: 3,
      failure: Diagnostic(
        "no such column: day", at: Place(file: "assets/daily.sql", line: 2, column: 8),
        facts: [.init("log", "a.log"), .init("", "last line")], hint: "name another")),
    StepResult("report", .skipped, because: "daily"), StepResult("late", .cancelled),
  ]

  static func report(
    _ results: [StepResult], run: String? = "run1", _ outcome: RunReport.Outcome = .failed
  ) -> RunReport {
    RunReport(
      project: "shop", run: run, outcome: outcome, assets: results, durationMilliseconds: 65_000)
  }

  @Test func `each result has a line, and a failure what is the case below it`() {
    let lines = Self.results.map { text(of: $0, nameWidth: 11) }.joined()

    #expect(
      lines == """
        materialized  orders       27,004 rows   1.2 s
        unchanged     airlines     1 row         5 ms
        materialized  delay_model                1 min 2 s
        fresh         rates        its inputs came out the same
        failed        daily        3 ms
          assets/daily.sql:2:8: error: no such column: day
            log: a.log
                 last line

          hint: name another
        skipped       report       because `daily` failed
        cancelled     late

        """)
  }

  @Test func `the last line counts the outcomes`() {
    #expect(
      summary(of: Self.report(Self.results))
        == "2 materialized, 1 unchanged, 1 failed, 1 skipped, 1 cancelled, 1 fresh in 1 min 5 s"
        + "; longest: delay_model 1 min 2 s\n")
  }

  @Test func `the last line names what took the longest of a run that was not over at once`() {
    func line(_ milliseconds: [Int64], _ outcome: Outcome = .materialized, in total: Int64)
      -> String
    {
      let keys: [AssetKey] = ["a", "b", "c", "d", "e"]
      let results = zip(keys, milliseconds).map {
        StepResult($0, outcome, durationMilliseconds: $1)
      }
      var report = Self.report(results)
      report.durationMilliseconds = total
      return summary(of: report)
    }

    #expect(
      line([1200, 9800, 30], in: 12_400)
        == "3 materialized in 12.4 s; longest: b 9.8 s, a 1.2 s\n")
    #expect(
      line([500, 700, 700, 600, 100], in: 1500)
        == "5 materialized in 1.5 s; longest: b 700 ms, c 700 ms, d 600 ms\n")
    #expect(line([300, 700], in: 1000) == "2 materialized in 1.0 s\n")
    #expect(line([30, 20], in: 9000) == "2 materialized in 9.0 s\n")
    #expect(line([9000], in: 9000) == "1 materialized in 9.0 s\n")
    #expect(line([4000, 5000], .failed, in: 9000) == "2 failed in 9.0 s\n")
  }

  @Test func `what a run did not begin is named`() {
    let keys = (1...12).map { AssetKey(trusted: "a\($0)") }
    var report = Self.report(
      [StepResult("a", .failed)] + keys.map { StepResult($0, .cancelled) }, run: "run1")

    report.notStarted = keys
    #expect(
      summary(of: report) == """
        1 failed, 12 cancelled in 1 min 5 s
        not started: a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 and 2 more

        """)
    report.notStarted = ["a1"]
    #expect(summary(of: report).hasSuffix(" s\nnot started: a1\n"))
  }

  @Test func `a run that had nothing to do says so`() {
    let fresh = [StepResult("a", .fresh), StepResult("b", .fresh)]

    #expect(
      summary(of: Self.report(fresh, run: nil, .succeeded))
        == "nothing to do: all 2 assets are fresh\n")
  }

  @Test func `in JSON each asset has its outcome`() {
    #expect(
      json(of: Self.report([Self.results[0], Self.results[4], Self.results[5]])) == """
        {
          "assets" : [
            {
              "asset" : "orders",
              "causes" : [
                {
                  "cause" : "never_materialized"
                }
              ],
              "checks" : [

              ],
              "duration_ms" : 1290,
              "outcome" : "materialized",
              "rows" : 27004
            },
            {
              "asset" : "daily",
              "causes" : [
                {
                  "cause" : "input_changed",
                  "columns" : [
                    "day"
                  ],
                  "input" : "orders"
                }
              ],
              "details" : [
                "log: a.log",
                "last line"
              ],
              "duration_ms" : 3,
              "error" : "assets/daily.sql:2:8: no such column: day",
              "outcome" : "failed"
            },
            {
              "asset" : "report",
              "because" : "daily",
              "outcome" : "skipped"
            }
          ],
          "command" : "materialize",
          "duration_ms" : 65000,
          "not_started" : [

          ],
          "orphaned" : [

          ],
          "outcome" : "failed",
          "project" : "shop",
          "run" : "run1",
          "version" : 1
        }

        """)
  }

  static let warned = StepResult(
    "report", .materialized, durationMilliseconds: 7,
    warnings: [
      Diagnostic(
        "it reads 2 files", severity: .warning, at: Place(file: "assets/report.py"),
        facts: [.init("reads", "a"), .init("", "b")], hint: "declare them")
    ])

  @Test func `warnings stand below the asset's line`() {
    #expect(
      text(of: Self.warned) == """
        materialized  report                7 ms
          assets/report.py: warning: it reads 2 files
            reads: a
                   b

          hint: declare them

        """)
  }

  @Test func `in JSON warnings are told as errors are`() {
    #expect(
      json(of: Self.report([Self.warned], .succeeded)).contains(
        """
              "warnings" : [
                {
                  "details" : [
                    "reads: a",
                    "b"
                  ],
                  "hint" : "declare them",
                  "warning" : "assets/report.py: it reads 2 files"
                }
              ]
        """))
  }

  @Test func `in JSON logs are their texts`() {
    #expect(
      json(ofLogs: [(asset: "a", path: ".assetctl/runs/r/a.log", text: "x\n\"y\"\u{1B}")]) == """
        {
          "command" : "logs",
          "logs" : [
            {
              "asset" : "a",
              "path" : ".assetctl/runs/r/a.log",
              "text" : "x\\n\\"y\\"\\u001b"
            }
          ],
          "version" : 1
        }

        """)
  }
}
