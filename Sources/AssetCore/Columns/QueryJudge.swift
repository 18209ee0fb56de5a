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
    guard kind == .name, let colon = words.firstRange(of: ": ") else { return nil }
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
  /// - Returns: What the engine refuses it for; `nil` if it does not, or if what it refuses it for is a
  ///   table that is not among those.
  func fault(in query: String, tables: [KnownTable]) -> QueryFault?
}
