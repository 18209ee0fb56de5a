/// Why an engine refuses a query.
package struct QueryFault: Equatable, Sendable {
  /// The engine's words.
  package var words: String
  /// Where it is, in bytes of UTF-8 from the start of the query; `nil` if the engine does not say.
  package var offset: Int?
  package var kind: Kind

  package enum Kind: Equatable, Sendable {
    /// It lies in the text alone, whatever tables there are.
    case syntax
    /// A name stands for no column or function.
    case name
    /// A query that a `with` names reads itself.
    case circle
    case other
  }

  package init(_ words: String, offset: Int? = nil, _ kind: Kind) {
    self.words = words
    self.offset = offset
    self.kind = kind
  }

  /// Whether the text ends where something has to follow.
  package var isIncomplete: Bool { words == "incomplete input" }

  /// The name that stands for nothing, without what stands in front of it; `nil` if it is another fault.
  package var name: String? {
    guard kind == .name || kind == .circle, let colon = words.firstRange(of: ": ") else {
      return nil
    }
    let name = words[colon.upperBound...]
    return name.split(separator: ".").last.map(String.init)
  }
}

/// A table as far as a query can be judged by it.
package struct KnownTable: Equatable, Sendable {
  package var name: String
  package var columns: [String]

  package init(_ name: String, columns: [String]) {
    self.name = name
    self.columns = columns
  }
}

/// Prepares queries without any data: says what a warehouse's engine would refuse.
///
/// It stands behind a protocol since those who read a project's files know no engine.
package protocol QueryJudge: AnyObject {
  /// Prepares a query in an empty database that has just the given tables.
  ///
  /// - Parameters:
  ///   - query: One query; its parameters have no values.
  ///   - tables: The tables that there are.
  /// - Returns: What the engine says of it.
  func verdict(on query: String, tables: [KnownTable]) -> QueryVerdict
}

extension QueryJudge {
  /// What the engine refuses a query for, if it does.
  package func fault(in query: String, tables: [KnownTable]) -> QueryFault? {
    if case .refused(let fault) = verdict(on: query, tables: tables) { fault } else { nil }
  }
}

/// What an engine says of a query.
package enum QueryVerdict: Equatable, Sendable {
  /// It can be carried out, and gives columns of these names.
  case gives([String])
  case refused(QueryFault)
  /// It cannot be told, as with a table that is not known.
  case open
}

extension QueryVerdict {
  /// Whether two of its columns may have one name, as far as it tells.
  package var mayRepeatNames: Bool {
    guard case .gives(let names) = self else { return true }
    return Set(names.map(\.asciiFolded)).count < names.count
  }
}

/// The columns of a table by which a name is looked up, with those that every table of rows has.
package struct TableColumns: Sendable {
  private let names: Set<String>

  package init(_ names: [String]) {
    self.names = Set(names.map(\.caseFolded)).union(["rowid", "oid", "_rowid_"])
  }

  package func contains(_ name: String) -> Bool { names.contains(name.caseFolded) }
}

extension QueryRecipe.Form {
  /// The columns of the table that is made of a query's rows.
  ///
  /// - Parameter given: The columns that the query gives; `nil` if they are not known.
  /// - Returns: All columns that the table has; `nil` if they are not known.
  package func columns(of given: [String]?) -> [String]? {
    switch self {
    // Columns that the query no longer gives may stay.
    case .incremental(let rule) where rule.onSchemaChange == .appendColumns: nil
    case .snapshot: given.map { $0 + [SnapshotRule.validFrom, SnapshotRule.validTo] }
    case .table, .view, .incremental: given
    }
  }

  /// The columns that tell rows apart.
  package var uniqueKey: [String] {
    switch self {
    case .incremental(let rule): rule.uniqueKey
    case .snapshot(let rule): rule.uniqueKey
    case .table, .view: []
    }
  }

  /// The columns that tell versions of a row apart.
  package var comparedColumns: [String] {
    guard case .snapshot(let rule) = self else { return [] }
    return switch rule.comparison {
    case .allColumns: []
    case .columns(let columns): columns
    case .updatedAt(let column): [column]
    }
  }
}
