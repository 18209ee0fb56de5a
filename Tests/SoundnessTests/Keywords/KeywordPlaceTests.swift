import AssetCore
import AssetSQL
import AssetTestSupport
import Testing

/// A column that is called like a word of the grammar is read wherever SQLite takes it for a column.
@Suite struct KeywordPlaceTests {
  /// Words of SQLite's own grammar (its list of keywords), and those of other databases' that the
  /// analysis knows.
  static let words: [String] = {
    let own = """
      abort action add after all alter always analyze and as asc attach autoincrement before begin \
      between by cascade case cast check collate column commit conflict constraint create cross \
      current current_date current_time current_timestamp database default deferrable deferred \
      delete desc detach distinct do drop each else end escape except exclude exclusive exists \
      explain fail filter first following for foreign from full generated glob group groups having \
      if ignore immediate in index indexed initially inner insert instead intersect into is isnull \
      join key last left like limit match materialized natural no not nothing notnull null nulls \
      of offset on or order others outer over partition plan pragma preceding primary query raise \
      range recursive references regexp reindex release rename replace restrict returning right \
      rollback row rows savepoint select set table temp temporary then ties to transaction trigger \
      unbounded union unique update using vacuum values view virtual when where window with without \
      true false leading trailing both semi anti asof positional global any some array lateral \
      only tablesample pivot unpivot minus qualify percent sets cube rollup interval year day map \
      struct lambda rowid columns rename search cycle ordinality precision varying respect ignore \
      localtime localtimestamp date timestamp extract substring position overlaps div rlike ilike
      """
    return Set(own.split(separator: " ").map(String.init) + SQLKeyword.allCases.map(\.rawValue))
      .sorted()
  }()

  /// Places where a column may stand, or another name; `W` is the word.
  static let places = [
    "select W from t", "select W, x from t", "select x, W from t", "select W as a from t",
    "select x + W from t", "select W + x from t", "select -W from t", "select not W from t",
    "select (W) from t", "select (x + W) * 2 from t", "select t.W from t", "select main.t.W from t",
    "select coalesce(W, 1) from t", "select coalesce(1, W) from t", "select abs(W) from t",
    "select count(W) from t", "select count(distinct W) from t", "select sum(W) from t",
    "select trim(W) from t", "select trim(W, 'a') from t", "select trim('a', W) from t",
    "select substr(W, 1, 2) from t", "select max(W, 1) from t",
    "select sum(x) filter (where W) from t", "select x from t where W",
    "select x from t where W = 1",
    "select x from t where 1 = W", "select x from t where W is null",
    "select x from t where W is not null", "select x from t where W isnull",
    "select x from t where W between 1 and 2", "select x from t where 1 between W and 2",
    "select x from t where 1 between 0 and W", "select x from t where W in (1, 2)",
    "select x from t where 1 in (W, 2)", "select x from t where W like 'a'",
    "select x from t where 'a' like W", "select x from t where 'a' like 'b' escape W",
    "select x from t where x and W", "select x from t where not W and x",
    "select x, count(*) from t group by W", "select x, count(*) from t group by x, W",
    "select count(*) from t group by x having W", "select x from t order by W limit 1",
    "select x from t order by x, W limit 1", "select x from t order by W desc limit 1",
    "select x from t order by W collate nocase limit 1",
    "select case W when 1 then 2 end from t", "select case when W then 2 end from t",
    "select case 1 when W then 2 else 3 end from t", "select case 1 when 1 then W end from t",
    "select case 1 when 1 then 2 else W end from t", "select cast(W as text) from t",
    "select row_number() over (order by W) from t",
    "select row_number() over (order by x, W) from t",
    "select row_number() over (order by W desc) from t",
    "select row_number() over (order by W nulls last) from t",
    "select row_number() over (partition by W) from t",
    "select row_number() over (partition by x, W order by x) from t",
    "select row_number() over (partition by x order by W) from t",
    "select sum(x) over (order by W rows unbounded preceding) from t",
    "select sum(x) over (order by W rows between 1 preceding and current row) from t",
    "select sum(x) over (order by W groups between 1 preceding and 1 following exclude ties) from t",
    "select sum(x) over (partition by W order by x range current row exclude no others) from t",
    "select sum(W) over (rows 1 preceding) from t",
    "select sum(W) over (range unbounded preceding) from t",
    "select sum(W) over w from t window w as (order by x)",
    "select sum(x) over w from t window w as (order by W)",
    "select sum(x) over (w order by W) from t window w as (partition by x)",
    "select sum(x) over W from t window W as (order by y)",
    "select sum(x) over (W order by y) from t window W as (partition by x)",
    "select exists (select 1 from u where u.y = W) from t",
    "select (select W) from t", "select (select max(y) from u where y > W) from t",
    "select x from t where x in (select y from u where y = W)",
    "select x from t join u on W = u.y", "select t.x from t join u on u.y = W and t.x",
    "select x from t join u on u.id = t.id where W", "select x from t, u where W = u.y",
    "select x from t left join u on W", "select x from t natural join v",
    "select y from t join v using (W)", "select W.x from t as W", "select W.x from t W",
    "select W.x from (select x from t) W", "select W.x from u, t W",
    "select W.x from u join t W on 1",
    "select x W from t", "select x as W from t", "select x + 1 W from t",
    "select a.x from t as a join u W on W.y = a.x",
    "with W as (select x from t) select x from W", "with c(W) as (select x from t) select W from c",
    "select W from (select x as W from t)", "select W from (select W from t)",
    "select x from t union all select W from t", "values ((select W from t))",
    "select json_extract(W, '$.a') from t", "select W -> 'a' from t", "select W || 'a' from t",
    "select x from t where (W, x) = (1, 2)", "select iif(W, 1, 2) from t",
    "select group_concat(x, W) from t", "select group_concat(x order by W) from t",
    "select value from t, json_each(W)", "select x from t limit (select max(W) from t)",
    "select W over from t", "select sum(x) over, W from t",
  ]

  /// The queries that SQLite takes, with what it reads for them.
  static func readQueries(of word: String) throws -> [(
    sql: String, place: String, reads: [String: Set<String>]
  )] {
    let engine = try Engine()
    try engine.execute(
      """
      create table t (id, x, y, "\(word)"); create table u (id, y); create table v (id, "\(word)", z)
      """)
    return places.compactMap { place in
      let sql = place.replacing(/\bW\b/, with: word)
      // What SQLite refuses needs no reading.
      return (try? engine.bytecodeReads(of: sql)).map { (sql, place, $0) }
    }
  }

  static func reading(of sql: String, _ word: String, _ dialect: SQLDialect) -> QueryReading {
    let columns: [AssetKey: [String]] = [
      "t": ["id", "x", "y", word], "u": ["id", "y"], "v": ["id", word, "z"],
    ]
    return readQuery(sql, dialect: dialect) { columns[$0] }
  }

  /// What the engine reads and the analysis leaves out.
  private static func lost(_ reads: [String: Set<String>], in reading: QueryReading) -> [String] {
    reads.flatMap { table, names -> [String] in
      let consumption = reading.inputs[AssetKey(trusted: table)]?.consumption
      if consumption == .whole { return [] }
      return names.subtracting(consumption?.lists?.columns ?? []).map { "\(table).\($0)" }
    }
  }

  @Test(arguments: words)
  func `a column of that name is consumed`(word: String) throws {
    for (sql, place, reads) in try Self.readQueries(of: word) {
      let reading = Self.reading(of: sql, word, .sqlite)
      #expect(reading.unreadable == nil || isOdd(word, at: place), "\(sql)")
      #expect(Self.lost(reads, in: reading) == [], "\(sql)")
    }
  }

  /// Places in which the analysis leaves a name to the database: it reads the whole table then.
  private func isOdd(_ word: String, at place: String) -> Bool {
    ["by", "end", "fetch", "ilike", "offset", "over", "window", "with"].contains(word)
      || place.contains(" over from") || place.contains(" over, ")
  }

  /// What stands for a value or a clause wherever it is, whatever columns there are.
  private static let reserved: Set<String> = [
    "current_date", "current_time", "current_timestamp", "false", "localtime", "localtimestamp",
    "null", "qualify", "true",
  ]

  @Test(arguments: words.filter { !reserved.contains($0) })
  func `other databases' words lose no name either`(word: String) throws {
    for (sql, _, reads) in try Self.readQueries(of: word) {
      for dialect in [SQLDialect.postgresql, .duckdb, .spark] {
        #expect(
          Self.lost(reads, in: Self.reading(of: sql, word, dialect)) == [], "\(dialect): \(sql)")
      }
    }
  }
}
