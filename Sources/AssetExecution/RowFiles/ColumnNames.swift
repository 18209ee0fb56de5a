import AssetCore
import AssetWarehouse

/// The names of a table's columns in order: none empty, and no two alike but for case.
struct ColumnNames {
  private(set) var names: [String] = []
  private var positions: [String: Int] = [:]
  private var foldedPositions: [String: Int] = [:]

  /// The position of a name, compared exactly.
  subscript(name: String) -> Int? { positions[name] }

  mutating func append(_ name: String, at place: @autoclosure () -> Place) throws {
    guard !name.isEmpty else {
      throw RowFileError.unnamedColumn(place(), number: names.count + 1)
    }
    if let earlier = foldedPositions[name.lowercased()] {
      throw RowFileError.repeatedColumn(place(), name: name, earlier: names[earlier])
    }
    positions[name] = names.count
    foldedPositions[name.lowercased()] = names.count
    names.append(name)
  }
}

/// The types that are declared for columns, by name; names are compared without case.
struct DeclaredTypes {
  private let types: [(name: String, type: ColumnType)]

  init(_ types: [String: ColumnType]) {
    self.types = types.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The declared columns by name, for a file whose rows do not name them.
  var columns: [Column] {
    types.map { Column($0.name, type: $0.type.rawValue) }
  }

  /// The declared type of each column of a file, or `nil`; every declared name must be one of them.
  func types(for header: FileHeader) throws -> [ColumnType?] {
    let known = Set(header.columns.map { $0.lowercased() })
    let unknown = types.map(\.name).filter { !known.contains($0.lowercased()) }
    guard unknown.isEmpty else { throw RowFileError.unknownColumns(unknown, file: header) }
    let byName = Dictionary(types.map { ($0.name.lowercased(), $0.type) }) { first, _ in first }
    return header.columns.map { byName[$0.lowercased()] }
  }
}
