package import AssetCore
import AssetWarehouse

extension StepContext {
  /// Runs a program on exported inputs, and publishes what it wrote.
  func run(
    _ program: ProgramRecipe, _ step: Step, started: Timestamp
  ) async throws -> StepProduct {
    let asset = step.asset
    let work = folder.work(of: asset.key.name)
    try verifyInside(program.outputs.map(\.path), of: asset)
    defer { FilePublishing.removeFolder(folder.absolute(work)) }

    let held = try await HeldFiles(filesRead(by: step), in: folder, for: asset.key)
    let handed = try await handOver(step, work: work)
    var provenance = step.provenance
    // What is the same keeps the details that were found when it was looked at.
    provenance.inputs.merge(handed.inputs) { seen, actual in seen == actual ? seen : actual }
    let candidates = self.candidates(of: program, asset: asset, work: work)
    for candidate in candidates {
      try FilePublishing.makeFolder(FilePublishing.parent(of: folder.absolute(candidate.path)))
    }
    let call = ProgramCall(
      asset: asset.key, command: program.command, folder: folder.project,
      environment: environment(
        of: program, asset: asset, inputs: handed.environment, candidates: candidates),
      secrets: program.secrets.compactMap { environment[$0] },
      log: (
        folder.absolute(folder.log(of: asset.key.name)), folder.log(of: asset.key.name)
      ))
    let warnings = try await sandboxed(call, step, work: work) { try await ProgramRunner.run($0) }
    for candidate in candidates {
      guard let facts = FileFacts(path: folder.absolute(candidate.path)) else {
        throw StepError.missingOutput(
          asset: asset.key, path: candidate.output ?? "$ASSETCTL_OUTPUT",
          log: folder.log(of: asset.key.name))
      }
      guard facts.isFile else {
        throw StepError.outputNotFile(asset: asset.key, path: candidate.output ?? "its rows")
      }
    }
    let verify = { @Sendable in try held.verify() }

    if program.product == .table {
      let file = RowFile(path: folder.absolute(candidates[0].path), shownPath: "$ASSETCTL_OUTPUT")
      let rows = rowFiles([file], RowFormat(), of: asset)
      var product = try await publishTable(
        step, .rows { try rows.open() }, provenance: provenance, started: started, verify: verify)
      product.warnings = warnings
      return product
    }
    try verify()
    var product = try publishFiles(
      candidates, step, provenance: provenance, started: started)
    product.warnings = warnings
    return product
  }

  /// Makes sure that no symbolic link leads an output out of the project, or to assetctl's own files.
  private func verifyInside(_ outputs: [String], of asset: Asset) throws {
    guard let root = FilePublishing.realFolder(of: folder.project + "/.") else { return }
    let inside = root == "/" ? "/" : root + "/"
    for output in outputs {
      guard let target = FilePublishing.realFolder(of: folder.absolute(output)) else { continue }
      let isOurs = (target + "/").hasPrefix(inside + ".assetctl/")
      guard isOurs || (target != root && !target.hasPrefix(inside)) else { continue }
      throw StepError.outputOutside(asset: asset.key, path: output, target: target)
    }
  }

  /// A file that a program is to write, and where it is published.
  struct Candidate {
    /// The path to write to, relative to the project.
    var path: String
    /// The declared output; `nil` for the rows of a table.
    var output: String?
  }

  private func candidates(
    of program: ProgramRecipe, asset: Asset, work: String
  ) -> [Candidate] {
    guard program.product != .table else {
      return [Candidate(path: "\(work)/outputs/\(asset.key.name)", output: nil)]
    }
    // Numbered folders keep the names, and their extensions, of outputs that share them.
    return program.outputs.map(\.path).enumerated().map { index, output in
      let name = output.split(separator: "/").last.map(String.init) ?? output
      return Candidate(
        path: "\(work)/outputs/\(index)/\(name)", output: output)
    }
  }

  struct Handed {
    var environment: [String: String] = [:]
    var inputs: [InputName: ConsumedInput] = [:]
  }

  /// Exports tables, names files, and digests just what the program will read.
  private func handOver(_ step: Step, work: String) async throws -> Handed {
    var handed = Handed()
    for input in step.asset.inputs {
      guard let source = step.inputs.first(where: { $0.key == input.key }) else { continue }
      let variable = "ASSETCTL_INPUT_" + input.key.name.uppercased()
      guard let table = source.tableName else {
        for (index, output) in source.outputs.enumerated() {
          if index == 0 { handed.environment[variable] = folder.absolute(output) }
          if source.outputs.count > 1 {
            handed.environment[variable + "_" + ProgramOutput.name(of: output)] = folder.absolute(
              output)
          }
        }
        continue
      }
      let path = "\(work)/inputs/\(input.key.name).\(input.format.rawValue)"
      try FilePublishing.makeFolder(folder.absolute(work + "/inputs"))
      let file = RowFile(path: folder.absolute(path), shownPath: path)
      let format = input.format
      let content = try await warehouse.export(
        TableRequest(
          key: input.key, table: table, consumptions: [input.consumption],
          isPublished: !source.isSource),
        columns: input.exportedColumns
      ) { columns in
        switch format {
        case .csv: try CSVWriter(file, columns: columns.map(\.name))
        case .jsonl: try JSONLinesWriter(file, columns: columns.map(\.name))
        }
      }
      handed.environment[variable] = file.path
      handed.inputs[.asset(input.key)] = content[input.consumption].map {
        ConsumedInput(input.consumption, $0)
      }
    }
    return handed
  }

  /// The files that the program reads by themselves, with the digests that they are to have: its own
  /// code, and the published files of its inputs.
  private func filesRead(by step: Step) throws -> [String: ContentDigest] {
    var files: [String: ContentDigest] = [:]
    for field in step.asset.definition.fields where field.name.hasPrefix("code.") {
      files[String(field.name.dropFirst("code.".count))] = ContentDigest(rawValue: field.value)
    }
    for source in step.inputs where !source.outputs.isEmpty {
      var outputs: [String: ContentDigest] = [:]
      for output in source.outputs {
        outputs[output] = try digestFile(folder.absolute(output), shownPath: output)
      }
      guard
        contentDigest(ofFiles: outputs) == step.provenance.inputs[.asset(source.key)]?.digest
      else { throw StepError.editedMeanwhile(asset: step.asset.key, path: source.outputs[0]) }
      files.merge(outputs) { first, _ in first }
    }
    return files
  }

  private func environment(
    of program: ProgramRecipe, asset: Asset, inputs: [String: String], candidates: [Candidate]
  ) -> [String: String] {
    var values = environment.filter { !$0.key.hasPrefix("ASSETCTL_") }
    values.merge(inputs) { _, new in new }
    for (name, value) in program.vars { values["ASSETCTL_VAR_" + name.uppercased()] = value.text }
    values["ASSETCTL_ASSET"] = asset.key.name
    values["ASSETCTL_RUN"] = folder.run
    for (index, candidate) in candidates.enumerated() {
      let path = folder.absolute(candidate.path)
      if index == 0 { values["ASSETCTL_OUTPUT"] = path }
      if let output = candidate.output {
        values["ASSETCTL_OUTPUT_" + ProgramOutput.name(of: output)] = path
      }
    }
    return values
  }

  private func publishFiles(
    _ candidates: [Candidate], _ step: Step, provenance: Provenance, started: Timestamp
  ) throws -> StepProduct {
    var files: [String: ContentDigest] = [:]
    for candidate in candidates {
      guard let output = candidate.output else { continue }
      files[output] = try digestFile(folder.absolute(candidate.path), shownPath: output)
    }
    let digest = contentDigest(ofFiles: files)
    let materialization = record(
      step, provenance: provenance, started: started,
      product: Product(digest: digest, files: files, metrics: metrics(in: candidates, of: step)))
    if let attempt = step.attempt {
      try journal.noteCandidate(materialization, step.asset.definition, attempt)
    }
    for candidate in candidates {
      guard let output = candidate.output else { continue }
      try keepWhatIsNotOurs(at: output, step, replacedBy: files[output])
      try FilePublishing.publish(folder.absolute(candidate.path), at: folder.absolute(output))
    }
    return StepProduct(materialization: materialization, content: [.whole: digest])
  }

  /// The metrics that a model's first file tells.
  private func metrics(in candidates: [Candidate], of step: Step) -> [String: Double]? {
    guard step.asset.kind == .model, let first = candidates.first else { return nil }
    return modelMetrics(of: folder.absolute(first.path))
  }

  /// Puts a file aside that stands at an output's place and that no materialization made.
  private func keepWhatIsNotOurs(
    at output: String, _ step: Step, replacedBy digest: ContentDigest?
  ) throws {
    let path = folder.absolute(output)
    guard let facts = FileFacts(path: path) else { return }
    guard facts.isFile else {
      throw StepError.outputIsFolder(asset: step.asset.key, path: output)
    }
    let present = try digestFile(path, shownPath: output)
    let published = step.published?.product
    guard present != digest, present != published?.digest, present != published?.files?[output]
    else { return }
    try FilePublishing.keep(path, at: folder.absolute(folder.kept(output)))
  }
}

/// The digest of an asset's files: of the bytes of one, and of several together with their paths.
package func contentDigest(ofFiles files: [String: ContentDigest]) -> ContentDigest {
  files.count == 1 ? files.first?.value ?? .init(combining: files) : .init(combining: files)
}
