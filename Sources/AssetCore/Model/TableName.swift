/// Where a table stands: in the warehouse, or in a database file beside it.
package struct TableName: Hashable, Sendable {
  /// The path of the file, absolute or relative to the project's folder; `nil` for the warehouse.
  ///
  /// It is also what queries that the warehouse gets call the database.
  package var database: String?
  package var name: String

  package init(_ name: String, in database: String? = nil) {
    self.database = database
    self.name = name
  }

  /// The name as SQLite compares it: without the case of the letters from a to z.
  package var folded: TableName {
    TableName(name.asciiFolded, in: database?.asciiFolded)
  }
}

extension String {
  /// The text with the letters from A to Z, and no others, in lower case.
  package var asciiFolded: String {
    String(decoding: utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }
}

extension TableName: ExpressibleByStringLiteral {
  package init(stringLiteral name: String) { self.init(name) }
}

extension TableName: Comparable {
  package static func < (left: TableName, right: TableName) -> Bool {
    (left.database ?? "", left.name) < (right.database ?? "", right.name)
  }
}

extension TableName {
  /// The name in words: `` `events` ``, or `` `events` in `data/app.sqlite` ``.
  package var inWords: String { "`\(name)`" + (database.map { " in `\($0)`" } ?? "") }
}
