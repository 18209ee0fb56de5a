import AssetCore
import AssetWarehouse

extension StepContext {
  /// Runs a program on exported inputs, and publishes what it wrote.
  func run(
    _ program: ProgramRecipe, _ step: Step, started: Timestamp
  ) async throws -> CarriedOut {
    let asset = step.asset
    let work = folder.work(of: asset.key.name)
    var isHeld = false
    try verifyInside(program.outputs.map(\.path), of: asset)
    FilePublishing.removeFolder(folder.absolute(work))
    defer { if !isHeld { removeWork(of: step) } }

    let held = try await HeldFiles(
      filesRead(by: step), filesGiven(to: step), knowing: knownFiles, in: folder, for: asset.key)
    let handed = try await handOver(step, work: work)
    var provenance = step.provenance
    // What is the same keeps the details that were found when it was looked at.
    provenance.inputs.merge(handed.inputs) { seen, actual in seen == actual ? seen : actual }
    let candidates = try makeRoom(for: program, asset, work: work)
    let guarded = GuardedFiles(of: self, besides: asset)
    let turn = programs.begin()
    var report: ProgramReport
    do {
      report = try await start(program, step, handed.environment, candidates, work: work)
    } catch {
      _ = programs.end(turn)
      throw error
    }
    let wasAlone = programs.end(turn)
    let overwritten = guarded.overwritten(since: self)
    if wasAlone, let first = overwritten.first {
      throw StepError.overwroteOutput(asset: asset.key, path: first.path, owner: first.owner)
    }
    report.warnings += overwritten.map { GuardedFiles.warning(of: $0, after: asset.key) }
    step.notes.warnings = report.warnings
    try verifyWritten(candidates, by: asset)
    try settleLinks(in: candidates, of: asset.key, work: work)
    try held.verify()
    report.judge(asset, program, metricsOf: candidates, in: folder)
    step.notes.warnings = report.warnings
    report = report.masked(by: mask)
    if report.checks.contains(where: \.isFatal) {
      throw StepError.checksFailed(asset: asset.key, report.checks, keptAs: nil)
    }
    if program.product == .table {
      let path = folder.absolute(candidates[0].path)
      isHeld = step.isHeld
      let rows = rowFiles(
        [RowFile(path: path, shownPath: "$ASSETCTL_OUTPUT")], RowFormat(), of: asset)
      if FilePublishing.isEmptyFile(path), !asset.columns.isEmpty {
        // JSON Lines of no rows; the columns are those that are declared.
        let columns = asset.columns.map { Column($0.name, type: ($0.type ?? .text).rawValue) }
        return try await publishTable(
          step, .rows { RowList(columns, []) }, provenance: provenance, report: report,
          started: started, verify: { try held.verify() })
      }
      return try await publishTable(
        step, .rows { try rows.open() }, provenance: provenance, report: report, started: started,
        verify: { try held.verify() })
    }
    return .published(
      try publishFiles(
        candidates, step, provenance: provenance, report: report, started: started))
  }

  /// Removes what a program was given and wrote beside its outputs.
  func removeWork(of step: Step) {
    FilePublishing.removeFolder(folder.absolute(folder.work(of: step.asset.key.name)))
  }

  /// Runs the program to its end, and reads what it reports meanwhile.
  private func start(
    _ program: ProgramRecipe, _ step: Step, _ inputs: [String: String], _ candidates: [Candidate],
    work: String
  ) async throws -> ProgramReport {
    let asset = step.asset.key
    let log = folder.log(of: asset.name)
    // A program may read what another has written.
    let secrets = secrets.sorted()
    let pipes = try PipesSession(
      asset.asset, partition: step.asset.partition, run: folder.run,
      definition: step.asset.definition.sha256, in: folder.absolute(work), secrets: secrets,
      keeping: step.log)
    let call = ProgramCall(
      asset: asset, run: folder.run, command: program.command, folder: folder.project,
      environment: environment(of: program, step.asset, inputs, candidates)
        .merging(pipes.environment) { _, new in new },
      secrets: secrets, log: (folder.absolute(log), log))
    let follower = Task { await pipes.follow(into: call.log.path) }
    defer { follower.cancel() }
    let warnings: [Diagnostic]
    do {
      warnings = try await sandboxed(call, step, work: work) { try await ProgramRunner.run($0) }
    } catch {
      step.notes.warnings =
        ProgramReport(pipes.finish(into: call.log.path), of: asset).warnings + step.notes.warnings
      throw error
    }
    var report = ProgramReport(pipes.finish(into: call.log.path), of: asset)
    report.warnings += warnings
    return report
  }

  /// Makes sure that no symbolic link leads an output out of the project, or to assetctl's own files.
  func verifyInside(_ outputs: [String], of asset: Asset) throws {
    guard let root = FilePublishing.realFolder(of: folder.project + "/.") else { return }
    let inside = root == "/" ? "/" : root + "/"
    for output in outputs {
      guard let target = FilePublishing.realFolder(of: folder.absolute(output)) else { continue }
      let isOurs = PathText.lies(target, in: inside + ".assetctl")
      guard isOurs || !PathText.lies(target, in: root) else { continue }
      throw StepError.outputOutside(asset: asset.key, path: output, target: target)
    }
  }

  private func verifyWritten(_ candidates: [Candidate], by asset: Asset) throws {
    let missing = candidates.filter { !isWritten($0) }
    guard missing.isEmpty else {
      let log = folder.log(of: asset.key.name)
      throw StepError.missingOutputs(
        asset: asset.key,
        missing.map { candidate in
          StepError.MissingOutput(
            path: candidate.output?.path ?? "$ASSETCTL_OUTPUT",
            variable: candidates.count == 1 ? "ASSETCTL_OUTPUT" : candidate.variable)
        }, log: log, tail: ProgramRunner.lastLines(of: folder.absolute(log), count: 12))
    }
    for candidate in candidates {
      guard let facts = try FileFacts(path: folder.absolute(candidate.path)),
        facts.isFile || (facts.isFolder && candidate.output != nil), !isLink(candidate)
      else {
        throw StepError.outputNotFile(asset: asset.key, path: candidate.output?.path ?? "its rows")
      }
    }
  }

  /// Whether something is there; a declared folder with nothing in it is not.
  private func isWritten(_ candidate: Candidate) -> Bool {
    let path = folder.absolute(candidate.path)
    guard let facts = try? FileFacts(path: path) else { return false }
    return !(candidate.output?.isFolder == true && facts.isFolder)
      || !FilePublishing.names(in: path).isEmpty
  }

  private func environment(
    of program: ProgramRecipe, _ asset: Asset, _ inputs: [String: String],
    _ candidates: [Candidate]
  ) -> [String: String] {
    var values = environment.filter { !$0.key.hasPrefix("ASSETCTL_") }
    values.merge(inputs) { _, new in new }
    for (name, value) in program.vars { values["ASSETCTL_VAR_" + name.uppercased()] = value.text }
    values["ASSETCTL_ASSET"] = asset.key.asset.name
    for (parameter, value) in asset.partition?.parameters ?? [:] {
      values[parameter.environmentName] = value.text
    }
    values["ASSETCTL_RUN"] = folder.run
    values["ASSETCTL_ITEM"] = program.item?.text
    values["ASSETCTL_STEM"] = program.item?.stem
    for (index, candidate) in candidates.enumerated() {
      let path = folder.absolute(candidate.path)
      if index == 0 { values["ASSETCTL_OUTPUT"] = path }
      if candidate.output != nil { values[candidate.variable] = path }
    }
    return values
  }
}

/// What a program told of what it made, beside what it wrote.
struct ProgramReport: Sendable {
  var metadata: Metadata = [:]
  /// The numbers among the metadata.
  var numbers: [String: Double] = [:]
  var metrics: [String: Double]?
  var checks: [CheckResult] = []
  var warnings: [Diagnostic] = []

  init() {}

  init(_ report: PipesReport, of asset: AssetKey) {
    metadata = report.metadata
    numbers = report.numbers
    checks = report.checks
    for stranger in Set(report.strangers).sorted() {
      warnings.append(
        Diagnostic(
          "the program of `\(asset)` reported on `\(stranger)`, which is another asset",
          severity: .warning, hint: "report on `\(asset)` alone; the rest was left out"))
    }
    warnings += report.warnings(on: asset)
  }

  /// The same without secrets.
  func masked(by mask: SecretMask) -> ProgramReport {
    guard !mask.isEmpty else { return self }
    var report = self
    report.metadata = metadata.masked(mask.masked)
    report.metrics = metrics.map { metrics in
      Dictionary(metrics.sorted { $0.key < $1.key }.map { (mask.masked($0.key), $0.value) }) {
        first, _ in first
      }
    }
    report.checks = checks.map { $0.masked(mask.masked) }
    return report
  }

  /// Reads a model's metrics and compares them with their bounds.
  mutating func judge(
    _ asset: Asset, _ program: ProgramRecipe, metricsOf candidates: [Candidate],
    in folder: RunFolder
  ) {
    let file = candidates.first { program.metrics == nil || $0.output?.path == program.metrics }
    var metrics: [String: Double] = [:]
    if program.product == .model || program.metrics != nil {
      // Numbers that are reported as metadata are metrics too.
      metrics = numbers
      if let file {
        let told = ModelMetrics(
          of: folder.absolute(file.path), isDeclared: program.metrics != nil)
        metrics.merge(told.values) { _, new in new }
        warnings += told.problems.map { $0.warning(on: file.output?.path ?? file.path) }
      }
    }
    self.metrics = metrics.isEmpty ? nil : metrics
    let reported = numbers.merging(metrics) { _, new in new }
    checks += asset.checks.compactMap { check in
      guard case .metric(let bounds) = check.assertion else { return nil }
      let verdict = bounds.verdict(in: reported)
      return check.result(passed: verdict.isKept, message: verdict.message)
    }
  }
}
