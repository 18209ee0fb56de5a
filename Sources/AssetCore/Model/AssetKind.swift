/// What an asset is, as users see it in lists, JSON and `kind:` selections.
package enum AssetKind: String, Sendable, Codable, CaseIterable {
  case table, file, model, source
}

/// How a table comes to be, which `kind:` selections may name too.
package enum Materialized: String, Sendable, Codable, CaseIterable {
  case table, view, incremental, snapshot, seed
}

extension QueryRecipe.Form {
  package var materialized: Materialized {
    switch self {
    case .table: .table
    case .view: .view
    case .incremental: .incremental
    case .snapshot: .snapshot
    }
  }
}

extension Asset {
  package var kind: AssetKind {
    switch recipe {
    case .query, .seed: .table
    case .program(let program):
      switch program.product {
      case .table: .table
      case .file: .file
      case .model: .model
      }
    case .source, .files: .source
    }
  }

  /// How the table comes to be; `nil` for what is no table of ours.
  package var materialized: Materialized? {
    switch recipe {
    case .query(let query): query.form.materialized
    case .seed: .seed
    case .program(let program): program.product == .table ? .table : nil
    case .source, .files: nil
    }
  }

  /// Whether the asset stands in the warehouse under its key.
  package var isTable: Bool { materialized != nil }

  /// Whether it is only observed.
  package var isSource: Bool { kind == .source }

  /// The table that holds it, in the warehouse or of a source also beside it; nothing for files.
  package var tableName: TableName? {
    if case .source(let table) = recipe { return table }
    return isTable ? TableName(key.asset.name) : nil
  }

  /// The paths of the files that it publishes.
  package var outputs: [String] {
    if case .program(let program) = recipe { return program.outputs.map(\.path) }
    return []
  }

  /// The paths of the files of the project that it reads as data.
  package var dataFiles: [String] {
    switch recipe {
    case .seed(let seed): seed.files
    case .program(let program): program.item.map { $0.isFile ? [$0.text] : [] } ?? []
    case .query, .source, .files: []
    }
  }

  /// Of a source that is files as they are, which ones.
  package var sourceFiles: FileSet? {
    if case .files(let files) = recipe { files } else { nil }
  }

  /// The files that a program is given by their paths.
  package var givenFiles: [FileSet] {
    if case .program(let program) = recipe { program.given.map(\.files) } else { [] }
  }

  /// The paths and patterns of all files that it reads as data, each of them an input by itself.
  package var fileInputs: [String] { dataFiles + givenFiles.map(\.path) }

  /// The same, and that of the source that it is, as they are written.
  package var shownFiles: [String] {
    dataFiles + givenFiles.map(\.text) + (sourceFiles.map { [$0.text] } ?? [])
  }

  /// The paths of the files of the project that are part of its definition.
  package var codeFiles: [String] {
    if case .program(let program) = recipe { return program.codeFiles }
    return []
  }

  /// The field of a definition that holds what the runtime's command says.
  package static let runtimeField = "runtime"

  /// The command that tells the version of its runtime, if it has one.
  package var runtime: [String]? {
    if case .program(let program) = recipe { program.runtime } else { nil }
  }

  /// The same asset on the runtime as it is now.
  ///
  /// - Parameter version: What the runtime says of itself.
  /// - Returns: The asset, whose definition is known now.
  package func onRuntime(_ version: String) -> Asset {
    var asset = self
    asset.definition = CanonicalForm(
      tag: definition.tag,
      fields: definition.fields.map {
        $0.name == Self.runtimeField ? .init($0.name, version) : $0
      })
    asset.obstacle = nil
    return asset
  }

  package var definitionDigest: DefinitionDigest {
    DefinitionDigest(rawValue: "def1:" + definition.sha256)
  }
}
