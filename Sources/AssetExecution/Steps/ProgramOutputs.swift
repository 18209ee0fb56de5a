package import AssetCore

// What a program writes, and how that becomes visible.

/// A file or folder that a program is to write, and where it is published.
struct Candidate: Sendable {
  /// The path to write to, relative to the project.
  var path: String
  /// The declared output; `nil` for the rows of a table.
  var output: ProgramOutput?

  /// The variable that holds the path.
  var variable: String { output.map { "ASSETCTL_OUTPUT_" + $0.name } ?? "ASSETCTL_OUTPUT" }
}

extension StepContext {
  /// Makes the folders that a program writes to.
  func makeRoom(
    for program: ProgramRecipe, _ asset: Asset, work: String
  ) throws -> [Candidate] {
    var candidates: [Candidate] = []
    if program.product == .table {
      candidates = [Candidate(path: "\(work)/outputs/\(asset.key.name)", output: nil)]
    } else {
      // Numbered folders keep the names, and their extensions, of outputs that share them.
      for (index, output) in program.outputs.enumerated() {
        let name = PathText.name(of: output.path)
        candidates.append(Candidate(path: "\(work)/outputs/\(index)/\(name)", output: output))
      }
    }
    for candidate in candidates {
      let path = folder.absolute(candidate.path)
      let isFolder = candidate.output?.isFolder == true
      try FilePublishing.makeFolder(isFolder ? path : FilePublishing.parent(of: path))
    }
    return candidates
  }

  /// Makes links within candidates such that they lead to the same when these are published.
  func settleLinks(in candidates: [Candidate], of asset: AssetKey, work: String) throws {
    for candidate in candidates {
      guard let output = candidate.output?.path else { continue }
      try CandidateLinks(
        asset: asset, folder: folder.absolute(candidate.path), shownPath: output,
        work: folder.absolute(work)
      ).settle()
    }
  }

  /// Whether a candidate is a symbolic link, whose target would not be published with it.
  func isLink(_ candidate: Candidate) -> Bool {
    FilePublishing.isLink(folder.absolute(candidate.path))
  }

  /// Publishes all files and folders of an asset, or none.
  func publishFiles(
    _ candidates: [Candidate], _ step: Step, provenance: Provenance, report: ProgramReport,
    started: Timestamp
  ) throws -> StepProduct {
    var files: [String: ContentDigest] = [:]
    var moves: [FilePublishing.Move] = []
    for candidate in candidates {
      guard let output = candidate.output?.path else { continue }
      let path = folder.absolute(candidate.path)
      let place = folder.absolute(output)
      files[output] = try digestOutput(
        path, shownPath: output, root: folder.project, place: place)
      moves.append(.init(candidate: path, path: place))
    }
    let digest = contentDigest(ofFiles: files)
    var product = Product(
      digest: digest, files: files, metrics: report.metrics,
      metadata: report.metadata.isEmpty ? nil : report.metadata)
    let checks = report.checks + (try judgeNumbers(of: product, step, started: started))
    if checks.contains(where: \.isFatal) {
      throw StepError.checksFailed(asset: step.asset.key, checks, keptAs: nil)
    }
    product.checks = checks.isEmpty ? nil : checks
    let materialization = record(step, provenance: provenance, from: started, product: product)
    if let attempt = step.attempt {
      try journal.noteCandidate(materialization, step.asset.definition, attempt)
    }
    // The program may have made a link where a folder is to be.
    try verifyInside(files.keys.sorted(), of: step.asset)
    let kept = try files.keys.sorted().compactMap {
      try keepWhatIsNotOurs(at: $0, step, replacedBy: files[$0])
    }
    try programs.publishing(files.keys) { try FilePublishing.publish(moves) }
    return StepProduct(
      materialization: materialization, content: [.whole: digest],
      warnings: kept + report.warnings + checks.compactMap(\.warning))
  }

  /// Puts a file or folder aside that stands at an output's place and that no materialization made.
  ///
  /// - Returns: What is to be said of it, if there was one.
  private func keepWhatIsNotOurs(
    at output: String, _ step: Step, replacedBy digest: ContentDigest?
  ) throws -> Diagnostic? {
    let path = folder.absolute(output)
    guard try FileFacts(path: path, shownPath: output) != nil else { return nil }
    let present = try digestOutput(path, shownPath: output, root: folder.project)
    let published = step.published?.product
    guard present != digest, present != published?.digest, present != published?.files?[output]
    else { return nil }
    let kept = folder.kept(output)
    try FilePublishing.keep(path, at: folder.absolute(kept))
    return Diagnostic(
      "`\(output)` was not as assetctl had published it, and was replaced", severity: .warning,
      facts: [.init("kept", kept)])
  }
}

/// The digest of an asset's files: of one alone, and of several together with their paths.
package func contentDigest(ofFiles files: [String: ContentDigest]) -> ContentDigest {
  files.count == 1 ? files.first?.value ?? .init(combining: files) : .init(combining: files)
}
