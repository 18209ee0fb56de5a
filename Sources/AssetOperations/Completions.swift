import AssetCore

/// The names of a project, for shells that complete words.
extension Workspace {
  /// Words that a word of a selection can become.
  ///
  /// - Parameter word: What was typed of it so far.
  /// - Returns: Assets and sources, `tag:`, `group:`, `kind:` and `col:` with what the project has of them, and
  ///   for `col:ASSET.` its columns, sorted.
  package func completions(ofSelection word: String) async -> [String] {
    // What stands in front of a name, such as the plus of `+daily`, stays.
    let signs = String(word.prefix { $0 == "+" || $0 == "@" || $0.isNumber })
    let rest = String(word.dropFirst(signs.count))
    let sorted = graph.sortedAssets
    let own = sorted.filter { !$0.isSource }
    if rest.hasPrefix("col:"), let dot = rest.firstIndex(of: ".") {
      let asset = String(rest[rest.index(rest.startIndex, offsetBy: 4)..<dot])
      return await columns(of: asset).map { "\(signs)col:\(asset).\($0)" }
    }
    var words: [String] = []
    if rest.hasPrefix("col:") {
      words = sorted.filter { $0.tableName != nil }.map { "col:\($0.key)." }
    } else {
      words += own.map(\.key.name) + sorted.filter(\.isSource).map { "source:\($0.key)" }
      words += Set(sorted.flatMap(\.tags)).map { "tag:\($0)" }
      words += Set(own.map(\.group)).filter { !$0.isEmpty }.map { "group:\($0)" }
      words += Set(own.map(\.kind.rawValue)).map { "kind:\($0)" }
      words += ["fresh", "stale", "waiting", "failed", "unknown"].map { "status:\($0)" } + ["col:"]
    }
    return words.filter { $0.hasPrefix(rest) }.map { signs + $0 }.sorted()
  }

  /// Words that the name of an asset, or of one of its columns, can become.
  ///
  /// - Parameters:
  ///   - word: What was typed of it so far.
  ///   - withColumns: Whether a column may follow.
  /// - Returns: The words, sorted.
  package func completions(ofAsset word: String, withColumns: Bool = false) async -> [String] {
    if withColumns, let dot = word.firstIndex(of: ".") {
      let asset = String(word[..<dot])
      return await columns(of: asset).map { "\(asset).\($0)" }.filter { $0.hasPrefix(word) }
    }
    return graph.sortedAssets.map(\.key.name).filter { $0.hasPrefix(word) }.sorted()
  }

  private func columns(of name: String) async -> [String] {
    let key = AssetKey(trusted: name)
    guard let asset = graph[key], var catalog = try? await columnCatalog(of: [asset.key]) else {
      return []
    }
    return (catalog.columns(of: asset.key) ?? asset.columns.map(\.name)).sorted()
  }
}
