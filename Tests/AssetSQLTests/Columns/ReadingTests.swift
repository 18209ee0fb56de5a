import AssetCore
import AssetSQL
import AssetTestSupport
import Testing

/// What queries consume of their inputs, whose columns are known.
@Suite struct ReadingTests {
  static let schema: [String: [String]] = [
    "orders": ["id", "customer", "day", "total", "note"],
    "customers": ["id", "name", "city"],
    "rates": ["day", "rate"],
  ]

  struct Case: Sendable {
    var sql: String
    var consumed: [String: String]
    init(_ sql: String, _ consumed: [String: String]) {
      self.sql = sql
      self.consumed = consumed
    }
  }

  @Test(arguments: [
    Case("select total from orders where day > 5", ["orders": "day total"]),
    Case("select * from orders", ["orders": "*"]),
    Case("select count(*) from orders", ["orders": ""]),
    Case("select 1 from orders", ["orders": ""]),
    Case(
      "with a as (select * from orders) select total from a where id = 3", ["orders": "id total"]),
    Case(
      "with a as (select distinct * from orders) select total from a", ["orders": "*"]),
    Case(
      "with a as (select id, note from orders union all select id, city from customers) select id from a",
      ["orders": "id", "customers": "id"]),
    Case(
      "with a as (select id, note from orders union select id, city from customers) select id from a",
      ["orders": "id note", "customers": "city id"]),
    Case(
      "select o.total, c.name from orders o join customers c on o.customer = c.id",
      ["orders": "customer total", "customers": "id name"]),
    Case(
      "select total, rate from orders join rates using (day)",
      ["orders": "day total", "rates": "day rate"]),
    Case("select total from orders natural join rates", ["orders": "*", "rates": "*"]),
    Case("select total from orders order by day", ["orders": "total"]),
    Case("select total from orders order by day limit 5", ["orders": "day total"]),
    Case("select total from orders limit 5", ["orders": "*"]),
    Case(
      "select name from customers c where exists (select note, total from orders where customer = c.id and day = 1)",
      ["customers": "id name", "orders": "customer day"]),
    Case(
      "select name from customers where id in (select customer from orders)",
      ["customers": "id name", "orders": "customer"]),
    Case(
      "select row_number() over (partition by customer order by day) as n, total from orders",
      ["orders": "customer day total"]),
    Case(
      "select sum(total) filter (where day > 3) over w as n from orders window w as (partition by customer)",
      ["orders": "customer day total"]),
    Case(
      "with recursive n(i, x) as (select 1, 0 union all select i + 1, x from n where i < 5) select i, total from n join orders on orders.id = i",
      ["orders": "id total"]),
    Case(
      "select case when day > 1 then total else -total end as t from orders group by 1",
      ["orders": "day total"]),
    Case(
      "select cast(total as text) as day, total t from orders where t > 4 order by 1 limit 2",
      ["orders": "total"]),
    Case("select o.* from orders o, customers", ["orders": "*", "customers": ""]),
    Case("select rowid, total from orders", ["orders": "*"]),
    Case(
      "select total from orders where id in customers", ["orders": "id total", "customers": "*"]),
    Case(
      "select (select max(rate) from rates r where r.day = o.day) as x from orders o",
      ["orders": "day", "rates": "day rate"]),
    Case("select x from (select total as x, note as y from orders) as q", ["orders": "total"]),
    Case(
      "select sum(total) over (order by day rows between 2 preceding and current row) s from orders",
      ["orders": "day total"]),
    Case(
      "select ((select total from orders) union select id from customers) as x",
      ["orders": "total", "customers": "id"]),
  ])
  func `a query consumes just what can change its result`(test: Case) {
    let reading = readQuery(test.sql, dialect: .sqlite) { Self.schema[$0.name] }

    #expect(reading.unreadable == nil)
    #expect(reading.problems == [])
    #expect(reading.inputs.consumed == test.consumed)
  }
}

extension Dictionary<AssetKey, InputReading> {
  /// Each table with its columns, or a star for all of it.
  var consumed: [String: String] {
    reduce(into: [:]) { consumed, input in
      consumed[input.key.name] = input.value.consumption.readColumns?.joined(separator: " ") ?? "*"
    }
  }
}
