import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

/// The lineage of columns as trees, lists and drawings.
@Suite struct ColumnLineageTextTests {
  static func columns() throws -> ProjectColumns {
    let assets = [
      source, table("flights"), table("clean", reads: [input("flights")]),
      table("daily", reads: [input("clean"), input("events")]),
      Asset(
        key: "chart",
        recipe: .program(
          ProgramRecipe(product: .file, command: ["sh"], outputs: [ProgramOutput("a.svg")])),
        place: Place(file: "assets/chart.sh"), inputs: [input("daily", .columns(["n", "day"]))],
        definition: CanonicalForm(tag: "test", fields: [])),
      table("odd", reads: [input("daily")]),
    ]
    let graph = try AssetGraph(assets.withDerivedInputs)
    let readings = GivenReadings(
      [
        "flights": ["day", "delay", "landed"],
        "clean": ["day = flights.day | flights.landed", "delay = flights.delay | flights.landed"],
        "daily": [
          "day = clean.day", "n = | clean.day events.at", "mean = clean.delay | clean.day",
        ],
        "odd": ["a\"b\u{1B} = daily.day"],
      ])
    return LineageTextTests.columns(of: graph, readings)
  }

  static func report(
    of column: AssetColumn, upstream: Bool = true, downstream: Bool = true
  ) throws -> LineageReport {
    LineageReport(
      ofColumn: column, in: try columns(), upstream: upstream, downstream: downstream, depth: nil)
  }

  static func report(of key: AssetKey, depth: Int? = nil) throws -> LineageReport {
    LineageReport(
      of: key, in: try columns(), upstream: true, downstream: true, depth: depth,
      showsColumns: true)
  }

  @Test func `a column has two trees, in which influences are marked`() throws {
    #expect(
      treeText(of: try Self.report(of: AssetColumn("daily", "mean"), downstream: false)) == """
        daily.mean
          made from
          ├─ clean.delay
          │  ├─ flights.delay
          │  └─ flights.landed  (influences)
          └─ clean.day  (influences)
             ├─ flights.day
             └─ flights.landed  (influences)

        """)
    #expect(
      treeText(of: try Self.report(of: AssetColumn("flights", "day"), upstream: false)) == """
        flights.day
          read by
          └─ clean.day
             ├─ daily.day
             │  ├─ chart  (file)
             │  └─ odd.a"b\\u{1b}
             ├─ daily.mean  (influences)
             └─ daily.n  (influences)
                └─ chart  (file)

        """)
  }

  @Test func `a side without anything says so`() throws {
    #expect(
      treeText(of: try Self.report(of: AssetColumn("flights", "day"), downstream: false))
        == "flights.day\n  is made from no columns\n")
    #expect(
      treeText(of: try Self.report(of: AssetColumn("daily", "mean"), upstream: false))
        == "daily.mean\n  has no readers\n")
  }

  @Test func `the columns of all assets follow their trees`() throws {
    #expect(
      treeText(of: try Self.report(of: "clean")) == """
        clean
          made from
          └─ flights
          read by
          └─ daily
             ├─ chart  (file)
             └─ odd

        columns of flights
          day, delay, landed

        columns of clean
          day    from flights.day
          delay  from flights.delay
          all of them influenced by flights.landed

        columns of daily
          day   from clean.day
          n     influenced by clean.day, events.at
          mean  from clean.delay, influenced by clean.day

        columns of odd
          a"b\\u{1b}  from daily.day

        """)
  }

  @Test func `Graphviz draws columns in a cluster for each asset`() throws {
    #expect(
      dotText(of: try Self.report(of: AssetColumn("daily", "n"))) == """
        digraph lineage {
          rankdir=LR;
          node [shape=box];
          subgraph "cluster_events" {
            label="events";
            "events.at" [label="at"];
          }
          subgraph "cluster_flights" {
            label="flights";
            "flights.day" [label="day"];
            "flights.landed" [label="landed"];
          }
          subgraph "cluster_clean" {
            label="clean";
            "clean.day" [label="day"];
          }
          subgraph "cluster_daily" {
            label="daily";
            "daily.n" [label="n", style=bold];
          }
          subgraph "cluster_chart" {
            label="chart";
            "chart" [label="chart"];
          }
          "daily.n" -> "chart";
          "flights.day" -> "clean.day";
          "clean.day" -> "daily.n" [style=dashed];
          "events.at" -> "daily.n" [style=dashed];
          "flights.landed" -> "clean.day" [style=dashed];
        }

        """)
  }

  @Test func `Mermaid draws columns in a subgraph for each asset`() throws {
    #expect(
      mermaidText(of: try Self.report(of: "odd", depth: 1)) == """
        flowchart LR
          subgraph n_daily["daily"]
            c0["day"]
            c1["n"]
            c2["mean"]
          end
          subgraph n_odd["odd"]
            c3["a#quot;b\\u{1b}"]
          end
          c0 --> c3
          style n_odd stroke-width:3px

        """)
    #expect(
      mermaidText(of: try Self.report(of: AssetColumn("daily", "n"), upstream: false)) == """
        flowchart LR
          subgraph n_daily["daily"]
            c0["n"]
          end
          subgraph n_chart["chart"]
            c1["chart"]
          end
          c0 --> c1
          style c0 stroke-width:3px

        """)
  }

  @Test func `in JSON a column has what it is made from and what influences it`() throws {
    #expect(
      json(of: try Self.report(of: AssetColumn("clean", "day"), downstream: false)) == """
        {
          "asset" : "clean",
          "column" : "day",
          "columns" : [
            {
              "asset" : "flights",
              "column" : "day",
              "from" : [

              ],
              "influenced_by" : [

              ]
            },
            {
              "asset" : "flights",
              "column" : "landed",
              "from" : [

              ],
              "influenced_by" : [

              ]
            },
            {
              "asset" : "clean",
              "column" : "day",
              "from" : [
                {
                  "asset" : "flights",
                  "column" : "day"
                }
              ],
              "influenced_by" : [
                {
                  "asset" : "flights",
                  "column" : "landed"
                }
              ]
            }
          ],
          "command" : "lineage",
          "downstream" : [

          ],
          "edges" : [
            {
              "consumes" : [
                "day",
                "delay",
                "landed"
              ],
              "from" : "flights",
              "to" : "clean"
            }
          ],
          "upstream" : [
            "flights"
          ],
          "version" : 1
        }

        """)
  }
}
