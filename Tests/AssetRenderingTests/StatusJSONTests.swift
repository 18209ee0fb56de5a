import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct StatusJSONTests {
  @Test func `a status report has a summary and an entry for each asset`() {
    let report = StatusReport(
      project: "shop",
      entries: [statusReport.entries[0], statusReport.entries[1], statusReport.entries[3]])

    #expect(
      json(of: report) == """
        {
          "assets" : [
            {
              "asset" : "airlines",
              "causes" : [

              ],
              "group" : "raw",
              "kind" : "table",
              "last_materialized" : "2026-11-21T09:14:03Z",
              "materialized" : "seed",
              "rows" : 16,
              "status" : "fresh"
            },
            {
              "asset" : "flights_clean",
              "causes" : [
                {
                  "cause" : "definition_changed"
                },
                {
                  "cause" : "input_changed",
                  "input" : "flights"
                }
              ],
              "group" : "staging",
              "kind" : "table",
              "last_materialized" : "2026-11-21T09:14:03Z",
              "materialized" : "table",
              "rows" : 27004,
              "status" : "stale"
            },
            {
              "asset" : "broken",
              "causes" : [
                {
                  "cause" : "definition_changed"
                }
              ],
              "error" : "no such column: \\u001b[31mday",
              "group" : "marts",
              "kind" : "table",
              "materialized" : "table",
              "status" : "failed"
            }
          ],
          "command" : "status",
          "orphaned" : [

          ],
          "project" : "shop",
          "summary" : {
            "failed" : 1,
            "fresh" : 1,
            "stale" : 1,
            "unknown" : 0,
            "waiting" : 0
          },
          "version" : 1
        }

        """)
  }

  @Test func `a list has what is declared of each asset`() {
    #expect(
      json(of: ListReport(project: "shop", assets: [daily, source])) == """
        {
          "assets" : [
            {
              "asset" : "daily",
              "description" : "All of daily.",
              "file" : "assets/marts/daily.sql",
              "group" : "marts",
              "inputs" : [
                "airlines",
                "flights"
              ],
              "kind" : "table",
              "materialized" : "table",
              "owner" : "me@example.com",
              "tags" : [
                "a",
                "b"
              ]
            },
            {
              "asset" : "events",
              "file" : "assets/sources.yml",
              "group" : "",
              "inputs" : [

              ],
              "kind" : "source",
              "tags" : [

              ]
            }
          ],
          "command" : "list",
          "project" : "shop",
          "version" : 1
        }

        """)
  }
}
