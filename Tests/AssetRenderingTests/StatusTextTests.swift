import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct StatusTextTests {
  @Test func `what is not fresh has a line, and the counts follow`() {
    #expect(
      text(of: statusReport) == """
        stale    flights_clean  its definition changed, `flights` changed
        waiting  daily          waits for `flights_clean` and `rates`
        failed   broken         no such column: \\u{1b}[31mday
        unknown  delay_model    there is no table `events`

        1 fresh, 1 stale, 1 waiting, 1 failed, 1 unknown

        """)
  }

  @Test func `verbose shows all, and what each consumes`() {
    var report = statusReport
    report.entries[1].inputs = [
      InputReport("flights", consumes: .whole, wholeBecause: "its text cannot be read")
    ]
    report.entries[2].inputs = [
      InputReport("flights", consumes: .whole, wholeBecause: "`*` takes all"),
      InputReport("airlines", consumes: .rowCount),
    ]
    report.entries[4].inputs = [
      InputReport("daily", consumes: .columns(["carrier", "mean_delay"])),
      InputReport("chart", consumes: .whole, isTable: false),
    ]

    #expect(
      text(of: report, isVerbose: true) == """
        fresh  airlines
          last materialized: 2026-11-21 09:14:03 UTC, 16 rows
          consumes:          `assets/raw/airlines.csv`
        stale  flights_clean  its definition changed, `flights` changed
          last materialized: 2026-11-21 09:14:03 UTC, 27,004 rows
          consumes:          `flights`: the whole table, because its text cannot be read
        waiting  daily  waits for `flights_clean` and `rates`
          consumes: `flights`: the whole table, because `*` takes all
          consumes: `airlines`: the number of rows
        failed  broken  no such column: \\u{1b}[31mday
        unknown  delay_model  there is no table `events`
          consumes: `daily`: carrier, mean_delay
          consumes: `chart`: all of it

        1 fresh, 1 stale, 1 waiting, 1 failed, 1 unknown

        """)
  }

  @Test func `everything fresh is one line`() {
    let entry = StatusReport.Entry(asset: seed, status: .fresh)

    #expect(text(of: StatusReport(project: "shop", entries: [entry])) == "the asset is fresh\n")
    #expect(
      text(of: StatusReport(project: "shop", entries: [entry, entry]))
        == "all 2 assets are fresh\n")
  }

  @Test func `colour marks the status`() {
    let entry = StatusReport.Entry(
      asset: seed, status: AssetStatus(.stale, causes: [.outputMissing]))

    #expect(
      text(of: StatusReport(project: "shop", entries: [entry]), style: TextStyle(hasColor: true))
        == "\u{1B}[33mstale\u{1B}[0m  airlines  its output is missing\n\n1 stale\n")
  }

  @Test func `the list is a table`() {
    #expect(
      text(of: ListReport(project: "shop", assets: [seed, daily, model, source])) == """
        ASSET        KIND    GROUP   TAGS  DESCRIPTION
        airlines     seed    raw
        daily        table   marts   a, b  All of daily.
        delay_model  model   models  ml
        events       source

        """)
  }
}
