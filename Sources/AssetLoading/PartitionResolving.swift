import AssetCore
import AssetSQL

// What partitions and windows mean for a query, and for an asset's definition.

extension DeclarationResolver {
  /// Notes what keeps a query from being made partition by partition, and lets the query tell what is
  /// consumed of inputs that have just a window.
  func checkPartitions(
    of query: QueryDeclaration, in declaration: Declaration, inputs: inout [AssetInput]
  ) {
    let tables = Set(query.analysis.tables.map { AssetKey(trusted: $0.name) })
    for index in inputs.indices where inputs[index].window != nil {
      guard tables.contains(inputs[index].key), inputs[index].exportedColumns == nil else {
        continue
      }
      inputs[index].isDerived = true
    }
    guard let partitions = declaration.partitions else { return }
    let windows = inputs.filter { $0.window.map { $0.window != .all } ?? false }
    for table in query.analysis.tables where table.schema != nil {
      guard windows.contains(where: { $0.key == AssetKey(trusted: table.name) }) else { continue }
      log.add(.schemaOfWindow(table.name, at: place(of: table.offset, in: query, declaration)))
    }
    let parameters = query.analysis.parameters.filter {
      $0.sigil != .questionMark && PartitionParameter(rawValue: $0.name) != nil
    }
    if parameters.isEmpty, windows.isEmpty, let scheme = partitions.scheme {
      log.add(.partitionUnused(asset: declaration.name, scheme, at: partitions.place))
    }
    checkNames(of: parameters, query, in: declaration)
  }

  /// Columns that are called by their text must not have a value in it.
  private func checkNames(
    of parameters: [ParameterReference], _ query: QueryDeclaration, in declaration: Declaration
  ) {
    // Of a query that could not be parsed the text is all of it.
    for text in query.analysis.unnamedColumns where text.utf8.count < query.text.utf8.count {
      guard
        let parameter = parameters.first(where: {
          text.contains(String($0.sigil.rawValue) + $0.name)
        })
      else { continue }
      log.add(
        .unnamedPartitionColumn(
          text, at: place(of: parameter.range.lowerBound, in: query, declaration)))
    }
  }

  /// Notes windows that mean nothing in an asset.
  func checkWindows(_ inputs: [AssetInput], in declaration: Declaration) {
    for input in inputs {
      guard let window = input.window else { continue }
      guard let partitions = declaration.partitions else {
        log.add(.needsPartitions("window", at: input.place))
        continue
      }
      if case .values? = partitions.scheme?.division,
        case .around(let before, let after) = window.window, before + after > 0
      {
        log.add(.needsPartitionsOfTime("window", at: input.place))
      }
    }
  }

  /// The names in a query that stand for something else than the table of that name: sources that are
  /// called otherwise, and of inputs with a window the rows in it, which are filled in later.
  func namedTables(
    _ renamed: [(name: String, table: TableName)], windows inputs: [AssetInput]
  ) -> [NamedTable] {
    var named = renamed.map { NamedTable($0.name, $0.table) }
    for input in inputs where input.isWindowed && input.isDerived {
      let condition = ":" + input.windowBlank
      if let place = renamed.firstIndex(where: { AssetKey(trusted: $0.name) == input.key }) {
        named[place].condition = condition
      } else {
        named.append(
          NamedTable(input.key.name, TableName(input.key.name), where: condition))
      }
    }
    return named
  }

  /// A query without the comment that it begins with, of which just the ends of lines are left.
  func withoutLeadingComment(_ sql: String) -> String {
    let bytes = Array(sql.utf8)
    let start = bytes.firstIndex { !" \t\r\n".utf8.contains($0) } ?? bytes.endIndex
    guard bytes[start...].starts(with: "/*".utf8) else { return sql }
    let star = UInt8(ascii: "*")
    guard
      let end = bytes[(start + 2)...].indices.dropLast()
        .first(where: { bytes[$0] == star && bytes[$0 + 1] == UInt8(ascii: "/") })
    else { return sql }
    let lines = bytes[..<end].filter { $0 == UInt8(ascii: "\n") }
    return String(decoding: lines + bytes[(end + 2)...], as: UTF8.self)
  }

  /// What of partitions and windows is part of the definition.
  func partitionFields(
    of declaration: Declaration, inputs: [AssetInput]
  ) -> [CanonicalForm.Field] {
    guard let scheme = declaration.partitions?.scheme else { return [] }
    let windows = inputs.sorted { $0.key < $1.key }.compactMap { input in
      input.window.map { CanonicalForm.Field("window." + input.key.name.lowercased(), $0.text) }
    }
    return [.init("partitions", scheme.definitionText)] + windows
  }
}

extension InputWindow {
  fileprivate var text: String {
    let suffix = column.map { " of \($0)" } ?? ""
    return switch window {
    case .all: "all" + suffix
    case .around(let before, let after): "\(before) before, \(after) after" + suffix
    }
  }
}
