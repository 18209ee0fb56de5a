import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct WhyTextTests {
  static let stale = WhyReport(chain: [
    .init(
      asset: "report", status: AssetStatus(.waiting, causes: [.inputStale("daily")]),
      reasons: [.init(.inputStale("daily"))], lastMaterialized: morning, lastRun: "run1",
      lastCauses: [.neverMaterialized]),
    .init(
      asset: "daily",
      status: AssetStatus(.failed, causes: [.definitionChanged], message: "no such\u{7} column"),
      reasons: [
        .init(
          .definitionChanged,
          changes: [
            .init("query", before: "select 1", now: "select\n2"),
            .init("var.min", before: nil, now: "5"),
          ]),
        .init(
          .inputChanged(.file("data/\u{1B}x.csv"), columns: nil),
          changes: [
            .init("digest", before: "sha256:0123456789abcdef", now: "sha256:fedcba9876543210")
          ]),
        .init(
          .inputChanged(.asset("flights"), columns: ["distance"]), rowsBefore: 5211, rowsNow: 5198),
        .init(.inputChanged(.asset("rates"), columns: nil), rowsBefore: 1, rowsNow: 1),
      ]),
    .init(
      asset: "orders", status: AssetStatus(.stale, causes: [.neverMaterialized, .forced]),
      reasons: [.init(.neverMaterialized), .init(.forced)]),
  ])

  static let fresh = WhyReport(chain: [
    .init(
      asset: "daily", status: .fresh,
      proof: [
        .init("definition", digest: "def1:0123456789abcdef"),
        .init("orders", consumption: .whole, digest: "rows1:0123456789abcdef"),
        .init("rates", consumption: .columns(["a", "b"]), digest: "rows1:fedcba9876543210"),
        .init("visits", consumption: .rowCount, digest: "rows1:aaaa"),
        .init("output", digest: "rows1:bbbbbbbbbbbbbbbb"),
      ],
      lastMaterialized: morning)
  ])

  @Test func `a stale asset is explained down to what changed first`() {
    #expect(
      text(of: Self.stale) == """
        report is waiting
          because it waits for `daily`
          last materialized 2026-11-21 09:14:03 UTC in the run run1, because: never materialized

        daily is failed
          no such\\u{7} column
          because its definition changed
            query
              before  select 1
              now     select\\n2
            var.min
              before  (nothing)
              now     5
          because `data/\\u{1b}x.csv` changed
            digest
              before  sha256:0123456789ab
              now     sha256:fedcba987654
          because `flights` changed in `distance`; 5,211 rows before, 5,198 now
          because `rates` changed; 1 row as before

        orders is stale
          because it was never materialized
          because that was asked for

        """)
  }

  @Test func `a fresh asset is proven so`() {
    #expect(
      text(of: Self.fresh) == """
        daily is fresh
          because nothing changed since it was materialized:
            definition:                  def1:0123456789ab
            orders:                      rows1:0123456789ab
            rates (a, b):                rows1:fedcba987654
            visits (the number of rows): rows1:aaaa
            output:                      rows1:bbbbbbbbbbbb
          last materialized 2026-11-21 09:14:03 UTC

        """)
  }

  @Test func `in JSON the chain has causes with their changes, and proofs`() {
    #expect(
      json(of: WhyReport(chain: [Self.stale.chain[1], Self.fresh.chain[0]])) == """
        {
          "asset" : "daily",
          "chain" : [
            {
              "asset" : "daily",
              "causes" : [
                {
                  "cause" : "definition_changed",
                  "changes" : [
                    {
                      "before" : "select 1",
                      "now" : "select\\n2",
                      "what" : "query"
                    },
                    {
                      "now" : "5",
                      "what" : "var.min"
                    }
                  ]
                },
                {
                  "cause" : "input_changed",
                  "changes" : [
                    {
                      "before" : "sha256:0123456789abcdef",
                      "now" : "sha256:fedcba9876543210",
                      "what" : "digest"
                    }
                  ],
                  "input" : "data/\\u001bx.csv"
                },
                {
                  "cause" : "input_changed",
                  "changes" : [

                  ],
                  "columns" : [
                    "distance"
                  ],
                  "input" : "flights",
                  "rows_before" : 5211,
                  "rows_now" : 5198
                },
                {
                  "cause" : "input_changed",
                  "changes" : [

                  ],
                  "input" : "rates",
                  "rows_before" : 1,
                  "rows_now" : 1
                }
              ],
              "error" : "no such\\u0007 column",
              "last_causes" : [

              ],
              "proof" : [

              ],
              "status" : "failed"
            },
            {
              "asset" : "daily",
              "causes" : [

              ],
              "last_causes" : [

              ],
              "last_materialized" : "2026-11-21T09:14:03Z",
              "proof" : [
                {
                  "digest" : "def1:0123456789abcdef",
                  "what" : "definition"
                },
                {
                  "consumes" : "*",
                  "digest" : "rows1:0123456789abcdef",
                  "what" : "orders"
                },
                {
                  "consumes" : [
                    "a",
                    "b"
                  ],
                  "digest" : "rows1:fedcba9876543210",
                  "what" : "rates"
                },
                {
                  "consumes" : [

                  ],
                  "digest" : "rows1:aaaa",
                  "what" : "visits"
                },
                {
                  "digest" : "rows1:bbbbbbbbbbbbbbbb",
                  "what" : "output"
                }
              ],
              "status" : "fresh"
            }
          ],
          "command" : "why",
          "status" : "failed",
          "version" : 1
        }

        """)
  }
}
