package import AssetCore

/// The queries that answer an asset's checks.
///
/// What concerns each row by itself is counted in one scan, all checks together; only `unique` groups
/// rows, one scan for each, and a `sql` check is a query of its own. Rows that fail are looked for only
/// once some have been counted.
package struct CheckQueries {
  /// The table, quoted.
  private let table: String
  /// `with` and the names that stand for tables of other names; empty if there are none.
  private let prefix: String
  private let reading: any TableReading
  private let now: Timestamp

  /// - Parameters:
  ///   - asset: The name of the table that is checked.
  ///   - tables: The tables of those assets that the checks name and whose tables have other names.
  ///   - slice: The rows that are checked, of a partition; `nil` for all.
  ///   - now: The moment from which ages are counted.
  ///   - reading: What answers the queries.
  package init(
    of asset: String, tables: [(name: String, table: TableName)], slice: RowSlice? = nil,
    now: Timestamp, in reading: any TableReading
  ) {
    table = quotedName(asset)
    self.now = now
    self.reading = reading
    var expressions = tables.map {
      "\(quotedName($0.name)) as not materialized (select * from \(quotedName($0.table)))"
    }
    if let slice {
      expressions.append(
        "\(table) as not materialized (select * from main.\(table) where \(slice.condition(of: asset)))"
      )
    }
    prefix = expressions.isEmpty ? "" : "with " + expressions.joined(separator: ", ") + " "
  }

  /// How the failures of a check are counted.
  enum Counting {
    /// A condition that holds for the rows that fail.
    case rows(String)
    /// A query that gives the failures.
    case query(String)
    /// The number of rows, and of those that another asset has.
    case rowCount(other: String?)
    /// The greatest value of a column.
    case newest(column: String)
    /// Nothing that a query answers.
    case elsewhere
  }

  func counting(_ check: Check) -> Counting {
    switch check.assertion {
    case .unique(let columns):
      let names = columns.map(quotedName)
      let known = names.count == 1 ? "\(names[0]) is not null" : nil
      let list = names.joined(separator: ", ")
      return .query(
        "select \(list), count(*) as \"rows\" from \(table)\(clause([known, filter(check)]))"
          + " group by \(list) having count(*) > 1")
    case .notNull(let column): return .rows("\(quotedName(column)) is null")
    case .acceptedValues(let column, let values):
      let list = values.map(\.checkLiteral).joined(separator: ", ")
      return .rows("\(quotedName(column)) is not null and \(quotedName(column)) not in (\(list))")
    case .relationships(let column, let other, let field):
      // A name without the table's would be taken for one of the checked table where there is none.
      let name = "assetctl_other.\(quotedName(field))"
      let values = "select \(name) from \(quotedName(other.name)) as assetctl_other"
      return .rows(
        "\(quotedName(column)) is not null and \(quotedName(column)) not in "
          + "(\(values) where \(name) is not null)")
    case .expression(let text): return .rows("not (\n\(text.sql)\n)")
    case .range(let column, let min, let max, let isInclusive):
      let name = quotedName(column)
      let bounds = [
        min.map { "\(name) \(isInclusive ? "<" : "<=") \($0.checkLiteral)" },
        max.map { "\(name) \(isInclusive ? ">" : ">=") \($0.checkLiteral)" },
      ].compactMap { $0 }
      return .rows(bounds.joined(separator: " or "))
    case .matches(let column, let pattern):
      let name = quotedName(column)
      return .rows(
        "\(name) is not null and not \(reading.matchExpression(name, pattern: pattern))")
    case .rowCount(_, _, let other):
      return .rowCount(other: other.map { "(select count(*) from \(quotedName($0.name)))" })
    case .freshness(let expected): return .newest(column: expected.column ?? "")
    case .sql(let text): return .query(text.sql)
    case .metric, .anomaly: return .elsewhere
    }
  }

  /// An aggregate that counts the rows for which a condition holds, among those that a check is about.
  private func count(_ condition: String, _ check: Check) -> String {
    let all = [filter(check), "(\(condition))"].compactMap { $0 }.joined(separator: " and ")
    return "count(case when \(all) then 1 end)"
  }

  private func filter(_ check: Check) -> String? { check.filter.map { "(\n\($0.sql)\n)" } }

  private func clause(_ conditions: [String?]) -> String {
    let conditions = conditions.compactMap { $0 }
    return conditions.isEmpty ? "" : " where " + conditions.joined(separator: " and ")
  }

  // MARK: - Asking

  /// Makes sure that the table is there and can be read.
  package func verifyReadable() throws {
    _ = try reading.rows(of: prefix + "select * from \(table) limit 0", limit: 0)
  }

  /// Carries out checks; those that no query answers are left out.
  ///
  /// - Parameter checks: The checks of one asset.
  /// - Throws: `CancellationError`; what the database refuses is a result.
  /// - Returns: Their results, in order.
  package func results(of checks: [Check]) throws -> [CheckResult] {
    let counted = try countRows(checks)
    return try checks.compactMap { check in
      do {
        switch counting(check) {
        case .elsewhere: return nil
        case .rows(let condition):
          let failures = try counted[check.name].map { $0.count } ?? ask(count(condition, check))
          return check.result(
            failures: failures, message: message(failures, "row"),
            sample: try failures == 0
              ? nil
              : sample("select * from \(table)\(clause([filter(check), "(\(condition))"]))"))
        case .query(let query):
          let failures = try ask("count(*)", from: "(\n\(query)\n)")
          let isUnique = if case .unique = check.assertion { true } else { false }
          return check.result(
            failures: failures,
            message: isUnique
              ? message(failures, "value", verb: ("occurs more than once", "occur more than once"))
              : message(failures, "row"),
            sample: try failures == 0 ? nil : sample("select * from (\n\(query)\n)"))
        case .newest(let column):
          // A name without the table's would be taken for a text where there is none.
          let value = try reading.row(
            of: prefix + "select max(\(table).\(quotedName(column))) from \(table)"
              + clause([filter(check)])
          ).first
          return check.result(newest: (value ?? .null).newest, now: now)
        case .rowCount(let other):
          let rows = try counted[check.name].map { $0.count } ?? ask(count("1 = 1", check))
          let others = try other.map {
            try reading.row(of: prefix + "select \($0)").first?.count ?? 0
          }
          return check.result(rowCount: rows, other: others)
        }
      } catch let error as WarehouseError {
        return check.broken(error.diagnostics.first?.summary ?? "\(error)")
      }
    }
  }

  /// Counts in one scan what concerns each row by itself; nothing if the database refuses, so that each
  /// check is asked for alone and says what is wrong with it.
  private func countRows(_ checks: [Check]) throws -> [String: Value] {
    var names: [String] = []
    var measures: [String] = []
    for check in checks {
      switch counting(check) {
      case .rows(let condition): measures.append(count(condition, check))
      case .rowCount: measures.append(count("1 = 1", check))
      case .query, .newest, .elsewhere: continue
      }
      names.append(check.name)
    }
    guard measures.count > 1 else { return [:] }
    do {
      let row = try reading.row(
        of: prefix + "select \(measures.joined(separator: ", ")) from \(table)")
      return Dictionary(zip(names, row)) { first, _ in first }
    } catch is WarehouseError {
      return [:]
    }
  }

  private func ask(_ aggregate: String, from source: String? = nil) throws -> Int {
    try reading.row(of: prefix + "select \(aggregate) from \(source ?? table)").first?.count ?? 0
  }

  private func sample(_ query: String) throws -> RowSample {
    let found = try reading.rows(
      of: prefix + query + "\nlimit \(RowSample.limit)", limit: RowSample.limit)
    return RowSample(
      columns: found.columns, rows: found.rows.map { $0.map(MetadataValue.init(sampled:)) })
  }

  private func message(
    _ failures: Int, _ noun: String, verb: (String, String)? = nil
  ) -> String? {
    guard failures > 0 else { return nil }
    let verb = verb.map { " " + (failures == 1 ? $0.0 : $0.1) } ?? ""
    return counted(failures, noun) + verb
  }
}

extension VarValue {
  /// The value as a literal.
  fileprivate var checkLiteral: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "1" : "0"
    case .integer, .real: text
    case .text(let value): quotedText(value)
    }
  }
}

extension MetadataValue {
  /// A value of a sampled row; what is long is cut, and bytes are written as SQL writes them.
  fileprivate init(sampled value: Value) {
    switch value {
    case .null: self = .null
    case .integer(let number): self = .integer(number)
    case .real(let number): self = number.isFinite ? .number(number) : .text("\(number)")
    case .text(let text):
      let head = text.unicodeScalars.prefix(200)
      let isCut = head.endIndex != text.unicodeScalars.endIndex
      self = .text(String(String.UnicodeScalarView(head)) + (isCut ? "…" : ""))
    case .blob(let bytes):
      let digits = bytes.prefix(32).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      self = .text("x'" + digits.joined() + (bytes.count > 32 ? "…" : "") + "'")
    }
  }
}

extension Value {
  /// The value as the newest time of a column.
  fileprivate var newest: NewestTime.Finding {
    switch self {
    case .null: .nothing
    case .text(let text): Timestamp(reading: text).map { .time($0) } ?? .unreadable(text)
    case .integer(let number):
      Timestamp(epoch: number).map { .time($0) } ?? .unreadable(String(number))
    case .real(let number): .unreadable(String(number))
    case .blob: .unreadable("a blob")
    }
  }
}
