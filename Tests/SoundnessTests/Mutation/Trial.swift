import AssetCore
import AssetSQL
import AssetTestSupport

/// An analysis under test: what a query reads, given its inputs' columns.
typealias Analysis = @Sendable (Fragment, (AssetKey) -> [String]?) -> QueryReading

/// A query on tables, and what is tried with it.
struct Trial {
  var schema: RandomSchema
  var query: Fragment
  /// Decides on which values and columns are put in the place of others.
  var seed: UInt64
  /// The tables whose columns the analysis is not told.
  var unknown: Set<AssetKey> = []

  /// What shows that an analysis is wrong.
  enum Finding: CustomStringConvertible {
    case unreadable(String)
    /// It reports a name as unknown or ambiguous in a query that the database accepts.
    case refused(String)
    /// It gives other columns than the database.
    case otherColumns(found: [String], expected: [String])
    /// The result changed with the values of columns that are not consumed.
    case value(table: String, columns: [String])
    /// An output column changed with a column that its lineage does not name.
    case lineage(output: Int, table: String, column: String)
    /// The result changed with columns of which not even the name is consumed.
    case structure(String)
    /// The query fails with such columns or values, so that no other result comes of it.
    case laterRefusal(String)

    /// What two findings have in common that are of the same kind.
    var kind: String { String(description.prefix { $0 != ":" }) }

    var description: String {
      switch self {
      case .unreadable(let why): "unreadable: \(why)"
      case .refused(let why): "refused: \(why)"
      case .otherColumns(let found, let expected): "columns: \(found) instead of \(expected)"
      case .value(let table, let columns): "values: \(table) \(columns) changed the result"
      case .lineage(let output, let table, let column):
        "lineage: \(table).\(column) changed the output column \(output)"
      case .structure(let change): "structure: \(change)"
      case .laterRefusal(let change): "refused later: \(change)"
      }
    }
  }

  /// What came of a trial.
  enum Outcome {
    /// The database refuses the query, or does not end.
    case invalid
    case sound(QueryReading)
    case unsound(Finding, QueryReading)

    var finding: Finding? { if case .unsound(let finding, _) = self { finding } else { nil } }
  }

  /// What the analysis is told of the columns.
  func columns(of key: AssetKey) -> [String]? {
    guard !unknown.contains(key) else { return nil }
    return schema.tables.first { AssetKey(trusted: $0.name) == key }?.columns
  }

  /// Puts the analysis to the test.
  func outcome(of analysis: Analysis) -> Outcome {
    let sql = query.text
    guard let engine = try? schema.engine(), let before = try? engine.answer(sql).sorted
    else { return .invalid }
    let reading = analysis(query, columns)
    var attempt = Attempt(
      trial: self, engine: engine, sql: sql, before: before, reading: reading,
      random: SeededRandom(seed: seed))
    guard let finding = attempt.finding() else { return .sound(reading) }
    return seesOrder(before) ? .invalid : .unsound(finding, reading)
  }
}

extension Trial {
  /// Whether another order of the rows gives another answer, as where a value is taken from any row: then
  /// the query tells nothing, since the order of rows is no content.
  func seesOrder(_ answer: Engine.Answer) -> Bool {
    var random = SeededRandom(seed: seed)
    for round in 0..<6 {
      var shuffled = schema
      for index in shuffled.tables.indices {
        if round == 0 {
          shuffled.tables[index].rows.reverse()
        } else {
          shuffled.tables[index].rows.shuffle(using: &random)
        }
      }
      guard let engine = try? shuffled.engine() else { continue }
      if (try? engine.answer(query.text).sorted) != answer { return true }
      if (try? engine.answerInReverse(query.text).sorted) != answer { return true }
    }
    return false
  }
}

/// A trial that is going on.
private struct Attempt {
  let trial: Trial
  let engine: Engine
  let sql: String
  let before: Engine.Answer
  let reading: QueryReading
  var random: SeededRandom

  mutating func finding() -> Trial.Finding? {
    if let why = reading.unreadable { return .unreadable(why) }
    if let problem = reading.problems.first { return .refused(problem.summary) }
    if let finding = otherColumns() { return finding }
    for _ in 0..<3 {
      if let finding = changedValues() { return finding }
    }
    for _ in 0..<2 {
      if let finding = changedLineage() { return finding }
      if let finding = changedStructure() { return finding }
    }
    return nil
  }

  private func consumption(of table: RandomSchema.Table) -> Consumption? {
    reading.inputs[AssetKey(trusted: table.name)]?.consumption
  }

  private func otherColumns() -> Trial.Finding? {
    guard let columns = reading.columns else { return nil }
    let found = columns.map { $0.name.lowercased() }
    // What a column without an alias is called, only a table made of it tells.
    try? engine.execute("create temp table made as \(sql) limit 0")
    let hasLimit = trial.query.contains(.limit)
    let names = (try? engine.answer("select name from pragma_table_info('made', 'temp')"))?.rows
    try? engine.execute("drop table if exists temp.made")
    let expected = (hasLimit ? nil : names).map { rows in
      rows.map { String($0[0].dropFirst().dropLast()).lowercased() }
    }
    guard found.count == before.names.count else {
      return .otherColumns(found: found, expected: before.names)
    }
    // Names that come twice are numbered by the database, and refused by the warehouse.
    guard let expected, !expected.isEmpty, !expected.contains(where: { $0.contains(":") }),
      Set(found).count == found.count, found != expected
    else {
      return nil
    }
    return .otherColumns(found: found, expected: expected)
  }

  // MARK: Values

  private mutating func changedValues() -> Trial.Finding? {
    for table in trial.schema.tables {
      let columns = table.columns.filter { isIgnored($0, of: table) }
      guard !columns.isEmpty, !table.rows.isEmpty else { continue }
      let after = answer(changing: columns, of: table)
      if after == before { continue }
      for column in columns {
        if let after = answer(changing: [column], of: table), after != before {
          return .value(table: table.name, columns: [column])
        }
      }
      guard after != nil else {
        return .laterRefusal("values of \(table.name) \(columns)")
      }
      return .value(table: table.name, columns: columns)
    }
    return nil
  }

  private func isIgnored(_ column: String, of table: RandomSchema.Table) -> Bool {
    guard let consumption = consumption(of: table) else { return true }
    return consumption.readColumns.map { !$0.contains(column.lowercased()) } ?? false
  }

  /// The answer when columns have other values; `nil` if there is none.
  private mutating func answer(
    changing columns: [String], of table: RandomSchema.Table
  ) -> Engine.Answer? {
    let sets = columns.map { column in
      let pool = (0..<random.pick([1, 2, 5])).map { _ in value() }
      let cases = table.rows.indices.map { "when \($0 + 1) then \(random.pick(pool))" }
      return "\(quoted(column)) = case rowid \(cases.joined(separator: " ")) end"
    }
    let update = "update \(quoted(table.name)) set \(sets.joined(separator: ", "))"
    guard (try? engine.execute("savepoint s; \(update)")) != nil else {
      preconditionFailure("`\(update)` can be done")
    }
    defer { try? engine.execute("rollback to s; release s") }
    return try? engine.answer(sql).sorted
  }

  private mutating func value() -> String {
    random.chance(6)
      ? random.pick(["7", "'z'", "x'00'", "-2.5"]) : random.pick(RandomSchema.values)
  }

  // MARK: Lineage

  /// Changes one column, which must show in no output column that does not name it.
  private mutating func changedLineage() -> Trial.Finding? {
    guard let outputs = reading.columns else { return nil }
    let table = random.pick(trial.schema.tables)
    // Of a whole table whose columns are not known, lineage cannot name any.
    let isNamed =
      !trial.unknown.contains(AssetKey(trusted: table.name)) || consumption(of: table) != .whole
    guard !table.rows.isEmpty, isNamed else { return nil }
    let column = random.pick(table.columns)
    let named = AssetColumn(AssetKey(trusted: table.name), column)
    let silent = outputs.indices.filter { index in
      !outputs[index].from.contains(named) && !outputs[index].influencedBy.contains(named)
    }
    guard let after = answer(changing: [column], of: table) else { return nil }
    let changed = silent.first { index in
      before.rows.map { $0[index] }.sorted() != after.rows.map { $0[index] }.sorted()
    }
    return changed.map { .lineage(output: $0 + 1, table: table.name, column: column) }
  }

  // MARK: Structure

  /// Adds, drops and reorders columns that no consumption sees.
  private mutating func changedStructure() -> Trial.Finding? {
    var schema = trial.schema
    var changes: [String] = []
    for index in schema.tables.indices {
      guard let consumption = consumption(of: schema.tables[index]) else {
        if random.chance(2) {
          changes.append("drop table \(schema.tables[index].name)")
          schema.tables[index].name += "_dropped"
        }
        continue
      }
      if let (columns, names) = consumption.lists {
        changes += restructure(&schema.tables[index], keeping: Set(columns + names))
      }
    }
    guard !changes.isEmpty, let other = try? schema.engine() else { return nil }
    let description = changes.joined(separator: ", ")
    do {
      let after = try other.answer(sql).sorted
      if after == before { return nil }
      return isPlannedOtherwise(other) ? nil : .structure(description)
    } catch {
      return .laterRefusal("\(description): \(error)")
    }
  }

  /// Whether the database takes another way, so that what depends on the rows' order may differ.
  private func isPlannedOtherwise(_ other: Engine) -> Bool {
    let plan = try? engine.answer("explain query plan " + sql).rows.map(\.last)
    return plan != (try? other.answer("explain query plan " + sql).rows.map(\.last))
  }

  private mutating func restructure(
    _ table: inout RandomSchema.Table, keeping fixed: Set<String>
  ) -> [String] {
    var changes: [String] = []
    for column in table.columns where !fixed.contains(column.lowercased()) && random.chance(2) {
      guard table.columns.count > 1, let index = table.columns.firstIndex(of: column) else { break }
      table.removeColumn(at: index)
      changes.append("drop column \(table.name).\(column)")
    }
    let taken = fixed.union(table.columns.map { $0.lowercased() })
    let free = Set(addable.map { $0.lowercased() }).subtracting(taken).sorted()
    for column in free where random.chance(4) {
      table.columns.append(column)
      table.types.append("")
      for row in table.rows.indices { table.rows[row].append(value()) }
      changes.append("add column \(table.name).\(column)")
    }
    if random.chance(2), table.columns.count > 1, !dependsOnOrder {
      var order = Array(table.columns.indices)
      order.shuffle(using: &random)
      let copy = table
      table.columns = order.map { copy.columns[$0] }
      table.types = order.map { copy.types[$0] }
      table.rows = copy.rows.map { row in order.map { row[$0] } }
      changes.append("order columns \(table.name)(\(table.columns.joined(separator: ", ")))")
    }
    return changes
  }

  /// Whether rows that are equal in what the query orders by may show in another order.
  private var dependsOnOrder: Bool {
    trial.query.contains(.limit) || [" over ", "group_concat"].contains(where: sql.contains)
  }

  /// Every name that may stand in a query.
  private var addable: [String] {
    RandomSchema.columnNames + QueryGenerator.aliases
      + [
        "p", "q", "v", "n", "m", "r", "z", "column1", "column2", "key", "value", "atom", "type",
        "rowid",
      ]
  }
}
