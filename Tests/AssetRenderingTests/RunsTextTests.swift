import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct RunsTextTests {
  private static func later(_ milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: morning.milliseconds + milliseconds)
  }

  static let runs = [
    RunRecord(
      id: "20261121-091403-5f2a", command: "materialize daily", startedAt: morning,
      endedAt: later(1290), outcome: "failed",
      attempts: [
        .init(
          asset: "model", startedAt: morning, endedAt: morning, outcome: .materialized, error: nil),
        .init(
          asset: "daily", startedAt: morning, endedAt: later(100), outcome: .failed,
          error: "it is busy"),
        .init(asset: "late", startedAt: morning, endedAt: nil, outcome: nil, error: nil),
        .init(
          asset: "daily", startedAt: later(500), endedAt: later(600), outcome: .failed,
          error: "no such column: day"),
      ],
      metrics: ["model": [.init("rmse", 12.31, previous: 12.9), .init("trees", 7, previous: 7)]]),
    RunRecord(
      id: "20261120-091403-0000", command: "materialize", startedAt: morning, endedAt: nil,
      outcome: nil, attempts: []),
  ]

  @Test func `runs are a table that counts assets, however often they were tried`() {
    #expect(
      text(of: Self.runs) == """
        RUN                   OUTCOME     STARTED                  TOOK   ASSETS                                \
          COMMAND
        20261121-091403-5f2a  failed      2026-11-21 09:14:03 UTC  1.2 s  1 materialized, 1 failed, 1 unfinished\
          materialize daily
          model  rmse 12.31 (was 12.9, -4.6 %)
        20261120-091403-0000  unfinished  2026-11-21 09:14:03 UTC                                               \
          materialize

        """)
    #expect(text(of: [RunRecord]()) == "nothing was materialized yet\n")
  }

  @Test(arguments: [(2500, "at least 2.5 s"), (0, "not known")])
  func `of a run that was killed it is told how long it is known to have taken`(
    milliseconds: Int64, expected: String
  ) {
    let run = RunRecord(
      id: "r", command: "materialize", startedAt: morning, endedAt: nil,
      lastSeenAt: Self.later(milliseconds), outcome: "cancelled", attempts: [])

    #expect(text(of: [run]).contains("  2026-11-21 09:14:03 UTC  \(expected)  "))
    let document = json(of: [run], project: "shop")
    #expect(!document.contains("duration_ms"))
    #expect(document.contains("\"at_least_ms\" : 2500") == (milliseconds == 2500))
  }

  /// The lines below a run in which the given metrics came out.
  private func lines(
    _ metrics: [AssetKey: [MetricComparison]], width: Int? = nil
  ) -> [String] {
    let run = RunRecord(
      id: "r", command: "materialize", startedAt: morning, endedAt: morning, outcome: "succeeded",
      attempts: metrics.keys.sorted().map {
        .init(asset: $0, startedAt: morning, endedAt: morning, outcome: .materialized, error: nil)
      }, metrics: metrics)
    return text(of: [run], style: TextStyle(width: width)).split(separator: "\n").dropFirst(2)
      .map(String.init)
  }

  @Test(
    arguments: [
      (12.31, 12.9, "12.31 (was 12.9, -4.6 %)"), (110, 100, "110 (was 100, +10.0 %)"),
      (-9, -10, "-9 (was -10, +10.0 %)"), (5, 0, "5 (was 0)"), (0.25, nil, "0.25"),
      (nil, 0.25, "gone (was 0.25)"), (30, 2, "30 (was 2, +1,400 %)"),
      (1.00001, 1, "1.00001 (was 1.0)"),
      (0.000012345678, 0.00001, "1.235e-05 (was 1e-05, +23.5 %)"),
      (1e20, 1e-20, "1e+20 (was 1e-20)"), (0.123456, 0.2, "0.1235 (was 0.2, -38.3 %)"),
    ] as [(Double?, Double?, String)])
  func `a metric that changed is told with its value before`(
    value: Double?, previous: Double?, expected: String
  ) {
    #expect(lines(["m": [.init("x", value, previous: previous)]]) == ["  m  x \(expected)"])
  }

  @Test func `of many metrics those are told that changed the most`() {
    let metrics = (1...7).map { MetricComparison("x\($0)", 100, previous: 100 - Double($0)) }

    #expect(
      lines(["model": metrics, "other": [.init("same", 1, previous: 1)], "m": [metrics[0]]]) == [
        "  m      x1 100 (was 99, +1.0 %)",
        "  model  x3 100 (was 97, +3.1 %), x4 100 (was 96, +4.2 %), x5 100 (was 95, +5.3 %), "
          + "x6 100 (was 94, +6.4 %), x7 100 (was 93, +7.5 %), and 2 more",
      ])
    #expect(
      lines(["model": metrics], width: 60) == [
        "  model  x3 100 (was 97, +3.1 %), x4 100 (was 96, +4.2 %),",
        "         x5 100 (was 95, +5.3 %), x6 100 (was 94, +6.4 %),",
        "         x7 100 (was 93, +7.5 %), and 2 more",
      ])
  }

  @Test func `of many assets ten are told`() {
    let keys = (1...12).map { AssetKey(trusted: "m\($0)") }

    let lines = lines(
      Dictionary(uniqueKeysWithValues: keys.map { ($0, [.init("x", 1, previous: 2)]) }))

    #expect(lines.count == 11)
    #expect(lines.last == "  and the metrics of 2 other assets")
  }

  @Test func `in JSON runs have their assets`() {
    #expect(
      json(of: Self.runs, project: "shop") == """
        {
          "command" : "runs",
          "project" : "shop",
          "runs" : [
            {
              "assets" : [
                {
                  "asset" : "model",
                  "duration_ms" : 0,
                  "metrics" : {
                    "rmse" : {
                      "previous" : 12.9,
                      "value" : 12.31
                    },
                    "trees" : {
                      "previous" : 7,
                      "value" : 7
                    }
                  },
                  "outcome" : "materialized",
                  "started_at" : "2026-11-21T09:14:03Z",
                  "tries" : 1
                },
                {
                  "asset" : "daily",
                  "duration_ms" : 600,
                  "error" : "no such column: day",
                  "outcome" : "failed",
                  "started_at" : "2026-11-21T09:14:03Z",
                  "tries" : 2
                },
                {
                  "asset" : "late",
                  "started_at" : "2026-11-21T09:14:03Z",
                  "tries" : 1
                }
              ],
              "command" : "materialize daily",
              "duration_ms" : 1290,
              "outcome" : "failed",
              "run" : "20261121-091403-5f2a",
              "started_at" : "2026-11-21T09:14:03Z"
            },
            {
              "assets" : [

              ],
              "command" : "materialize",
              "run" : "20261120-091403-0000",
              "started_at" : "2026-11-21T09:14:03Z"
            }
          ],
          "version" : 1
        }

        """)
  }
}
