/// The record of which names `with` clauses declare, and of which references they surround.
///
/// A reference may stand before the declaration that it means, so names are resolved when the
/// whole text has been read, by going through the record once more.
struct CTEScopes {
  private enum Event {
    /// A `with` clause begins.
    case open(scope: Int)
    /// The query of a name begins.
    case begun(scope: Int, name: Int)
    /// The query of a name has ended.
    case declared(scope: Int, name: Int)
    /// A table is named.
    case reference(Int)
    /// The query to which the `with` clause belongs has ended.
    case close(scope: Int)
  }

  private struct Scope {
    var names: [String] = []
    /// Of the names, those whose queries may read themselves: only a compound can.
    var compounds: Set<Int> = []
    var isRecursive = false
  }

  private var events: [Event] = []
  private var scopes: [Scope] = []
  private var openScopes: [Int] = []

  /// Begins the scope of a `with` clause.
  mutating func open() {
    openScopes.append(scopes.count)
    events.append(.open(scope: scopes.count))
    scopes.append(Scope())
  }

  /// Notes that the innermost `with` clause is recursive.
  mutating func markRecursive() {
    guard let scope = openScopes.last else { return }
    scopes[scope].isRecursive = true
  }

  /// Adds a name, in the form in which the dialect compares names, to the innermost `with` clause.
  mutating func declare(_ key: String) {
    guard let scope = openScopes.last else { return }
    scopes[scope].names.append(key)
  }

  /// Notes that the query of the last declared name begins.
  mutating func beginDeclaration(isCompound: Bool) {
    guard let scope = openScopes.last else { return }
    let name = scopes[scope].names.count - 1
    if isCompound { scopes[scope].compounds.insert(name) }
    events.append(.begun(scope: scope, name: name))
  }

  /// Notes that the query of the last declared name has ended.
  mutating func endDeclaration() {
    guard let scope = openScopes.last else { return }
    events.append(.declared(scope: scope, name: scopes[scope].names.count - 1))
  }

  /// Notes that a table is named here.
  mutating func refer(to reference: Int) {
    events.append(.reference(reference))
  }

  /// Ends the scope of the innermost `with` clause.
  mutating func close() {
    guard let scope = openScopes.popLast() else { return }
    events.append(.close(scope: scope))
  }

  /// Gives the references that mean tables and not names of a `with` clause.
  func tables(among references: [TableReference], dialect: SQLDialect) -> [TableReference] {
    resolve(references, dialect).tables
  }

  /// Gives the references that mean tables, and of these the ones that stand in a query of their own name,
  /// as in `with orders as (select * from orders)`.
  ///
  /// A query that is no compound cannot be recursive, whether it is called that or not, so that nothing but
  /// what is outside can be meant; SQLite would call it a circle.
  func resolve(
    _ references: [TableReference], _ dialect: SQLDialect
  ) -> (tables: [TableReference], own: [TableReference]) {
    guard !scopes.isEmpty else { return (references, []) }

    var known: [String: Int] = [:]
    var tables: [TableReference] = []
    var own: [TableReference] = []
    // The names whose queries are open, each once for each of these.
    var open: [(scope: Int, name: Int)] = []
    // What is nested more deeply is left to the database, so that the cost stays linear.
    var deeper = 0
    for event in events {
      switch event {
      case .open(let scope):
        guard isKnownThroughout(scope, dialect) else { break }
        for name in scopes[scope].names { known[name, default: 0] += 1 }
      case .begun(let scope, let name):
        if open.count < 20 { open.append((scope, name)) } else { deeper += 1 }
      case .declared(let scope, let name):
        if deeper > 0 { deeper -= 1 } else { open.removeLast() }
        guard !isKnownThroughout(scope, dialect) else { break }
        known[scopes[scope].names[name], default: 0] += 1
      case .close(let scope):
        for name in scopes[scope].names { known[name, default: 0] -= 1 }
      case .reference(let index):
        let reference = references[index]
        let key = dialect.key(of: reference.name, isQuoted: reference.isQuoted)
        let inOwn = open.count { scope, name in
          dialect.cteVisibility == .wholeClause && scopes[scope].names[name] == key
            && !scopes[scope].compounds.contains(name)
        }
        if reference.schema != nil || known[key, default: 0] == 0 {
          tables.append(reference)
        } else if inOwn > 0, inOwn == known[key] {
          tables.append(reference)
          own.append(reference)
        }
      }
    }
    return (tables, own)
  }

  private func isKnownThroughout(_ scope: Int, _ dialect: SQLDialect) -> Bool {
    dialect.cteVisibility == .wholeClause || scopes[scope].isRecursive
  }
}
