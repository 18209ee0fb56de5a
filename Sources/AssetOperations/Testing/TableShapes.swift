import AssetCore
import AssetExecution
import AssetLoading
import AssetSQL
import AssetState
import AssetWarehouse

/// What is known of a table's columns without looking into the warehouse.
struct TableShape {
  /// The columns in order, with types that give the values the same affinity as in the real table.
  var columns: [Column]
  /// Whether there are no others.
  var isComplete: Bool
  /// The types that values in files must have, by lower-case name.
  var strictTypes: [String: ColumnType] = [:]
}

extension Workspace {
  /// The shapes of tables, by what the project declares today.
  ///
  /// Nothing has to be materialized: what a seed has stands in its file, and of a query whose columns
  /// are not all declared with types the warehouse's engine says what it gives, out of empty inputs. Of sources and programs it is known what is
  /// declared or, where nothing is, which columns were recorded.
  func shapes(of keys: Set<AssetKey>) async throws -> [AssetKey: TableShape] {
    let looked = graph.closure(of: keys)
    let recorded = try state.columns(of: looked)
    var catalog = ColumnCatalog(
      of: graph, reader: reader,
      known: Dictionary(
        uniqueKeysWithValues: graph.sortedAssets.filter { looked.contains($0.key) }
          .compactMap { asset in
            names(of: asset, recorded: recorded[asset.key]).map { (asset.key, $0) }
          }))
    let needed = engineNeeded(for: keys, &catalog)
    var shapes: [AssetKey: TableShape] = [:]
    var builds: [TableBuild] = []
    for asset in graph.sortedAssets where needed.contains(asset.key) && asset.tableName != nil {
      if let columns = typedColumns(of: asset, &catalog) {
        shapes[asset.key] = asset.shape(columns)
      } else if case .query(let query) = asset.recipe {
        builds.append(try emptyTable(asset, query, catalog.columns(of: asset.key)))
        continue
      } else {
        shapes[asset.key] = shape(of: asset, recorded: recorded[asset.key])
      }
      guard let shape = shapes[asset.key], !shape.columns.isEmpty else { continue }
      builds.append(TableBuild(key: asset.key, content: .rows { RowList(shape.columns, []) }))
    }
    for (build, result) in zip(builds, try await warehouse.rehearse(builds)) {
      guard shapes[build.key] == nil, let asset = graph[build.key] else { continue }
      let given = try? result.get().columns
      // What the engine could not carry out, such as for an input whose columns are not known.
      let columns = given ?? catalog.columns(of: build.key).map { typed($0, as: asset) }
      shapes[build.key] = asset.shape(
        columns ?? asset.declaredColumns, isComplete: columns != nil)
    }
    return shapes
  }

  /// The tables whose columns have to be known for finding out those of the given ones.
  private func engineNeeded(
    for keys: Set<AssetKey>, _ catalog: inout ColumnCatalog
  ) -> Set<AssetKey> {
    var needed = keys
    for key in graph.order.reversed() where needed.contains(key) {
      guard let asset = graph[key], typedColumns(of: asset, &catalog) == nil else { continue }
      if case .query = asset.recipe { needed.formUnion(graph.inputs(of: key)) }
    }
    return needed
  }

  /// The columns of what a query makes, if all are known by name and declared with a type.
  private func typedColumns(of asset: Asset, _ catalog: inout ColumnCatalog) -> [Column]? {
    let types = asset.declaredTypes
    guard case .query = asset.recipe, !types.isEmpty, let names = catalog.columns(of: asset.key),
      names.allSatisfy({ types[$0.lowercased()] != nil })
    else { return nil }
    return typed(names, as: asset)
  }

  /// The names of the columns of what no query makes, found without reading all of its file.
  private func names(of asset: Asset, recorded: [String]?) -> [String]? {
    switch asset.recipe {
    case .query: return nil
    case .seed(let seed):
      let found = try? rowFiles(of: seed, asset)?.columnNames()
      return found.flatMap { $0.isComplete ? $0.names : nil } ?? recorded
    case .program, .source, .files:
      return asset.columns.isEmpty ? recorded : asset.columns.map(\.name)
    }
  }

  private func rowFiles(of seed: SeedRecipe, _ asset: Asset) -> RowFiles? {
    let files = seed.files.map { RowFile(path: folder + "/" + $0, shownPath: $0) }
    guard !files.isEmpty else { return nil }
    return RowFiles(
      files, csv: CSVFormat(seed.format) ?? CSVFormat(), types: asset.declaredTypes)
  }

  /// A query's table without rows; what the engine would fill in is null.
  private func emptyTable(
    _ asset: Asset, _ query: QueryRecipe, _ columns: [String]?
  ) throws -> TableBuild {
    let sql = withoutOwnRows(try self.query(of: asset, query), of: asset, columns: columns)
    let times =
      asset.snapshot == nil
      ? ""
      : [SnapshotRule.validFrom, SnapshotRule.validTo].map { ", cast(null as text) as \($0)" }
        .joined()
    return TableBuild(
      key: asset.key, content: .table(query: "select *\(times) from (\n\(sql)\n) limit 0"),
      types: asset.declaredTypes, inputs: Set(asset.inputs.map { TableName($0.key.name) }))
  }

  /// A query for which the table that it makes has no rows yet, if it reads that.
  ///
  /// - Parameters:
  ///   - sql: The query with all values in it.
  ///   - asset: The asset that it is of.
  ///   - columns: The columns of the asset's table, as far as they are known.
  /// - Returns: The query; as it was if it reads nothing of its own.
  func withoutOwnRows(_ sql: String, of asset: Asset, columns: [String]?) -> String {
    guard case .query(let query) = asset.recipe, query.fromNothing != nil,
      let columns = columns ?? query.columns
    else { return sql }
    let own = NamedTable(
      asset.key.asset.name, columnsWithoutRows: QueryRecipe.FromNothing.list(columns))
    return (try? naming([own], in: sql, dialect: .sqlite)) ?? sql
  }

  /// An asset's query with the project's values in it, in which sources go by their own names.
  ///
  /// Of a partition with its values, and just the rows that it may see; without one these are null.
  func query(
    of asset: Asset, _ query: QueryRecipe, _ partition: Partition? = nil
  ) throws -> String {
    let analysis = try analyze(query.text, dialect: .sqlite)
    let values = query.vars.merging(partition?.values ?? [:]) { _, own in own }
    let sql = render(query.text, analysis: analysis) { values[$0.name]?.sqlLiteral ?? "null" }
    return try partition.map { try graph.limiting(sql, of: asset, to: $0) } ?? sql
  }

  private func shape(of asset: Asset, recorded: [String]?) -> TableShape {
    // A file that cannot be read is a problem of whoever loads it.
    if case .seed(let seed) = asset.recipe,
      let columns = try? rowFiles(of: seed, asset)?.open().columns
    {
      return asset.shape(columns)
    }
    let declared = asset.declaredColumns
    return asset.shape(
      declared.isEmpty ? recorded.map { typed($0, as: asset) } ?? [] : declared,
      isComplete: false)
  }

  private func typed(_ names: [String], as asset: Asset) -> [Column] {
    let types = asset.declaredTypes
    return names.map { Column($0, type: types[$0.lowercased()]?.rawValue) }
  }
}

extension Asset {
  /// The declared types by lower-case column name.
  var declaredTypes: [String: ColumnType] {
    Dictionary(columns.compactMap { column in column.type.map { (column.name.lowercased(), $0) } })
    { first, _ in first }
  }

  fileprivate var declaredColumns: [Column] {
    columns.map { Column($0.name, type: $0.type?.rawValue) }
  }

  /// The shape of its table; values in files must be of the declared types, and where the table holds
  /// text they are read as text.
  fileprivate func shape(_ columns: [Column], isComplete: Bool = true) -> TableShape {
    let texts = columns.filter { $0.type == ColumnType.text.rawValue }
    return TableShape(
      columns: columns, isComplete: isComplete,
      strictTypes: declaredTypes.merging(texts.map { ($0.name.lowercased(), .text) }) { type, _ in
        type
      })
  }
}
