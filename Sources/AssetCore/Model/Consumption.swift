/// What an asset reads of one input.
///
/// A content digest is always a digest *under a consumption*: a reader is stale when the digest
/// under its own consumption changed, whatever else changed in the input.
package enum Consumption: Hashable, Sendable {
  /// All of it: every row with every column, their names and types.
  case whole
  /// Every row with every column and their names, whatever types the columns are declared with.
  ///
  /// By it a part of a table is told to be as it was made: the types are those of the whole table.
  case values
  /// The rows projected on the columns, and how many there are; of no columns, just that number.
  ///
  /// `names` are columns whose values are not read, but whose being there or not decides what the
  /// reader's query means, such as a name that stands for the column of another table as long as
  /// this one has none of that name. All names are in lower case, sorted, and none is in both lists.
  case columns([String], names: [String] = [])
  /// The same of just those rows whose value in a column lies in a range.
  ///
  /// Its digest is that of a table that has no other rows.
  indirect case slice(RowSlice, of: Consumption)
  /// The same of just those rows for which a condition holds.
  indirect case filtered(RowFilter, of: Consumption)
  /// Nothing at all: only a query that nothing uses names it.
  ///
  /// Its digest is always the same, and nothing is read for it.
  case nothing

  /// How many rows there are, and nothing of what they hold.
  package static let rowCount = Consumption.columns([])

  /// The consumption of a set of columns, in its one normal form.
  ///
  /// - Parameters:
  ///   - columns: The columns whose values are read.
  ///   - names: The columns of which it matters whether they are there; what is read is left out.
  package init(columns: some Sequence<String>, names: some Sequence<String> = []) {
    self.init(columns: Array(columns), names: Array(names))
  }

  /// The consumption of a list of columns; the same as of any sequence, without its cost.
  package init(columns: [String], names: [String]) {
    let read = Self.normalized(columns)
    let named = Self.normalized(names)
    self = .columns(read, names: Self.difference(named, read))
  }

  private static func normalized(_ names: [String]) -> [String] {
    var sorted = names.map(\.caseFolded).sorted()
    var last: String?
    sorted.removeAll { name in
      defer { last = name }
      return name == last
    }
    return sorted
  }

  /// What is in one sorted list and not in the other.
  private static func difference(_ names: [String], _ others: [String]) -> [String] {
    var rest: [String] = []
    var next = 0
    for name in names {
      while next < others.count, others[next] < name { next += 1 }
      if next == others.count || others[next] != name { rest.append(name) }
    }
    return rest
  }

  /// What users are told: the same without the names that only have to be there or not.
  package var columnsOnly: Consumption {
    switch self {
    case .whole, .values: self
    case .columns(let columns, _): .columns(columns)
    case .slice(let slice, let inner): .slice(slice, of: inner.columnsOnly)
    case .filtered(let filter, let inner): .filtered(filter, of: inner.columnsOnly)
    case .nothing: .nothing
    }
  }

  /// The rows that are read, if not all of them.
  package var slice: RowSlice? {
    if case .slice(let slice, _) = self { slice } else { nil }
  }

  /// Leaves of what is read the rows of a slice.
  package mutating func limit(to slice: RowSlice) {
    if self != .nothing { self = .slice(slice, of: withoutSlice) }
  }

  /// The condition that rows have to fulfil to be read, if there is one.
  package var filter: RowFilter? {
    if case .filtered(let filter, _) = withoutSlice { filter } else { nil }
  }

  /// The same of the rows of all slices.
  package var withoutSlice: Consumption {
    if case .slice(_, let inner) = self { inner } else { self }
  }

  /// The same of all rows.
  package var ofAllRows: Consumption {
    if case .filtered(_, let inner) = withoutSlice { inner } else { withoutSlice }
  }

  /// All columns that decide about what is read: those that are, and those of a condition.
  package var withFilterColumns: Consumption {
    guard filter != nil, let lists else { return ofAllRows }
    return Consumption(columns: lists.columns, names: lists.names)
  }

  /// The columns whose values are read, also by a condition, and those of which it only matters whether they are there;
  /// `nil` for the whole.
  package var lists: (columns: [String], names: [String])? {
    switch self {
    case .whole, .values: nil
    case .columns(let columns, let names): (columns, names)
    case .slice(_, let inner): inner.lists
    case .filtered(let filter, let inner):
      inner.lists.map { lists in
        let columns = Set(lists.columns).union(filter.columns)
        return (columns.sorted(), lists.names.filter { !columns.contains($0) })
      }
    case .nothing: ([], [])
    }
  }
}

extension String {
  /// The text in lower case; names of columns are compared so.
  package var caseFolded: String {
    // Most names are in lower case already, which is told without a new text.
    utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5A ~= $0) } ? self : lowercased()
  }
}

extension Consumption: Comparable {
  package static func < (left: Consumption, right: Consumption) -> Bool {
    left.sortKey.lexicographicallyPrecedes(right.sortKey) { $0.lexicographicallyPrecedes($1) }
  }

  private var sortKey: [[String]] {
    switch self {
    case .whole: [["0"]]
    case .values: [["4"]]
    case .columns([], let names): [["2"], names]
    case .columns(let columns, let names): [["1"], columns, names]
    case .slice(let slice, let inner): [["3"], slice.sortKey] + inner.sortKey
    case .nothing: [["5"]]
    case .filtered(let filter, let inner): [["6"], [filter.sql], filter.columns] + inner.sortKey
    }
  }
}

/// In JSON: `"*"` for the whole, `"values"` for all values, `"-"` for nothing, a list of columns, `[]` for
/// the row count alone; an object with the lists `columns` and `names` where both are needed, or of `slice`
/// or `filter` and what is read `of` its rows.
extension Consumption: Codable {
  private enum CodingKeys: CodingKey {
    case columns, names, slice, filter, of
  }

  package init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: CodingKeys.self) {
      if container.contains(.slice) {
        self = .slice(
          try container.decode(RowSlice.self, forKey: .slice),
          of: try container.decode(Consumption.self, forKey: .of))
        return
      }
      if container.contains(.filter) {
        self = .filtered(
          try container.decode(RowFilter.self, forKey: .filter),
          of: try container.decode(Consumption.self, forKey: .of))
        return
      }
      self.init(
        columns: try container.decode([String].self, forKey: .columns),
        names: try container.decode([String].self, forKey: .names))
      return
    }
    let container = try decoder.singleValueContainer()
    switch try? container.decode(String.self) {
    case "*": self = .whole
    case "values": self = .values
    case "-": self = .nothing
    default: self.init(columns: try container.decode([String].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .whole:
      var container = encoder.singleValueContainer()
      try container.encode("*")
    case .values:
      var container = encoder.singleValueContainer()
      try container.encode("values")
    case .nothing:
      var container = encoder.singleValueContainer()
      try container.encode("-")
    case .columns(let columns, []):
      var container = encoder.singleValueContainer()
      try container.encode(columns)
    case .columns(let columns, let names):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(columns, forKey: .columns)
      try container.encode(names, forKey: .names)
    case .filtered(let filter, let inner):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(filter, forKey: .filter)
      try container.encode(inner, forKey: .of)
    case .slice(let slice, let inner):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(slice, forKey: .slice)
      try container.encode(inner, forKey: .of)
    }
  }
}
