import AssetCore

/// One instruction of a program of SQLite's virtual machine, as `explain` shows it.
struct Instruction: Equatable {
  var opcode: String
  var p1 = 0
  var p2 = 0
  var p3 = 0
  var p5 = 0

  /// What it opens, of an instruction that opens something.
  var rootPage: RootPage { RootPage(database: p3, page: p2) }
}

/// The page at which a tree begins.
struct RootPage: Hashable {
  /// The position of its database among those of the connection; 0 for the main one.
  var database = 0
  var page: Int
}

/// A tree of a database file: a table or an index.
enum Tree: Hashable {
  case table(TableName)
  /// An index of a table, with the columns by whose values it is ordered and filled; `nil` if these
  /// cannot be told.
  case index(of: TableName, columns: Set<String>?)

  var table: TableName {
    switch self {
    case .table(let name), .index(let name, _): name
    }
  }
}

/// What of a table's shape tells which column an instruction reads.
struct TableShape: Equatable {
  /// The names in lower case, in the order in which they are stored.
  var columns: [String] = []
  /// The column that is the row's number.
  var key: String?
  /// Whether rows are stored as the columns were declared: with row numbers, nothing generated.
  var isPlain = true
}

/// What is read of one table.
enum TableReads: Equatable {
  case columns(Set<String>)
  case whole

  mutating func add(_ names: some Sequence<String>) {
    if case .columns(let read) = self { self = .columns(read.union(names)) }
  }
}

/// Finds out which columns a program reads, from its instructions alone.
///
/// The order of instructions counts for nothing: a cursor that is opened on several trees is taken
/// to read all of them each time. Of an index that is used for more than going through it from end to
/// end all columns count as read, since their values decide in what order rows come; and so does
/// the row's number, where it is a column of a table of which anything is read.
struct ProgramReads {
  /// What is read of each table that the program opens, by name in lower case.
  private(set) var tables: [TableName: TableReads] = [:]

  private let shapes: [TableName: TableShape]
  private var cursors: [Int: Set<Tree>] = [:]

  /// Takes a program apart.
  ///
  /// - Parameters:
  ///   - program: Its instructions.
  ///   - trees: What each root page that it opens is the root of.
  ///   - shapes: The shapes of the tables among them, by name in lower case.
  init(
    _ program: [Instruction], trees: [RootPage: Tree], shapes: [TableName: TableShape]
  ) {
    self.shapes = shapes
    let uses = program.map { (instruction: $0, use: CursorUse(opcode: $0.opcode)) }
    for (instruction, use) in uses where use == .open {
      guard let tree = trees[instruction.rootPage] else { continue }
      cursors[instruction.p1, default: []].insert(tree)
      let isPlain = shapes[tree.table]?.isPlain ?? false
      if tables[tree.table] == nil { tables[tree.table] = isPlain ? .columns([]) : .whole }
    }
    for (instruction, use) in uses { apply(use, instruction) }
    for (name, shape) in shapes {
      guard let key = shape.key, let reads = tables[name], reads != .columns([]) else { continue }
      tables[name]?.add([key])
    }
  }

  private mutating func apply(_ use: CursorUse, _ instruction: Instruction) {
    switch use {
    case .none, .open, .openOwn, .move: break
    case .column: for tree in trees(instruction.p1) { readColumn(instruction.p2, of: tree) }
    case .key: for tree in trees(instruction.p1) { readKey(of: tree) }
    case .follow:
      for tree in trees(instruction.p1) { readKey(of: tree) }
    case .own: for tree in trees(instruction.p1) { tables[tree.table] = .whole }
    case .unknown: for table in tables.keys { tables[table] = .whole }
    }
  }

  private func trees(_ cursor: Int) -> Set<Tree> { cursors[cursor] ?? [] }

  private mutating func readColumn(_ index: Int, of tree: Tree) {
    guard case .table(let name) = tree else { return readKey(of: tree) }
    if let columns = shapes[name]?.columns, columns.indices.contains(index) {
      tables[name]?.add([columns[index]])
    } else {
      tables[name] = .whole
    }
  }

  private mutating func readKey(of tree: Tree) {
    let columns: Set<String>? =
      switch tree {
      // Where it is no column, a query that asks for it by name is known by other means.
      case .table(let name): shapes[name]?.key.map { [$0] } ?? []
      case .index(_, let columns): columns
      }
    if let columns {
      tables[tree.table]?.add(columns)
    } else {
      tables[tree.table] = .whole
    }
  }
}
