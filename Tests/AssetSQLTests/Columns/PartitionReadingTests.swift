import AssetCore
import AssetSQL
import AssetTestSupport
import Testing

/// Which rows of its inputs a query reads in one partition.
@Suite struct PartitionReadingTests {
  private static let schema: [String: [String]] = [
    "orders": ["id", "customer", "day", "at", "total", "region"],
    "customers": ["id", "name", "city", "day"],
    "rates": ["day", "rate"],
    "logs": ["end", "Two words", "order"],
  ]

  private func read(_ sql: String) -> [String: PartitionReading] {
    let sql = sql.replacing("DAY", with: "day >= :partition_start and day < :partition_end")
      .replacing("O.D", with: "o.day >= :partition_start and o.day < :partition_end")
      .replacing("C.D", with: "c.day >= :partition_start and c.day < :partition_end")
    let reading = readQuery(sql, dialect: .sqlite) { Self.schema[$0.name] }
    #expect(reading.unreadable == nil, "\(sql)")
    #expect(reading.problems == [], "\(sql)")
    return reading.inputs.reduce(into: [:]) { $0[$1.key.name] = $1.value.partition }
  }

  @Test(arguments: [
    "select total from orders where DAY",
    "select total from orders where total > 3 and DAY and (id = 4 or id = 5)",
    "select total from orders where day < :partition_end and day >= :partition_start",
    "select total from orders where :partition_start <= day and :partition_end > day",
    "select total from orders where ((day) >= (:partition_start) and (day < :partition_end))",
    "select total from orders where (DAY and total > 1) and not id = 3",
    "select total from orders where day > :partition_start and day < :partition_end",
    "select total from orders where day = :partition_start",
    "select total from orders where :partition_start == day",
    "select total from orders where \"Day\" >= @partition_start and [DAY] < $partition_end"
      .replacing("[DAY]", with: "[day]"),
    "select total from orders o where O.D",
    "select total from main.orders where orders.day >= :partition_start and orders.day < :partition_end",
    "select total as day from orders where DAY",
    "select 'x' as day, day as d from orders where DAY group by 1 having count(*) > 1",
    "with a as (select * from orders where DAY) select total from a",
    "with a as (select * from orders where DAY) select * from a union all select * from a",
    "select total from (select * from orders where DAY limit 10) where total > 3",
    "select total from orders where DAY union select total from orders where DAY and id = 3",
    "select total from orders where DAY and id between 3 and 4 and total < 5",
    "select total from orders where id between 3 and 4 and DAY",
    "select total from orders where case when id = 1 then 1 else 0 end and DAY",
    "select total from orders o where O.D and exists (select 1 from orders o where O.D)",
    "select (select sum(total) from orders where DAY) as s",
    "select sum(total) over (order by day) as s from orders where DAY",
    "select 1 from orders where id in (select id from orders where DAY) and DAY",
    "with recursive n(i) as (select 1 union all select i + 1 from n join orders o on o.id = i where O.D) select i from n",
    "select o.total from orders as o, json_each(o.at) as j where DAY",
    "select total from orders where DAY order by id limit 1",
    "select total from orders where day >= :partition_start and day < :partition_end and at >= date(:partition_start, '-7 day')",
  ])
  func `rows outside of the partition are not read`(sql: String) {
    #expect(read(sql) == ["orders": .within(column: "day")])
  }

  @Test(arguments: [
    "select o.total from orders o join rates r on r.day = o.day where O.D",
    "select o.total from orders o left join rates r on r.day = o.day where O.D",
    "select o.total from rates r left join orders o on r.day = o.day where O.D",
    "select o.total from rates r right join orders o on r.day = o.day where O.D",
    "select o.total from rates r full join orders o on r.day = o.day where O.D",
    "select o.total from rates r join orders o on r.day = o.day and O.D",
    "select o.total from rates r cross join orders o on O.D",
    "select r.rate, o.total from rates r left join orders o on r.day = o.day and O.D",
    "select o.total from orders o right join rates r on r.day = o.day and O.D",
    "select o.total from rates r left join orders o on r.day = o.day and o.day < :partition_end where o.day >= :partition_start",
    "select total from rates natural left join orders o where O.D",
    "select total from rates left join orders o using (day) where O.D",
    "select o.total from rates as r, orders as o where O.D",
    "select o.total from rates r left join (rates s join orders o on O.D) on r.day = s.day",
    "select x.total from rates r full join (select * from orders where DAY) as x on x.day = r.day",
  ])
  func `joins keep what is proven of one table`(sql: String) {
    #expect(read(sql)["orders"] == .within(column: "day"), "\(sql)")
    #expect(
      read(sql)["rates"]
        == .all(
          because:
            "no condition compares a column of it with `:partition_start` and `:partition_end`"),
      "\(sql)")
  }

  @Test func `a key is as good as a range`() {
    #expect(
      read("select total from orders where region = :partition_key")
        == ["orders": .ofKey(column: "region")])
    #expect(
      read("select total from orders where (:partition_key) == orders.region and id > 1")
        == ["orders": .ofKey(column: "region")])
    #expect(
      read("select total from orders where region = :partition_key and DAY")
        == ["orders": .ofKey(column: "region")])
    #expect(
      read(
        "select total from orders where region = :partition_key and DAY union all select id from orders where region = :partition_key"
      ) == ["orders": .ofKey(column: "region")])
  }

  @Test func `each input has rows of its own`() {
    #expect(
      read(
        "select o.total from orders o join customers c on c.id = o.customer where O.D and C.D and at = :partition_key"
      ) == ["orders": .within(column: "day"), "customers": .within(column: "day")])
    #expect(
      read(#"select 1 from logs where "end" = :partition_key and "Two words" >= :partition_start"#)
        == ["logs": .ofKey(column: "end")])
  }

  @Test func `what names no partition says nothing of it`() {
    #expect(
      read("select total from orders where day >= :since and day < :until") == [:])
    #expect(read("select total from orders where day >= ':partition_start'") == [:])
  }

  private static let none =
    "no condition compares a column of it with `:partition_start` and `:partition_end`"
  private static func not(_ text: String) -> String {
    "`\(text)` is not `column >= :partition_start`, `column < :partition_end` or `column = :partition_key`"
  }

  @Test(arguments: [
    ("select :partition_key as k, total from orders", none),
    (
      "select total from orders where day >= :partition_start", "there is no `day < :partition_end`"
    ),
    (
      "select total from orders where day < :partition_end", "there is no `day >= :partition_start`"
    ),
    (
      "select total from orders where day >= :partition_start and at < :partition_end",
      "there is no `day < :partition_end`"
    ),
    (
      "select total from orders where day between :partition_start and :partition_end",
      not("day between :partition_start and :partition_end")
    ),
    (
      "select total from orders where day >= :partition_start and day <= :partition_end",
      not("day <= :partition_end")
    ),
    (
      "select total from orders where date(at) >= :partition_start and date(at) < :partition_end",
      not("date(at) >= :partition_start")
    ),
    (
      "select total from orders where day >= date(:partition_start, '-7 day') and day < :partition_end",
      not("day >= date(:partition_start, '-7 day')")
    ),
    (
      "select total from orders where DAY or id = 1",
      not("day >= :partition_start and day < :partition_end or id = 1")
    ),
    (
      "select total from orders where (DAY or id = 1) and id = 2",
      not("day >= :partition_start and day < :partition_end or id = 1")
    ),
    (
      "select total from orders where not (DAY)",
      not("not (day >= :partition_start and day < :partition_end)")
    ),
    (
      "select total from orders where not day >= :partition_start and day < :partition_end",
      not("not day >= :partition_start")
    ),
    (
      "select total from orders where id between 1 and day >= :partition_start and day < :partition_end",
      not("id between 1 and day >= :partition_start")
    ),
    (
      "select total from orders where case when id then DAY else 1 end",
      not("case when id then day >= :partition_start and day < :partition_end else 1 end")
    ),
    (
      "select total from orders where +day >= :partition_start and day < :partition_end",
      not("+day >= :partition_start")
    ),
    (
      "select total from orders where day collate nocase >= :partition_start and day < :partition_end",
      not("day collate nocase >= :partition_start")
    ),
    (
      "select total from orders where id = day >= :partition_start and day < :partition_end",
      not("id = day >= :partition_start")
    ),
    (
      "select total from orders where day >= :partition_start || 'x' and day < :partition_end",
      not("day >= :partition_start || 'x'")
    ),
    (
      "select total from orders where day = :partition_start = 1",
      not("day = :partition_start = 1")
    ),
    ("select total from orders where day in (:partition_key)", not("day in (:partition_key)")),
    ("select total from orders where day is :partition_key", not("day is :partition_key")),
    (
      "select total from orders where 'day' >= :partition_start and day < :partition_end",
      not("'day' >= :partition_start")
    ),
    ("select sum(total) filter (where DAY) as s from orders", none),
    ("select day, sum(total) as s from orders group by day having DAY", none),
    ("select total from (select * from orders) where DAY", none),
    ("with a as (select * from orders) select total from a where DAY", none),
    ("select total from orders where DAY union all select total from orders", none),
    ("select total from orders o where O.D and id in (select id from orders)", none),
    ("select total from orders o where O.D and exists (select 1 from orders p where O.D)", none),
    ("select o.total from orders o join orders p on o.id = p.id where O.D", none),
    (
      "select o.total from orders o, orders p where O.D and p.day = :partition_key",
      "the places where it is read compare different columns"
    ),
    ("select total as x from orders where x >= :partition_start and x < :partition_end", none),
    ("select o.total from orders o left join rates r on O.D", none),
    ("select o.total from rates r right join orders o on O.D", none),
    ("select o.total from rates r full join orders o on O.D", none),
    ("select total from orders join rates using (day) where DAY", none),
    ("select total from orders natural join rates where DAY", none),
    ("select rowid as r, total from orders where DAY", "`rowid` is no column of it"),
    ("select 1 from customers c where C.D and c.id in orders", none),
    (
      "select total from orders where day >= ?1 and day < :partition_end",
      "there is no `day >= :partition_start`"
    ),
    (
      "select total from orders where day >= :Partition_start and day < :partition_end",
      "there is no `day >= :partition_start`"
    ),
  ])
  func `what is not proven is told with the reason`(sql: String, reason: String) {
    #expect(read(sql)["orders"] == .all(because: reason), "\(sql)")
  }

  @Test func `a word that may end a case proves nothing`() {
    let sql =
      "select 1 as x from logs where case when 1 then end and \"order\" >= :partition_start and "
      + "\"order\" < :partition_end and 0 end"
    let reading = readQuery(sql, dialect: .sqlite) { Self.schema[$0.name] }

    #expect(reading.inputs["logs"]?.partition?.slice(for: Self.day) == nil)
  }

  @Test func `nothing is proven of a table whose columns are not known`() {
    let sql = "select total from unknown where day >= :partition_start and day < :partition_end"

    let reading = readQuery(sql, dialect: .sqlite) { _ in nil }

    #expect(reading.inputs["unknown"]?.partition == .all(because: "its columns are not known"))
  }

  @Test func `nothing is proven of a query that is refused or cannot be read`() {
    let refused = readQuery(
      "select totl from orders where day = :partition_key", dialect: .sqlite
    ) { Self.schema[$0.name] }
    let unreadable = readQuery(
      "select total from orders where day = :partition_key window", dialect: .sqlite
    ) { Self.schema[$0.name] }

    #expect(
      refused.inputs["orders"]?.partition == .all(because: "`orders` has no column `totl`"))
    #expect(
      unreadable.inputs["orders"]?.partition
        == .all(because: unreadable.unreadable ?? "there must be a reason"))
  }

  @Test(
    arguments: [
      ("select * from t where region = :partition_key", "region"),
      ("select * from t where :partition_key = t.Region", "region"),
      ("select :partition_key as region, count(*) as n from t", "region"),
      ("select :partition_key as region from t where t.\"region\" == :partition_key", "region"),
      ("select :partition_key as a from t where b = :partition_key", nil),
      ("select * from t where upper(region) = :partition_key", nil),
      ("select :partition_key from t", nil), ("select 1", nil),
    ] as [(String, String?)])
  func `the column of a key is the one that it is compared with`(sql: String, column: String?) {
    #expect(columnOfPartitionKey(in: sql, dialect: .sqlite) == column)
  }

  private static let day = PartitionList(
    PartitionScheme(column: "day", .values([.text("x")])), at: Timestamp(milliseconds: 0))[0]
}
