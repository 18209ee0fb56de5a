/// What is there of something: its digests, and of a table what helps to explain a change.
package struct Content: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  /// The digest under each consumption that was asked for.
  package var digests: [Consumption: ContentDigest]
  /// `nil` for files, and for a table that was not looked into.
  package var details: ContentDetails?

  package init(_ digests: [Consumption: ContentDigest], details: ContentDetails? = nil) {
    self.digests = digests
    self.details = details
  }

  package init(dictionaryLiteral elements: (Consumption, ContentDigest)...) {
    self.init(Dictionary(elements) { first, _ in first })
  }

  package subscript(consumption: Consumption) -> ContentDigest? { digests[consumption] }
}

/// Facts about a table's content that explain a change to people; no decision looks at them but the
/// names of the columns, against which queries are read.
package struct ContentDetails: Hashable, Sendable, Codable {
  /// How many rows there are; `nil` if they were not counted.
  package var rows: Int?
  /// The columns in the table's order.
  package var columns: [ColumnContent]

  package init(rows: Int?, columns: [ColumnContent]) {
    self.rows = rows
    self.columns = columns
  }
}

/// A column of a table, with a digest of its values in whatever order.
package struct ColumnContent: Hashable, Sendable, Codable {
  package var name: String
  /// The declared type in the warehouse's words; empty when it has none.
  package var type: String
  /// A digest that differs only if the values do. Two columns whose values were exchanged between
  /// rows keep theirs, so an equal digest proves nothing. `nil` when the values were not read.
  package var digest: String?

  package init(name: String, type: String, digest: String? = nil) {
    self.name = name
    self.type = type
    self.digest = digest
  }
}
