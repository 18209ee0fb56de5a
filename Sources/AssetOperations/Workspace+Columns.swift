package import AssetCore
import AssetExecution
import AssetState
import AssetWarehouse

extension Workspace {
  /// The columns of assets and of all that is upstream of them, as the project declares them today.
  ///
  /// Nothing has to be materialized for that: what queries give follows from their text, and what
  /// seeds give from the beginning of their files. Of programs it is known what they gave last, and of
  /// sources what they have now or, where that cannot be seen, what is declared.
  func columnCatalog(of keys: Set<AssetKey>) async throws -> ColumnCatalog {
    let looked = graph.closure(of: keys)
    var known = try state.columns(of: looked)
    var sources: [TableRequest] = []
    for key in looked {
      guard let asset = graph[key] else { continue }
      switch asset.recipe {
      case .query, .program, .files: break
      case .seed(let seed): known[key] = columns(of: seed, recorded: known[key])
      case .source(let table):
        if !asset.columns.isEmpty { known[key] = asset.columns.map(\.name) }
        sources.append(TableRequest(key: key, table: table, consumptions: [], isPublished: false))
      }
    }
    for (key, names) in await columns(of: sources) { known[key] = names }
    // Before the first run nothing but its only writer's declaration tells of a file.
    for key in looked where known[key] == nil {
      guard let writers = graph[key]?.fileWriters, writers.count == 1,
        let declared = graph[writers[0]]?.columns, !declared.isEmpty
      else { continue }
      known[key] = declared.map(\.name)
    }
    return ColumnCatalog(of: graph, reader: reader, known: known)
  }

  /// How the columns of assets, and of all that is upstream of them, depend on each other.
  func projectColumns(of keys: Set<AssetKey>) async throws -> ProjectColumns {
    var catalog = try await columnCatalog(of: keys)
    return ProjectColumns(of: keys, in: graph, by: &catalog)
  }

  private func columns(of seed: SeedRecipe, recorded: [String]?) -> [String]? {
    guard let found = seed.columns(in: folder) else { return recorded }
    // Further objects may have further keys; what was loaded last had all of them.
    return found.isComplete ? found.names : recorded ?? found.names
  }

  private func columns(of sources: [TableRequest]) async -> [AssetKey: [String]] {
    guard !sources.isEmpty, let observed = try? await warehouse.observe(sources) else { return [:] }
    return observed.compactMapValues { observation in
      guard case .present(let content) = observation else { return nil }
      return content.details?.columns.map(\.name)
    }
  }

  /// The parts of a name that a user gave, `ASSET` or `ASSET.COLUMN`.
  func assetAndColumn(named name: String) throws -> (asset: Asset, column: String?) {
    guard let dot = name.firstIndex(of: ".") else { return (try asset(named: name), nil) }
    return (try asset(named: String(name[..<dot])), String(name[name.index(after: dot)...]))
  }

  /// What is wrong with names in the queries of assets, as warnings sorted by place.
  package func columnWarnings(of keys: Set<AssetKey>) async throws -> [Diagnostic] {
    guard !keys.isEmpty else { return [] }
    var catalog = try await columnCatalog(of: keys)
    let problems = graph.order.filter(keys.contains).flatMap { catalog.reading(of: $0).problems }
    return Problems(
      problems.map { problem in
        var warning = problem
        warning.severity = .warning
        return warning
      }
    ).diagnostics
  }
}

/// What can be wrong with the name of a column.
package enum ColumnError: DiagnosableError, Equatable {
  case unknownColumn(String, of: AssetKey, nearest: String?)
  /// Not all columns of the asset are known, and this is none of those that are.
  case columnNotKnown(String, of: AssetKey, known: [String])
  /// Nothing tells which columns the asset has.
  case noColumnsKnown(AssetKey, isTable: Bool)
  case recordedColumns

  package var diagnostics: [Diagnostic] {
    switch self {
    case .unknownColumn(let column, let key, let nearest):
      return [
        Diagnostic(
          "`\(key)` has no column `\(column)`",
          hint: nearest.map { "did you mean `\(key).\($0)`?" }
            ?? "see its columns with `assetctl lineage \(key) --columns`")
      ]
    case .columnNotKnown(let column, let key, let known):
      let names = listed(known.sorted().map { "`\($0)`" })
      return [
        Diagnostic(
          "it is not known whether `\(key)` has a column `\(column)`",
          facts: [.init("known", "\(names), which are declared or read of it")],
          hint: "materialize it, or declare all of its `columns:`")
      ]
    case .noColumnsKnown(let key, isTable: true):
      return [
        Diagnostic(
          "the columns of `\(key)` are not known",
          hint: "materialize it, or declare its `columns:`")
      ]
    case .noColumnsKnown(let key, isTable: false):
      return [
        Diagnostic(
          "`\(key)` has no columns, as it is not a table",
          hint: "see what it is made from with `assetctl lineage \(key)`")
      ]
    case .recordedColumns:
      return [
        Diagnostic(
          "columns cannot be shown as they were in a run",
          hint: "leave out `--run` to see them as they are declared today")
      ]
    }
  }
}
