import AssetCore
import AssetWarehouse

extension SQLiteConnection {
  /// Finds the newest time in a column, by an index if there is one.
  ///
  /// The greatest value is the newest one where all times are in one zone. Texts in other zones may be
  /// as much as a day newer than they look, so that the greatest of each zone is compared.
  func newestTime(in column: String, of table: TableName) throws -> NewestTime {
    guard
      let known = try columns(of: table).first(where: {
        $0.name.lowercased() == column.lowercased()
      })
    else { return NewestTime(column: column, .noColumn) }
    let name = quoted(known.name)
    let greatest = try values("select max(\(name)) from \(table.sql)").first ?? .null
    let finding = Self.finding(of: greatest)
    guard case .text = greatest, case .time(let time) = finding else {
      return NewestTime(column: column, finding)
    }
    let dayBefore = Timestamp(milliseconds: time.milliseconds - 2 * 86_400_000).rfc3339.prefix(10)
    let others = try values(
      """
      select max(\(name)) from \(table.sql) where \(name) >= '\(dayBefore)'
      group by ltrim(substr(\(name), 17), ':.,0123456789')
      """)
    var newest = time
    for value in others {
      let finding = Self.finding(of: value)
      guard case .time(let other) = finding else { return NewestTime(column: column, finding) }
      newest = max(newest, other)
    }
    return NewestTime(column: column, .time(newest))
  }

  private func values(_ query: String) throws -> [Value] {
    let statement = try prepare(query)
    defer { statement.end() }
    var values: [Value] = []
    while try statement.step() { values += statement.values() }
    return values
  }

  private static func finding(of value: Value) -> NewestTime.Finding {
    switch value {
    case .null: .nothing
    case .integer(let number):
      Timestamp(epoch: number).map { .time($0) } ?? .unreadable(String(number))
    case .real(let number):
      // Seconds with a fraction; as milliseconds they would have none.
      Timestamp(seconds: number).map { .time($0) } ?? .unreadable(String(number))
    case .text(let text): Timestamp(reading: text).map { .time($0) } ?? .unreadable(text)
    case .blob: .unreadable("a blob")
    }
  }
}

extension Timestamp {
  fileprivate init?(seconds: Double) {
    guard seconds.magnitude < 100_000_000_000, Self(epoch: Int64(seconds)) != nil else {
      return nil
    }
    self.init(milliseconds: Int64(seconds * 1000))
  }
}
