import AssetCore
import AssetExecution
import AssetSQL
import AssetState
import AssetWarehouse

/// What is known of a table's columns without looking into the warehouse.
struct TableShape {
  /// The columns in order, with types that give the values the same affinity as in the real table.
  var columns: [Column]
  /// Whether there are no others.
  var isComplete: Bool

  /// The types that values in files must have: those that somebody chose.
  var strictTypes: [String: ColumnType] = [:]
}

extension Workspace {
  /// The shapes of tables, by what the project declares today.
  ///
  /// Nothing has to be materialized: what a seed has stands in its file, and of a query the warehouse's
  /// engine says what it gives, out of empty inputs. Of sources and programs it is known what is
  /// declared or, where nothing is, which columns were recorded.
  func shapes(of keys: Set<AssetKey>) async throws -> [AssetKey: TableShape] {
    let looked = graph.closure(of: keys)
    let recorded = try state.columns(of: looked)
    var shapes: [AssetKey: TableShape] = [:]
    var builds: [TableBuild] = []
    for asset in graph.sortedAssets where looked.contains(asset.key) && asset.tableName != nil {
      if case .query(let query) = asset.recipe {
        builds.append(try emptyTable(asset, query))
        continue
      }
      let shape = shape(of: asset, recorded: recorded[asset.key])
      shapes[asset.key] = shape
      guard !shape.columns.isEmpty else { continue }
      builds.append(
        TableBuild(key: asset.key, content: .rows { RowList(shape.columns, []) }))
    }
    var catalog = ColumnCatalog(
      of: graph, reader: reader, known: shapes.mapValues { $0.columns.map(\.name) })
    for (build, result) in zip(builds, try await warehouse.rehearse(builds)) {
      guard shapes[build.key] == nil, let asset = graph[build.key] else { continue }
      let given = try? result.get().columns
      // What the engine could not carry out, such as for an input whose columns are not known.
      let columns = given ?? catalog.columns(of: build.key).map { typed($0, as: asset) }
      shapes[build.key] = TableShape(
        columns: columns ?? asset.declaredColumns, isComplete: columns != nil,
        strictTypes: asset.strictTypes(beside: columns ?? []))
    }
    return shapes
  }

  /// A query's table without rows; what the engine would fill in is null.
  private func emptyTable(_ asset: Asset, _ query: QueryRecipe) throws -> TableBuild {
    let sql = try self.query(of: asset, query)
    return TableBuild(
      key: asset.key, content: .table(query: "select * from (\n\(sql)\n) limit 0"),
      types: asset.declaredTypes, inputs: Set(asset.inputs.map(\.key.name)))
  }

  /// An asset's query with the project's values in it, in which sources go by their own names.
  func query(of asset: Asset, _ query: QueryRecipe) throws -> String {
    let analysis = try analyze(query.text, dialect: .sqlite)
    return render(query.text, analysis: analysis) { query.vars[$0.name]?.sqlLiteral ?? "null" }
  }

  private func shape(of asset: Asset, recorded: [String]?) -> TableShape {
    if case .seed(let seed) = asset.recipe {
      let files = seed.files.map { RowFile(path: folder + "/" + $0, shownPath: $0) }
      let rows = RowFiles(
        files, csv: CSVFormat(seed.format) ?? CSVFormat(), types: asset.declaredTypes)
      // A file that cannot be read is a problem of whoever loads it.
      if !files.isEmpty, let columns = try? rows.open().columns {
        return TableShape(
          columns: columns, isComplete: true, strictTypes: asset.strictTypes(beside: columns))
      }
    }
    let declared = asset.declaredColumns
    let columns = declared.isEmpty ? recorded.map { typed($0, as: asset) } ?? [] : declared
    return TableShape(
      columns: columns, isComplete: false, strictTypes: asset.strictTypes(beside: columns))
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

  /// The declared types, and which of the columns hold text.
  fileprivate func strictTypes(beside columns: [Column]) -> [String: ColumnType] {
    let texts = columns.filter { $0.type == ColumnType.text.rawValue }
    return declaredTypes.merging(texts.map { ($0.name.lowercased(), .text) }) { type, _ in type }
  }
}
