import AssetCore
import AssetWarehouse

// What a program is given to read.

extension Step {
  /// What of an input is exported.
  fileprivate func exported(_ input: AssetInput) -> Consumption {
    windows[input.key].map { .slice($0, of: input.consumption) } ?? input.consumption
  }
}

extension StepContext {
  /// What was handed to a program.
  struct Handed {
    var environment: [String: String] = [:]
    var inputs: [InputName: ConsumedInput] = [:]
  }

  /// Exports tables, names files, and digests just what the program will read.
  func handOver(_ step: Step, work: String) async throws -> Handed {
    var handed = Handed()
    try FilePublishing.makeFolder(folder.absolute(work + "/inputs"))
    for input in step.asset.inputs {
      guard let source = step.inputs.first(where: { $0.key == input.key }) else { continue }
      let variable = "ASSETCTL_INPUT_" + input.key.name.uppercased()
      if let files = source.sourceFiles {
        handed.environment[variable] = try handOver(files, as: input.key.name, work: work)
        continue
      }
      guard let table = source.tableName else {
        guard case .program(let program) = source.recipe else { continue }
        for (index, output) in program.outputs.enumerated() {
          let path = folder.absolute(output.path)
          if index == 0 { handed.environment[variable] = path }
          if program.outputs.count > 1 { handed.environment[variable + "_" + output.name] = path }
        }
        continue
      }
      let path = folder.absolute("\(work)/inputs/\(input.key.name).\(input.format.rawValue)")
      let digest = try await export(input, of: source, table: table, step, to: path)
      handed.environment[variable] = path
      handed.inputs[.asset(input.key)] = ConsumedInput(step.exported(input), digest)
    }
    guard case .program(let program) = step.asset.recipe else { return handed }
    for given in program.given {
      handed.environment["ASSETCTL_INPUT_" + given.name] = try handOver(
        given.files, as: given.name, work: work)
    }
    return handed
  }

  /// What tells a program where files are: their path, or for a pattern that of a list of their paths.
  private func handOver(_ files: FileSet, as name: String, work: String) throws -> String {
    guard files.isPattern else { return folder.absolute(files.path) }
    let paths = try FileSetLook(files, in: folder.project)?.paths ?? []
    let list = folder.absolute("\(work)/inputs/\(name).files.txt")
    let output = try FileOutput(RowFile(path: list, shownPath: "the list of `\(files.text)`"))
    for path in paths { try output.append { $0.append(text: folder.absolute(path) + "\n") } }
    try output.finish(isSynced: false)
    return list
  }

  private func export(
    _ input: AssetInput, of source: Asset, table: TableName, _ step: Step, to path: String
  ) async throws -> ContentDigest {
    let expected = step.provenance.inputs[.asset(input.key)]
    let consumption = step.exported(input)
    let request = TableRequest(
      key: input.key, table: table, consumptions: [consumption], isPublished: !source.isSource)
    return try await exports.hand(
      .init(
        asset: input.key, columns: input.exportedColumns, format: input.format,
        slice: consumption.slice, filter: consumption.filter),
      expected?.consumption == consumption ? expected?.digest : nil,
      in: folder.absolute(".assetctl/exports"), at: path
    ) { path in
      let file = RowFile(path: path, shownPath: "the export of `\(input.key)`")
      let format = input.format
      let content = try await warehouse.export(request, columns: input.exportedColumns) { columns in
        switch format {
        case .csv: try CSVWriter(file, columns: columns.map(\.name))
        case .jsonl: try JSONLinesWriter(file, columns: columns.map(\.name))
        }
      }
      guard let digest = content[consumption] else {
        preconditionFailure("an adapter digests every consumption that it is asked for")
      }
      return digest
    }
  }

  /// The files that the program is given as they are, with the digests that they are to have.
  func filesGiven(to step: Step) -> [FileSet: ContentDigest] {
    var files: [FileSet: ContentDigest] = [:]
    for set in step.asset.givenFiles {
      files[set] = step.provenance.inputs[.file(set.path)]?.digest
    }
    for source in step.inputs {
      guard let set = source.sourceFiles else { continue }
      files[set] = step.provenance.inputs[.asset(source.key)]?.digest
    }
    return files
  }

  /// The files that the program reads by themselves, with the digests that they are to have: its own
  /// code, and the published files of its inputs.
  func filesRead(by step: Step) throws -> [String: ContentDigest] {
    var files: [String: ContentDigest] = [:]
    for field in step.asset.definition.fields where field.name.hasPrefix("code.") {
      files[String(field.name.dropFirst("code.".count))] = ContentDigest(rawValue: field.value)
    }
    if case .program(let program) = step.asset.recipe {
      files.merge(program.wholeFiles) { _, whole in whole }
    }
    for path in step.asset.dataFiles {
      files[path] = step.provenance.inputs[.file(path)]?.digest
    }
    for source in step.inputs where !source.outputs.isEmpty {
      var outputs: [String: ContentDigest] = [:]
      for output in source.outputs {
        outputs[output] = try digestOutput(
          folder.absolute(output), shownPath: output, root: folder.project)
      }
      guard
        contentDigest(ofFiles: outputs) == step.provenance.inputs[.asset(source.key)]?.digest
      else { throw StepError.editedMeanwhile(asset: step.asset.key, path: source.outputs[0]) }
      files.merge(outputs) { first, _ in first }
    }
    return files
  }
}
