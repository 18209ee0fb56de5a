import AssetTestSupport
import Testing

/// What runs after a change in one column of the example, and what is said of it.
@Suite struct ColumnTests {
  @Test func `a column that nobody reads runs its producer and nothing else`() async throws {
    let project = try await ExampleProject.materialized()
    try project.edit(
      "assets/staging/weather_hourly.sql", "round(avg(humid), 1)", to: "round(avg(humid), 0)")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(try run.assets(where: "outcome", is: "materialized") == ["weather_hourly"])
    #expect(try run.assets(where: "outcome", is: "fresh").count == 14)
    #expect(try await project.assetctl("status") == ExampleTests.allFresh)
  }

  @Test func `a column of a seed that nobody reads runs no query`() async throws {
    let project = try await ExampleProject.materialized()
    try project.edit(
      "assets/raw/airports.csv", "Lansdowne Airport,41.13", to: "Lansdowne Airport,42.13")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(try run.assets(where: "outcome", is: "materialized") == ["airports"])
    #expect(try run.assets(where: "outcome", is: "fresh").count == 14)
  }

  @Test func `a column that is read only in a filter runs its readers`() async throws {
    let project = try await ExampleProject.materialized()
    try await setDepartureTime(of: project)

    let run = try await project.assetctl("materialize", "--format", "json")

    // What comes out of the filter is the same, so that it ends there.
    #expect(try run.assets(where: "outcome", is: "materialized") == ["flights"])
    #expect(
      try run.assets(where: "outcome", is: "unchanged") == [
        "carrier_punctuality", "daily_delays", "flights_clean",
      ])
    let entry = try run.json["assets"].elements.first { $0["asset"] == "flights_clean" }
    #expect(
      entry?["causes"] == [
        ["cause": "input_changed", "input": "flights", "columns": ["dep_time"]]
      ])
    #expect(try await project.assetctl("status") == ExampleTests.allFresh)
  }

  @Test func `a plan tells which readers are expected to stay fresh`() async throws {
    let project = try await ExampleProject.materialized()
    try project.edit(
      "assets/raw/weather.csv", "EWR,2013,1,1,1,39.02,26.06,59.37",
      to: "EWR,2013,1,1,1,39.02,26.06,59.77")
    #expect(try await project.assetctl("materialize", "weather", "--only").exitCode == 0)

    let plan = try await project.assetctl("plan", "--verbose")

    #expect(
      plan.output == """
        materialize  weather_hourly  `weather` changed in `humid`
        if changed  flights_with_weather  waits for `weather_hourly`
        if changed  delay_model  waits for `flights_with_weather`

        1 to materialize, 2 decided once their inputs are done, 12 fresh
        2 readers are expected to stay fresh: `flights_with_weather` and `delay_model`

        """)
    #expect(
      try await project.assetctl("plan", "--format", "json").json["expected_fresh"] == [
        "flights_with_weather", "delay_model",
      ])
    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(try run.assets(where: "outcome", is: "materialized") == ["weather_hourly"])
  }

  @Test func `why tells the column and the number of rows`() async throws {
    let project = try await ExampleProject.materialized()
    try await setDepartureTime(of: project)
    #expect(try await project.assetctl("materialize", "flights", "--only").exitCode == 0)

    let why = try await project.assetctl("why", "flights_clean").output

    #expect(
      why.hasPrefix(
        """
        flights_clean is stale
          because `flights` changed in `dep_time`; 27,004 rows as before

        """))
    let cause = try await project.assetctl("why", "flights_clean", "--format", "json").json[
      "chain"][0][
        "causes"][0]
    #expect(cause["columns"] == ["dep_time"])
    #expect(cause["rows_before"] == 27004)
    #expect(cause["rows_now"] == 27004)
  }

  @Test func `a column that a table gains runs only who reads all of it`() async throws {
    let project = try await ShopProject.materialized([
      "assets/all_orders.sql": "select * from orders where amount > 0",
      "assets/ids.sql": "with all_of_them as (select * from orders) select id from all_of_them",
    ])
    try project.write(
      "assets/raw/orders.csv",
      "id,customer,amount,city\n1,1,25,Rome\n2,1,5,Oslo\n3,2,40,Rome\n4,3,12,Bonn\n")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(
      try run.assets(where: "outcome", is: "materialized") == ["all_orders", "orders"])
    #expect(
      try run.assets(where: "outcome", is: "fresh") == [
        "best", "customers", "ids", "paid", "per_customer", "report",
      ])
  }

  @Test func `a column that takes a name away from another table runs who uses the name`()
    async throws
  {
    let project = try await ShopProject.materialized([
      "assets/named.sql": """
      select orders.id, name from orders join customers on customers.id = customer
      """
    ])
    try project.write(
      "assets/raw/orders.csv", "id,customer,amount,name\n1,1,25,a\n2,1,5,b\n3,2,40,c\n4,3,12,d\n")

    let run = try await project.assetctl("materialize", "--format", "json")

    // The name is ambiguous now, which is said with its place.
    #expect(try run.assets(where: "outcome", is: "failed") == ["named"])
    #expect(try run.assets(where: "outcome", is: "materialized") == ["orders"])
  }

  @Test func `a verbose status tells why a whole table is consumed`() async throws {
    let project = try ShopProject.new([
      "assets/all_orders.sql": "select * from orders",
      "assets/total.sh": """
      # @asset
      # kind: table
      # inputs: [orders]
      printf 'total\\n82\\n' > "$ASSETCTL_OUTPUT"
      """,
    ])

    let status = try await project.assetctl("status", "-v", "all_orders", "total", "per_customer")

    #expect(
      status.output == """
        stale  all_orders  never materialized
          consumes: `orders`: the whole table, because `*` takes all its columns
        stale  per_customer  never materialized
          consumes: `paid`: amount, customer
          consumes: `customers`: id, name
        stale  total  never materialized
          consumes: `orders`: the whole table, because `inputs:` names no columns of it

        3 stale

        """)
  }

  /// Changes the time at which a flight left, which is only asked whether it is there.
  private func setDepartureTime(of project: TemporaryProject) async throws {
    try project.edit("assets/raw/flights.csv", "2013,1,1,517,", to: "2013,1,1,518,")
  }
}
