/// What an asset reads of one input.
///
/// A content digest is always a digest *under a consumption*: a reader is stale when the digest
/// under its own consumption changed, whatever else changed in the input.
package enum Consumption: Hashable, Sendable {
  /// All of it: every row with every column, their names and types.
  case whole
  /// The rows projected on these columns; names are lower-case, sorted and not empty.
  case columns([String])
  /// How many rows there are, and nothing of what they hold.
  case rowCount

  /// The consumption of a set of columns, in its one normal form; of no columns, the row count.
  package init(columns: some Sequence<String>) {
    let names = Set(columns.map { $0.lowercased() }).sorted()
    self = names.isEmpty ? .rowCount : .columns(names)
  }
}

extension Consumption: Comparable {
  package static func < (left: Consumption, right: Consumption) -> Bool {
    left.sortKey.lexicographicallyPrecedes(right.sortKey)
  }

  private var sortKey: [String] {
    switch self {
    case .whole: ["0"]
    case .columns(let names): ["1"] + names
    case .rowCount: ["2"]
    }
  }
}

/// In JSON: `"*"` for the whole, a list of columns, `[]` for the row count alone.
extension Consumption: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if (try? container.decode(String.self)) == "*" {
      self = .whole
    } else {
      self.init(columns: try container.decode([String].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .whole: try container.encode("*")
    case .columns(let names): try container.encode(names)
    case .rowCount: try container.encode([String]())
    }
  }
}
