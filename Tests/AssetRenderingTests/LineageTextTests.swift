import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct LineageTextTests {
  static func report(
    of key: AssetKey = "daily", upstream: Bool = true, downstream: Bool = true
  ) throws -> LineageReport {
    let assets = [
      source, table("flights"), table("airlines", reads: [input("flights", .rowCount)]),
      table(
        "daily", reads: [input("flights", .columns(["day"])), input("airlines"), input("events")]),
      model, table("report", reads: [input("delay_model"), input("daily")]),
    ]
    let graph = try AssetGraph(assets.withDerivedInputs)
    let readings = GivenReadings(
      ["airlines": ["code"]],
      others: [
        "daily": QueryReading(inputs: [
          "flights": InputReading(.columns(["day"])), "airlines": InputReading(.whole),
          "events": InputReading(.whole),
        ])
      ])
    return LineageReport(
      of: key, in: columns(of: graph, readings), upstream: upstream, downstream: downstream,
      depth: nil)
  }

  static func columns(
    of graph: AssetGraph, _ readings: GivenReadings = GivenReadings([:])
  ) -> ProjectColumns {
    var catalog = ColumnCatalog(of: graph, reader: readings)
    return ProjectColumns(of: Set(graph.order), in: graph, by: &catalog)
  }

  @Test func `both sides are trees, and what was shown is not shown again`() throws {
    #expect(
      treeText(of: try Self.report()) == """
        daily
          made from
          ├─ airlines
          │  └─ flights
          ├─ events  (source)
          └─ flights
          read by
          ├─ delay_model  (model)
          │  └─ report
          └─ report

        """)
    #expect(
      treeText(of: try Self.report(of: "report", downstream: false)) == """
        report
          made from
          ├─ daily
          │  ├─ airlines
          │  │  └─ flights
          │  ├─ events  (source)
          │  └─ flights
          └─ delay_model  (model)
             └─ daily  (above)

        """)
  }

  @Test func `a side without anything says so`() throws {
    #expect(
      treeText(of: try Self.report(of: "events", downstream: false))
        == "events\n  has no inputs\n")
    #expect(
      treeText(of: try Self.report(of: "report", upstream: false)) == "report\n  has no readers\n")
  }

  @Test func `a deep tree needs no deep stack`() throws {
    let count = 20_000
    let chain = (0..<count).map { index in
      table(
        AssetKey(trusted: "a\(padded(index, 6))"),
        reads: index == 0 ? [] : [input(AssetKey(trusted: "a\(padded(index - 1, 6))"))])
    }
    let report = LineageReport(
      of: "a000000", in: Self.columns(of: try AssetGraph(chain)), upstream: true, downstream: true,
      depth: 2000)

    #expect(treeText(of: report).utf8.count > 2000)
  }

  @Test func `lineage is drawn by Graphviz`() throws {
    #expect(
      dotText(of: try Self.report(upstream: false)) == """
        digraph lineage {
          rankdir=LR;
          node [shape=box];
          "daily" [style=bold];
          "delay_model";
          "report";
          "daily" -> "delay_model";
          "daily" -> "report";
          "delay_model" -> "report";
        }

        """)
  }

  @Test func `lineage is drawn by Mermaid`() throws {
    #expect(
      mermaidText(of: try Self.report(downstream: false)) == """
        flowchart LR
          n_events["events"]
          n_flights["flights"]
          n_airlines["airlines"]
          n_daily["daily"]
          n_flights --> n_airlines
          n_airlines --> n_daily
          n_events --> n_daily
          n_flights --> n_daily
          style n_daily stroke-width:3px

        """)
  }

  @Test func `in JSON edges say what they consume`() throws {
    #expect(
      json(of: try Self.report(of: "airlines")) == """
        {
          "asset" : "airlines",
          "columns" : [
            {
              "asset" : "airlines",
              "column" : "code",
              "from" : [

              ],
              "influenced_by" : [

              ]
            }
          ],
          "command" : "lineage",
          "downstream" : [
            "daily",
            "delay_model",
            "report"
          ],
          "edges" : [
            {
              "consumes" : [

              ],
              "from" : "flights",
              "to" : "airlines"
            },
            {
              "consumes" : "*",
              "from" : "airlines",
              "to" : "daily"
            },
            {
              "consumes" : [
                "carrier",
                "mean_delay"
              ],
              "from" : "daily",
              "to" : "delay_model"
            },
            {
              "consumes" : "*",
              "from" : "daily",
              "to" : "report"
            },
            {
              "consumes" : "*",
              "from" : "delay_model",
              "to" : "report"
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
