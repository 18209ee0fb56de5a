import AssetCore
import AssetSQL
import AssetTestSupport
import Testing

/// Rows outside of the slices that are proven come and go and change: the result stays as it is, by
/// SQLite itself.
@Suite struct PartitionRowsTests {
  @Test(arguments: UInt64(0)..<4)
  func `rows outside of the partition cannot change a result`(part: UInt64) throws {
    let seed = RandomRun.seed &+ part
    var search = PartitionSearch(random: SeededRandom(seed: seed))

    let findings = search.run(queries: RandomRun.steps(700))

    print(
      "partitions: seed \(seed), \(search.trials) queries, \(search.proven) of \(search.inputs) inputs",
      "proven, \(search.changes) changes, of which \(search.ordered) showed in the order alone")
    for finding in findings { Issue.record("ASSETCTL_RANDOM_SEED=\(RandomRun.seed): \(finding)") }
    #expect(search.proven * 5 > search.inputs, "an analysis that gives up proves nothing")
  }

  /// The search must be able to find what it looks for.
  @Test func `a proof that is wrong is found`() {
    var search = PartitionSearch(random: SeededRandom(seed: 11))
    search.believesAnything = true

    #expect(!search.run(queries: 150).isEmpty)
  }
}

/// A search for a query that reads rows of which it is proven that it does not.
struct PartitionSearch {
  var random: SeededRandom
  /// Whether to take for proven what is not, which is wrong.
  var believesAnything = false
  private(set) var trials = 0
  private(set) var inputs = 0
  private(set) var proven = 0
  private(set) var changes = 0
  private(set) var ordered = 0

  /// The bounds and the key of a partition, as literals.
  struct Literals {
    var start: String
    var end: String
    var key: String

    func fill(_ sql: String) -> String {
      sql.replacing(":partition_start", with: start).replacing(":partition_end", with: end)
        .replacing(":partition_key", with: key)
    }
  }

  private static let partitions = [
    Literals(start: "'a'", end: "'b'", key: "'a'"), Literals(start: "0", end: "2", key: "1"),
    Literals(start: "'1'", end: "'2'", key: "'1'"), Literals(start: "''", end: "'b'", key: "'b'"),
    Literals(start: "1", end: "'b'", key: "'A'"), Literals(start: "1", end: "3", key: "2"),
  ]

  init(random: SeededRandom) { self.random = random }

  /// Tries so many queries that are accepted and name a partition, and tells what is wrong.
  mutating func run(queries: Int) -> [String] {
    var findings: [String] = []
    while trials < queries, findings.count < 3 {
      let schema = RandomSchema(&random)
      for _ in 0..<8 {
        var generator = QueryGenerator(seed: random.next(), schema: schema)
        generator.partitionColumn = random.pick(["k", "a"])
        let text = generator.query()
        if let finding = finding(schema, text) { findings.append(finding) }
      }
    }
    return findings
  }

  private mutating func finding(_ schema: RandomSchema, _ query: Fragment) -> String? {
    let literals = random.pick(Self.partitions)
    let sql = literals.fill(query.text)
    let reading = readQuery(query.text, dialect: .sqlite) { key in
      schema.tables.first { AssetKey(trusted: $0.name) == key }?.columns
    }
    guard reading.problems.isEmpty, !query.contains(.limit),
      reading.inputs.values.contains(where: { $0.partition != nil }),
      let engine = try? schema.engine(), let before = try? engine.answer(sql).sorted
    else { return nil }
    trials += 1
    inputs += reading.inputs.count
    let slices = schema.tables.compactMap {
      table -> (table: RandomSchema.Table, condition: String)? in
      slice(of: table, reading, literals).map { (table, $0) }
    }
    proven += slices.count
    guard !slices.isEmpty else { return nil }
    for _ in 0..<4 {
      let statements = slices.flatMap { changes(of: $0.table, outside: $0.condition) }
      guard (try? engine.execute("savepoint s; " + statements.joined(separator: "; "))) != nil
      else {
        return "the changes cannot be made: \(statements)"
      }
      defer { try? engine.execute("rollback to s; release s") }
      changes += 1
      guard let after = try? engine.answer(sql).sorted, after != before else { continue }
      if isOrdered(schema, sql, before, engine, after) {
        ordered += 1
        return nil
      }
      return """
        \(sql)
          of \(query.text)
          proven: \(slices.map { "\($0.table.name): \($0.condition)" })
          tables: \(schema.tables.flatMap(\.statements))
          changes: \(statements)
          before: \(before.rows)
          after: \(after.rows)
        """
    }
    return nil
  }

  /// The condition for the rows that are read; `nil` for all of them.
  private func slice(
    of table: RandomSchema.Table, _ reading: QueryReading, _ literals: Literals
  ) -> String? {
    guard let input = reading.inputs[AssetKey(trusted: table.name)] else { return nil }
    switch input.partition {
    case .within(let column)?:
      return "\(quoted(column)) >= \(literals.start) and \(quoted(column)) < \(literals.end)"
    case .ofKey(let column)?: return "\(quoted(column)) = \(literals.key)"
    default:
      guard believesAnything, let column = table.columns.first else { return nil }
      return "\(quoted(column)) >= \(literals.start) and \(quoted(column)) < \(literals.end)"
    }
  }

  /// Statements that delete, edit and insert rows, none of which is within before or after.
  private mutating func changes(
    of table: RandomSchema.Table, outside condition: String
  ) -> [String] {
    let name = quoted(table.name)
    let outside = "(\(condition)) is not true"
    var statements: [String] = []
    if random.chance(2) {
      statements.append(
        "delete from \(name) where \(outside) and rowid % 3 = \(random.pick([0, 1, 2]))")
    }
    if random.chance(8) { statements.append("delete from \(name) where \(outside)") }
    // An edit that would bring a row within is undone by deleting the row, which was outside before.
    let edited = "rowid in (select id from temp.outside)"
    statements.append("drop table if exists temp.outside")
    statements.append(
      "create temp table outside as select rowid as id from \(name) where \(outside)")
    for column in table.columns where random.chance(2) {
      statements.append(
        "update \(name) set \(quoted(column)) = \(random.pick(RandomSchema.values)) where \(edited) and rowid % 2 = \(random.pick([0, 1]))"
      )
    }
    for _ in 0..<random.pick([0, 1, 3]) {
      let values = table.columns.map { _ in random.pick(RandomSchema.values) }
      statements.append("insert into \(name) values (\(values.joined(separator: ", ")))")
      statements.append("insert into temp.outside select max(rowid) from \(name)")
    }
    statements.append("delete from \(name) where \(edited) and (\(condition)) is true")
    return statements
  }

  /// Whether another order of the rows gives another answer, so that the query tells nothing.
  private func isOrdered(
    _ schema: RandomSchema, _ sql: String, _ before: Engine.Answer, _ engine: Engine,
    _ after: Engine.Answer
  ) -> Bool {
    if (try? engine.answerInReverse(sql).sorted) != after { return true }
    return Trial(schema: schema, query: Fragment(.query, sql), seed: 1).seesOrder(before)
  }
}
