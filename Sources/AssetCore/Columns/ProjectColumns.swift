/// How the columns of a project's assets depend on each other: what a catalog says of each asset, for
/// looking along it in both directions.
///
/// Of what no query makes, or of a query that could not be read, it is only known what it consumes:
/// each of its columns may be computed out of all of that.
package struct ProjectColumns: Equatable, Sendable {
  /// One asset.
  struct Entry: Equatable, Sendable {
    /// The columns in order; `nil` if they are not known.
    var columns: [ColumnLineage]?
    /// Whether the columns' lineage is all that the asset consumes, for want of a better one.
    var isOpaque: Bool
    var inputs: [AssetKey: InputReading]
  }

  package let assets: AssetGraph
  private var entries: [AssetKey: Entry] = [:]

  /// Looks up assets in a catalog.
  ///
  /// - Parameters:
  ///   - keys: The assets to look up, and all that is upstream of them.
  ///   - graph: The project.
  ///   - catalog: The columns of the project's tables.
  package init(of keys: Set<AssetKey>, in graph: AssetGraph, by catalog: inout ColumnCatalog) {
    assets = graph
    let looked = graph.closure(of: keys)
    for key in graph.order where looked.contains(key) {
      guard let asset = graph[key] else { continue }
      entries[key] = entry(of: asset, by: &catalog)
    }
  }

  private func entry(of asset: Asset, by catalog: inout ColumnCatalog) -> Entry {
    let reading = catalog.reading(of: asset.key)
    let inputs = Dictionary(
      asset.inputs.map { ($0.key, reading.input($0, of: asset)) }
        + asset.fileWriters.map { ($0, InputReading(.whole, wholeBecause: "it writes the files")) },
      uniquingKeysWith: { first, _ in first })
    if let columns = reading.columns {
      return Entry(columns: columns.map(asDeclared), isOpaque: false, inputs: inputs)
    }
    if let columns = passedThrough(to: asset, catalog.columns(of: asset.key)) {
      return Entry(columns: columns, isOpaque: false, inputs: inputs)
    }
    let sources = inputs.sorted { $0.key < $1.key }.flatMap { key, input in
      columns(of: input.consumption, in: key)
    }
    return Entry(
      columns: catalog.columns(of: asset.key)?.map { ColumnLineage(name: $0, from: sources) },
      isOpaque: !inputs.isEmpty, inputs: inputs)
  }

  /// The columns of a table that stands in files which programs write: those that a writer declares are
  /// its own of the same name, and any other may come from all of them.
  ///
  /// - Parameters:
  ///   - asset: The table.
  ///   - names: The names of its columns, as far as they are known.
  /// - Returns: The columns; `nil` if no writer declares any.
  private func passedThrough(to asset: Asset, _ names: [String]?) -> [ColumnLineage]? {
    guard let names, asset.inputs.isEmpty else { return nil }
    let written = asset.fileWriters.flatMap { writer in
      (assets[writer]?.columns ?? []).map { AssetColumn(writer, $0.name) }
    }
    guard !written.isEmpty else { return nil }
    return names.map { name in
      let same = written.filter { $0.column == name.caseFolded }
      return ColumnLineage(name: name, from: (same.isEmpty ? written : same).sorted())
    }
  }

  /// The same lineage with the assets' names as they are declared, however a query spells them.
  private func asDeclared(_ lineage: ColumnLineage) -> ColumnLineage {
    func asDeclared(_ column: AssetColumn) -> AssetColumn {
      AssetColumn(assets[column.asset]?.key ?? column.asset, column.column)
    }
    return ColumnLineage(
      name: lineage.name, from: lineage.from.map(asDeclared),
      influencedBy: lineage.influencedBy.map(asDeclared))
  }

  /// The columns that a consumption of an asset covers, as far as they are known.
  private func columns(of consumption: Consumption, in key: AssetKey) -> [AssetColumn] {
    consumption.readColumns.map { names in names.map { AssetColumn(key, $0) } }
      ?? (columns(of: key) ?? []).map { AssetColumn(key, $0.name) }.sorted()
  }

  /// The columns of an asset with their lineage, in order; `nil` if they are not known.
  package func columns(of key: AssetKey) -> [ColumnLineage]? { entries[key]?.columns }

  /// What an asset reads of one of its inputs.
  package func input(_ input: AssetKey, of key: AssetKey) -> InputReading {
    entries[key]?.inputs[input] ?? InputReading(.whole)
  }

  /// The names of the columns that an asset is known to have, and whether these are all.
  ///
  /// Where the asset itself does not tell, what is declared of it and what its readers consume does.
  package func names(of key: AssetKey) -> (names: [String], isComplete: Bool) {
    if let columns = columns(of: key) { return (columns.map(\.name), true) }
    var names = (assets[key]?.columns ?? []).map(\.name)
    for reader in assets.readers(of: key) {
      names += input(key, of: reader).consumption.readColumns ?? []
    }
    var seen: Set<String> = []
    return (names.filter { seen.insert($0.caseFolded).inserted }, false)
  }
}

extension ProjectColumns {
  /// What an asset, or one of its columns, is made from.
  func sources(of node: ColumnNode) -> [ColumnTrace.Step] {
    guard let entry = entries[node.asset] else { return [] }
    if let column = node.column, !entry.isOpaque {
      guard let lineage = entry.columns?.first(where: { $0.name.caseFolded == column }) else {
        return []
      }
      let from = Set(lineage.from)
      // An input of which just the rows are counted decides by their number.
      let counted = entry.inputs.filter { $0.value.consumption.columnsOnly == .rowCount }.keys
        .sorted()
      return lineage.from.map { ColumnTrace.Step(ColumnNode($0), .value) }
        + lineage.influencedBy.filter { !from.contains($0) }
        .map { ColumnTrace.Step(ColumnNode($0), .influence) }
        + counted.map { ColumnTrace.Step(ColumnNode($0), .influence) }
    }
    return entry.inputs.sorted { $0.key < $1.key }.flatMap { key, input in
      let columns = columns(of: input.consumption, in: key)
      let nodes = columns.isEmpty ? [ColumnNode(key)] : columns.map { ColumnNode($0) }
      return nodes.map { ColumnTrace.Step($0, .value) }
    }
  }

  /// What of its readers depends on an asset, or on one of its columns.
  ///
  /// - Parameters:
  ///   - node: A column, or an asset as a whole.
  ///   - decidesRows: Whether with the column's values it may change which rows there are, so that
  ///     it concerns whoever counts them.
  /// - Returns: The next columns, and assets as wholes.
  func dependents(of node: ColumnNode, decidesRows: Bool) -> [ColumnTrace.Step] {
    assets.readers(of: node.asset).flatMap { reader in
      dependents(of: node, in: reader, decidesRows: decidesRows)
    }
  }

  private func dependents(
    of node: ColumnNode, in reader: AssetKey, decidesRows: Bool
  ) -> [ColumnTrace.Step] {
    guard let entry = entries[reader] else { return [] }
    if let column = node.column,
      !input(node.asset, of: reader).consumption.isConcerned(by: column, decidesRows: decidesRows)
    {
      return []
    }
    let whole = [ColumnTrace.Step(ColumnNode(reader), .value)]
    guard !entry.isOpaque, let columns = entry.columns else { return whole }
    let steps = columns.compactMap { lineage -> ColumnTrace.Step? in
      let target = ColumnNode(AssetColumn(reader, lineage.name))
      if lineage.from.contains(where: node.covers) { return .init(target, .value) }
      let isInfluenced = lineage.influencedBy.contains(where: node.covers)
      // A column that names nothing of the input, such as `count(*)`, still depends on its rows.
      let counts = decidesRows && !lineage.names(node.asset)
      return isInfluenced || counts ? .init(target, .influence) : nil
    }
    return steps.isEmpty ? whole : steps
  }
}

extension Consumption {
  /// Whether a reader with this consumption can notice that a column changed.
  fileprivate func isConcerned(by column: String, decidesRows: Bool) -> Bool {
    guard let columns = readColumns else { return true }
    return columns.isEmpty ? decidesRows : columns.contains(column)
  }
}

extension ColumnLineage {
  fileprivate func names(_ key: AssetKey) -> Bool {
    from.contains { $0.asset == key } || influencedBy.contains { $0.asset == key }
  }
}

extension QueryReading {
  /// What an asset reads of one of its inputs, and why if that is all of it.
  package func input(_ input: AssetInput, of asset: Asset) -> InputReading {
    guard case .query = asset.recipe else {
      return InputReading(
        input.consumption,
        wholeBecause: input.consumption == .whole ? "`inputs:` names no columns of it" : nil)
    }
    return inputs[input.key] ?? InputReading(.whole, wholeBecause: unreadable)
  }
}
