import AssetCore

extension DeclarationResolver {
  /// Refuses sources that are what assetctl itself writes for the project: they would be inputs that
  /// nothing in the graph makes.
  ///
  /// - Parameters:
  ///   - declarations: All that the project declares.
  ///   - tables: The tables of the sources.
  func refuseOwnTables(among declarations: [Declaration], _ tables: [AssetKey: TableName]) {
    let assets = Set(declarations.filter(\.isPublishedTable).compactMap { AssetKey($0.name) })
    let warehouse =
      switch project.warehouse {
      case .sqlite(let path): folder.identity(path)
      }
    for declaration in declarations {
      guard case .source(let name, let database) = declaration.body,
        let source = AssetKey(declaration.name), let table = tables[source]
      else { continue }
      if let path = table.database {
        if folder.identity(path) == warehouse {
          log.add(
            .sourceInWarehouse(
              source.name, database: path, at: database?.place ?? declaration.place))
        }
      } else if let asset = assets.first(where: { $0.name.asciiFolded == name.asciiFolded }),
        asset != source
      {
        // Two declarations of one name are told as that.
        log.add(.sourceIsAsset(source.name, asset: asset, at: declaration.place))
      }
    }
  }
}

extension Declaration {
  /// Whether it makes a table or view of the warehouse that has its name.
  fileprivate var isPublishedTable: Bool {
    switch body {
    case .query, .rows: true
    case .program(let program): program.product == .table
    case .source, .files: false
    }
  }
}
