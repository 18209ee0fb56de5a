/// A column of an asset or source, compared without case.
package struct AssetColumn: Hashable, Sendable, Codable, Comparable {
  package var asset: AssetKey
  /// In lower case.
  package var column: String

  package init(_ asset: AssetKey, _ column: String) {
    self.asset = asset
    self.column = column.caseFolded
  }

  package static func < (left: AssetColumn, right: AssetColumn) -> Bool {
    (left.asset, left.column) < (right.asset, right.column)
  }
}

/// Where a column's values come from.
package struct ColumnLineage: Hashable, Sendable, Codable {
  /// The column's name, as the query gives it.
  package var name: String
  /// Its value is computed out of these; sorted.
  package var from: [AssetColumn]
  /// These decide which rows count, as filters, joins and grouping do; sorted.
  package var influencedBy: [AssetColumn]

  package init(name: String, from: [AssetColumn] = [], influencedBy: [AssetColumn] = []) {
    self.name = name
    self.from = from
    self.influencedBy = influencedBy
  }

  private enum CodingKeys: String, CodingKey {
    case name = "column"
    case from
    case influencedBy = "influenced_by"
  }
}

/// What a query reads of one input.
package struct InputReading: Equatable, Sendable {
  package var consumption: Consumption
  /// Why it is the whole, in words to stand behind "because"; `nil` if it is not.
  package var wholeBecause: String?
  /// The columns that names or stars of the query were found to stand for, read or left out because
  /// nothing depends on them, in lower case.
  package var met: Set<String> = []
  /// Which of its rows are read for one partition; `nil` if the query names no partition.
  package var partition: PartitionReading?

  package init(
    _ consumption: Consumption, wholeBecause: String? = nil, partition: PartitionReading? = nil
  ) {
    self.consumption = consumption
    self.wholeBecause = wholeBecause
    self.partition = partition
  }
}

/// What a query reads and gives, as far as its text and its inputs' columns tell.
package struct QueryReading: Equatable, Sendable {
  /// What it reads of each table that it names, CTEs and table functions aside.
  package var inputs: [AssetKey: InputReading]
  /// The columns that it gives, in order; `nil` if that depends on an input whose columns are not
  /// known, or if the query cannot be read.
  package var columns: [ColumnLineage]?
  /// Names that stand for no column of the inputs, or for more than one; the query will be refused.
  package var problems: [Diagnostic]
  /// Why the text could not be read, so that it counts as reading the whole of each input.
  package var unreadable: String?
  /// Of a text that could not be read, every name in it that may be a column's; `nil` if it may take
  /// columns that it does not name.
  package var mentioned: [String]?
  /// The inputs that may be meant by the cursor of an incremental table; it has to be one.
  package var cursorInputs: [AssetKey] = []

  package init(
    inputs: [AssetKey: InputReading] = [:], columns: [ColumnLineage]? = nil,
    problems: [Diagnostic] = [], unreadable: String? = nil, mentioned: [String]? = nil
  ) {
    self.inputs = inputs
    self.columns = columns
    self.problems = problems
    self.unreadable = unreadable
    self.mentioned = mentioned
  }
}

/// Reads queries: finds out which columns of its inputs an asset's query consumes.
///
/// A pure function of its arguments, behind a protocol only because the core knows no SQL.
package protocol QueryReader: Sendable {
  /// Reads the query of an asset.
  ///
  /// What is returned holds for inputs with just the given columns. Of an input whose columns are
  /// not known it is assumed that it has what the query asks it for; the consumption then covers
  /// every input that may be meant by a name, so that it is never too small.
  ///
  /// - Parameters:
  ///   - asset: An asset made by a query; of any other the reading is empty.
  ///   - columns: Gives the names of an input's columns, in order; `nil` if they are not known.
  /// - Returns: What the query reads and gives.
  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading

  /// Every name in a query's text that may be a column's, in lower case; `nil` if it may mean columns without
  /// their names.
  func names(in query: QueryRecipe) -> [String]?
}

extension QueryReader {
  /// A reader that does not look into texts knows of no names.
  package func names(in query: QueryRecipe) -> [String]? { nil }

  /// Reads the query of an asset, which may read the rows that its own table has.
  ///
  /// That table is no input: it has the columns that the query gives, and nothing of it is consumed.
  ///
  /// - Parameters:
  ///   - asset: An asset made by a query; of any other the reading is empty.
  ///   - columns: Gives the names of an input's columns, in order; `nil` if they are not known.
  /// - Returns: What the query reads of its inputs, and gives.
  package func reading(of asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    let own = asset.key.asset
    guard case .query(let query) = asset.recipe, query.fromNothing != nil else {
      return read(asset, columns: columns)
    }
    func attempt(_ names: [String]?) -> QueryReading {
      self.read(asset) { $0 == own ? names : columns($0) }
    }
    let names =
      query.columns ?? attempt(nil).columns?.map(\.name) ?? asset.columns.nonEmptyNames
    var reading = attempt(names)
    reading.inputs[own] = nil
    // What cannot be read alone has the columns that are declared.
    reading.columns =
      reading.columns ?? asset.columns.nonEmptyNames.map { $0.map { ColumnLineage(name: $0) } }
    reading.columns = reading.columns?.map { column in
      ColumnLineage(
        name: column.name, from: column.from.filter { $0.asset != own },
        influencedBy: column.influencedBy.filter { $0.asset != own })
    }
    return reading
  }
}

extension [DeclaredColumn] {
  /// The names; `nil` if there are none.
  fileprivate var nonEmptyNames: [String]? { isEmpty ? nil : map(\.name) }
}
