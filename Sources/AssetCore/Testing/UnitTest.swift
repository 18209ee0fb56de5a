/// A test of a query on rows that its author made up.
package struct UnitTest: Equatable, Sendable {
  /// Its name, unique in the project.
  package var name: String
  /// The asset whose query is tested.
  package var asset: AssetKey
  package var description: String?
  /// The values that it sets, by name; all others are the project's.
  package var vars: [String: VarValue]
  /// The partition that the query makes; `nil` if that does not matter.
  package var partition: String?
  /// The query, with the values of all vars filled in.
  package var query: String
  /// What the inputs hold; every input that the query reads is among them.
  package var given: [GivenRows]
  /// What the query is to give.
  package var expected: TestRows
  /// Whether the rows must come in the order in which they are written.
  package var isOrdered: Bool
  /// Whether `expected` names every column of the result.
  package var namesAllColumns: Bool
  /// How far reals may be apart; see ``Cell/agrees(with:tolerance:)``.
  package var tolerance: Double
  /// Where it stands.
  package var place: Place

  package init(
    name: String, asset: AssetKey, description: String? = nil, vars: [String: VarValue] = [:],
    partition: String? = nil, query: String, given: [GivenRows], expected: TestRows,
    isOrdered: Bool = false,
    namesAllColumns: Bool = false, tolerance: Double = Cell.defaultTolerance, place: Place
  ) {
    self.name = name
    self.asset = asset
    self.description = description
    self.vars = vars
    self.partition = partition
    self.query = query
    self.given = given
    self.expected = expected
    self.isOrdered = isOrdered
    self.namesAllColumns = namesAllColumns
    self.tolerance = tolerance
    self.place = place
  }
}

/// What an input holds in a test.
package struct GivenRows: Equatable, Sendable {
  package var input: AssetKey
  package var rows: TestRows

  package init(_ input: AssetKey, _ rows: TestRows) {
    self.input = input
    self.rows = rows
  }
}

/// Rows as a test has them.
package struct TestRows: Equatable, Sendable {
  /// A column that the test names.
  package struct Column: Equatable, Sendable {
    package var name: String
    /// The type that the test declares for it.
    package var type: ColumnType?
    /// Whether the test declares it under `columns:`, so that nothing else need know of it.
    package var isDeclared: Bool
    /// Where it is named first.
    package var place: Place

    package init(_ name: String, type: ColumnType? = nil, isDeclared: Bool = false, at place: Place)
    {
      self.name = name
      self.type = type
      self.isDeclared = isDeclared
      self.place = place
    }
  }

  package enum Content: Equatable, Sendable {
    /// A value for each of the columns; what a row does not name is null in it.
    case cells([[Cell]])
    /// CSV, whose header stands in the given line of the test's file.
    case csv(String, line: Int)
    /// A CSV or JSON Lines file, relative to the project's folder.
    case file(String)
  }

  /// The columns that are named; of CSV and files those that are declared beside them.
  package var columns: [Column]
  package var content: Content
  /// Where the rows stand.
  package var place: Place

  package init(columns: [Column], content: Content, at place: Place) {
    self.columns = columns
    self.content = content
    self.place = place
  }
}
