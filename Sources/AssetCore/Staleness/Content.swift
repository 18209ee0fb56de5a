/// What is there of something: its digests, and of a table what helps to explain a change.
package struct Content: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  /// The digest under each consumption that was asked for.
  package var digests: [Consumption: ContentDigest]
  private var deferredDetails: DeferredDetails

  /// `nil` for files, and for a table that was not looked into.
  package var details: ContentDetails? {
    get { deferredDetails.details }
    set { deferredDetails = DeferredDetails(newValue) }
  }

  package init(_ digests: [Consumption: ContentDigest], details: ContentDetails? = nil) {
    self.digests = digests
    deferredDetails = DeferredDetails(details)
  }

  /// Content whose details are decoded only if somebody asks for them.
  package init(_ digests: [Consumption: ContentDigest], encoded details: EncodedDetails) {
    self.digests = digests
    deferredDetails = DeferredDetails(details)
  }

  /// The text of details that were not decoded.
  package var encodedDetails: String? { deferredDetails.text }

  package init(dictionaryLiteral elements: (Consumption, ContentDigest)...) {
    self.init(Dictionary(elements) { first, _ in first })
  }

  package subscript(consumption: Consumption) -> ContentDigest? {
    consumption == .nothing ? .ofNothing : digests[consumption]
  }
}

/// Facts about a table's content that explain a change to people; no decision looks at them but the
/// names of the columns, against which queries are read.
package struct ContentDetails: Hashable, Sendable, Codable {
  /// How many rows there are; `nil` if they were not counted.
  package var rows: Int?
  /// The columns in the table's order.
  package var columns: [ColumnContent]
  /// The newest time in a column, of a source that is expected to be new.
  package var newest: NewestTime?

  package init(rows: Int?, columns: [ColumnContent], newest: NewestTime? = nil) {
    self.rows = rows
    self.columns = columns
    self.newest = newest
  }
}

extension ContentDetails {
  /// What a consumption covers of it: the columns that are read, and without their values those of
  /// which it only matters whether they are there.
  package func restricted(to consumption: Consumption) -> ContentDetails {
    var restricted = self
    restricted.newest = nil
    guard let (read, names) = consumption.lists else { return restricted }
    restricted.columns = columns.compactMap { column in
      let name = column.name.caseFolded
      if read.contains(name) { return column }
      return names.contains(name) ? ColumnContent(name: column.name, type: column.type) : nil
    }
    return restricted
  }

  /// The columns by their names in lower case.
  var columnsByName: [String: ColumnContent] {
    Dictionary(columns.map { ($0.name.caseFolded, $0) }) { first, _ in first }
  }
}

/// A column of a table, with a digest of its values in whatever order.
package struct ColumnContent: Hashable, Sendable, Codable {
  package var name: String
  /// The declared type in the warehouse's words; empty when it has none.
  package var type: String
  /// A digest that differs only if the values do.
  ///
  /// Two columns whose values were exchanged between
  /// rows keep theirs, so an equal digest proves nothing. `nil` when the values were not read.
  package var digest: String?
  /// What the scan found of the values by the way; it is not kept with the rest.
  package var summary: ColumnSummary?

  package init(
    name: String, type: String, digest: String? = nil, summary: ColumnSummary? = nil
  ) {
    self.name = name
    self.type = type
    self.digest = digest
    self.summary = summary
  }

  private enum CodingKeys: CodingKey {
    case name, type, digest
  }
}
