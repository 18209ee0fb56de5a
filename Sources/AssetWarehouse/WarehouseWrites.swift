package import AssetCore

/// What was written through a warehouse since it was opened, whether it was committed or not: the
/// tables and views by their names, each with the assets that it was written for.
///
/// It tells what need not be looked at again after a write of our own.
package struct WarehouseWrites: Equatable, Sendable {
  private struct Writing: Equatable {
    /// The number of the last write.
    var last: Int
    var assets: Set<AssetKey?>
  }

  /// How many writes were begun.
  package private(set) var count = 0
  private var writings: [String: Writing] = [:]
  private var asset: AssetKey?

  package init() {}

  /// Begins a write.
  ///
  /// - Parameter asset: What it is for; of a partition the whole.
  package mutating func begin(for asset: AssetKey) {
    count += 1
    self.asset = asset.asset
  }

  /// Notes that a table or view is made, changed or dropped by the present write.
  package mutating func note(_ name: String) {
    let name = name.lowercased()
    if let known = writings[name], known.last == count, known.assets.contains(asset) { return }
    writings[name, default: Writing(last: count, assets: [])].last = count
    writings[name]?.assets.insert(asset)
  }

  /// Whether a table or view may show something else because of what was written.
  ///
  /// - Parameters:
  ///   - table: The table or view.
  ///   - asset: An asset whose own writes do not count, as it is known what they left; of what it shows
  ///     they do.
  ///   - origins: What the views of the warehouse show.
  ///   - since: The number of writes after which another one counts.
  /// - Returns: True also where that cannot be told.
  package func mayHaveChanged(
    _ table: TableName, besidesFor asset: AssetKey? = nil, _ origins: ViewOrigins, since: Int = 0
  ) -> Bool {
    guard table.database == nil, count > since else { return false }
    let name = table.name.lowercased()
    if let writing = writings[name], writing.last > since, asset == nil || writing.assets != [asset]
    {
      return true
    }
    switch origins.byName[name] {
    case nil: return false
    case .unknown: return true
    case .names(let names): return names.contains { (writings[$0]?.last ?? 0) > since }
    }
  }
}

/// What the views of a warehouse show.
package struct ViewOrigins: Equatable, Sendable {
  package enum Origin: Equatable, Sendable {
    /// At most these tables and views, in lower case.
    case names(Set<String>)
    /// It may be anything.
    case unknown
  }

  /// The views by name, in lower case.
  ///
  /// What is not among it is a table that shows nothing but its own rows.
  package private(set) var byName: [String: Origin] = [:]

  /// Follows views through those that they name.
  ///
  /// - Parameters:
  ///   - views: The views, each with all the words of its text that may be names.
  ///   - unknown: What shows more than rows of its own, such as a virtual table.
  package init(views: [String: Set<String>] = [:], unknown: Set<String> = []) {
    let unknown = Set(unknown.map { $0.lowercased() })
    let views = Dictionary(views.map { ($0.lowercased(), $1) }) { $0.union($1) }
    for name in unknown { byName[name] = .unknown }
    for view in views.keys where byName[view] == nil {
      var found: Set<String> = []
      var pending = [view]
      while let next = pending.popLast() {
        for name in views[next] ?? [] where found.insert(name).inserted { pending.append(name) }
      }
      let isKnown = found.isDisjoint(with: unknown) && !found.contains(where: Self.isOfSchema)
      byName[view] = isKnown ? .names(found) : .unknown
    }
  }

  /// Whether a name is that of something that tells of the database itself.
  private static func isOfSchema(_ name: String) -> Bool {
    name.hasPrefix("sqlite_") || name.hasPrefix("pragma_") || name == "dbstat"
  }
}
