import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct ShowTextTests {
  static let report = ShowReport(
    asset: daily, status: AssetStatus(.stale, causes: [.definitionChanged]),
    inputs: [
      InputReport("flights", consumes: .whole, wholeBecause: "`*` takes all"),
      InputReport("airlines", consumes: .rowCount),
    ], readers: ["report"],
    materializations: [materialization(metrics: ["meanError": 0.123456, "n": 3])])

  @Test func `all that is known of an asset`() {
    #expect(
      text(of: Self.report) == """
        daily
          kind:        table
          declared in: assets/marts/daily.sql
          description: All of daily.
          owner:       me@example.com
          group:       marts
          tags:        a, b
          readers:     report
          status:      stale: its definition changed

        inputs
          flights   the whole table, because `*` takes all
          airlines  the number of rows

        query
          select 1

        columns
          Carrier  text  IATA code
          n

        metrics
          meanError  0.1235
          n          3

        materializations
          2026-11-21 09:14:03 UTC  5,211 rows  41 ms  rows1:fedcba987654  20261121-091403-5f2a  \
        meanError 0.1235, n 3

        """)
  }

  @Test func `a program has its command and outputs, and an asset without a past its declaration`()
  {
    let report = ShowReport(
      asset: model, status: AssetStatus(.stale, causes: [.neverMaterialized]),
      inputs: [InputReport("daily", consumes: .columns(["carrier", "mean_delay"]))], readers: [],
      materializations: [])

    #expect(
      text(of: report) == """
        delay_model
          kind:        model
          declared in: assets/models/delay_model.py
          group:       models
          tags:        ml
          runs:        python3 assets/models/delay_model.py
          outputs:     build/delay_model.json
          status:      stale: never materialized

        inputs
          daily  carrier, mean_delay

        """)
  }

  @Test func `warnings that a program logged stand there, and how much else there is`() {
    var report = Self.report
    let warnings = (1...22).map { LogMessage("ERROR", "no\n\($0)", at: morning) }
    report.logs = [
      AttemptLog(run: "r2", outcome: .cancelled, logged: LoggedMessages(warnings)),
      AttemptLog(
        run: "r1", outcome: .unchanged,
        logged: LoggedMessages([LogMessage("INFO", "x", at: morning)], leftOut: 1)),
    ]

    let text = text(of: report)

    #expect(
      text.contains(
        """

        log messages of the last attempt, cancelled
          2026-11-21 09:14:03 UTC  ERROR  no\\n3
          2026-11-21 09:14:03 UTC  ERROR  no\\n4

        """))
    #expect(
      text.contains(
        """
          2026-11-21 09:14:03 UTC  ERROR  no\\n22
          2 other messages: `assetctl logs r2 daily`

        log messages
          1 message: `assetctl logs r1 daily`
          1 earlier message was not kept

        """))
    #expect(
      json(of: report).contains(
        """
            {
              "left_out" : 1,
              "messages" : [
                {
                  "at" : "2026-11-21T09:14:03.000Z",
                  "level" : "INFO",
                  "message" : "x"
                }
              ],
              "outcome" : "unchanged",
              "run" : "r1"
            }
        """))
  }

  @Test func `in JSON all of it has names`() {
    #expect(
      json(of: Self.report) == """
        {
          "asset" : "daily",
          "causes" : [
            {
              "cause" : "definition_changed"
            }
          ],
          "columns" : [
            {
              "column" : "Carrier",
              "description" : "IATA code",
              "type" : "text"
            },
            {
              "column" : "n"
            }
          ],
          "command" : "show",
          "definition" : [
            {
              "name" : "query",
              "value" : "select 1"
            }
          ],
          "description" : "All of daily.",
          "file" : "assets/marts/daily.sql",
          "files" : [

          ],
          "group" : "marts",
          "inputs" : [
            {
              "consumes" : "*",
              "input" : "flights",
              "whole_because" : "`*` takes all"
            },
            {
              "consumes" : [

              ],
              "input" : "airlines"
            }
          ],
          "kind" : "table",
          "log_messages" : [

          ],
          "materializations" : [
            {
              "content_digest" : "rows1:fedcba98765432100000",
              "definition_digest" : "def1:0123456789abcdef0123",
              "duration_ms" : 41,
              "finished_at" : "2026-11-21T09:14:03Z",
              "is_published" : true,
              "materialization" : "20261121-091403-5f2a/daily",
              "metrics" : {
                "meanError" : 0.123456,
                "n" : 3
              },
              "rows" : 5211,
              "run" : "20261121-091403-5f2a"
            }
          ],
          "materialized" : "table",
          "outputs" : [

          ],
          "owner" : "me@example.com",
          "readers" : [
            "report"
          ],
          "status" : "stale",
          "tags" : [
            "a",
            "b"
          ],
          "version" : 1
        }

        """)
  }
}

@Suite struct PreviewTextTests {
  static let report = PreviewReport(
    asset: "t", columns: ["n", "name", "x"],
    rows: [
      [.integer(1), .text("ä\n\u{1B}"), .real(1.5)], [.null, .blob("00ff"), .null],
      [.integer(-20), .text(String(repeating: "y", count: 61)), .real(.infinity)],
    ],
    isCut: true)

  @Test func `numbers stand to the right, long texts are cut, and null has a sign`() {
    let long = String(repeating: "y", count: 59) + "…"

    #expect(
      text(of: Self.report) == """
          n  name\(String(repeating: " ", count: 56))    x
          1  ä\\n\\u{1b}\(String(repeating: " ", count: 51))  1.5
          ∅  x'00ff'\(String(repeating: " ", count: 53))    ∅
        -20  \(long)  inf
        (there are more rows; see them with `-n`)

        """)
  }

  @Test func `a table without rows shows its columns`() {
    #expect(
      text(of: PreviewReport(asset: "t", columns: ["a", "b"], rows: [], isCut: false))
        == "a  b\n(no rows)\n")
  }

  @Test func `in JSON values keep their types`() {
    #expect(
      json(
        of: PreviewReport(
          asset: "t", columns: ["a"],
          rows: [
            [.null], [.integer(9_007_199_254_740_993)], [.real(0.1)], [.real(-.infinity)],
            [.text("1")], [.blob("00ff")],
          ], isCut: false)) == """
          {
            "asset" : "t",
            "columns" : [
              "a"
            ],
            "command" : "preview",
            "is_cut" : false,
            "rows" : [
              [
                null
              ],
              [
                9007199254740993
              ],
              [
                0.1
              ],
              [
                "-inf"
              ],
              [
                "1"
              ],
              [
                "00ff"
              ]
            ],
            "version" : 1
          }

          """)
  }
}
