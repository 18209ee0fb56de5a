import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct MaterializeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "materialize",
    abstract: "Bring the selected assets up to date, with what is stale upstream of them.",
    usage: "assetctl materialize [<options>] [<selection> ...]",
    discussion: """
      Assets that are fresh are not touched. What fails keeps its old content, and stops only what \
      is downstream of it; the exit code is 1 then.

      Examples:
        assetctl materialize
        assetctl materialize daily_delays tag:nightly
        assetctl materialize --dry-run
        assetctl materialize --dry-run --diff daily_delays
        assetctl materialize --retry
        assetctl materialize daily --partition 2024-01-01..2024-01-31
        assetctl materialize flights_clean --force -j 4
      """)

  @OptionGroup var selected: SelectionArguments
  @OptionGroup var options: PlanOptions

  @Flag(help: "Show the plan and do nothing.")
  var dryRun = false

  @Flag(help: "With --dry-run: try it out, undo all of it, and show which rows would change.")
  var diff = false

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("How many assets to build at once; as many as cores.", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Start nothing more after the first failure.")
  var failFast = false

  @Option(
    help: ArgumentHelp(
      "How to write the result: text, json, jsonl for events as they happen, or for CI systems github, gitlab, "
        + "junit, sarif or markdown.", valueName: "format"))
  var format: ReportFormat = .text

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if dryRun, ![.text, .json].contains(format) {
      let form = format == .jsonl ? "events" : format.rawValue
      throw ValidationError("`--dry-run` has no \(form); use `--format json`")
    }
    if diff, !dryRun {
      throw ValidationError(
        "`--diff` goes with `--dry-run`; what was changed is shown by `assetctl diff ASSET`")
    }
    if let jobs, jobs < 1 { throw ValidationError("`-j \(jobs)` builds nothing; use 1 or more") }
  }

  func run() async throws {
    try await format.reportingProblems(of: "materialize", in: global) { try await carryOut() }
  }

  private func carryOut() async throws {
    var request = options.request(selected.selection)
    request.limit = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    request.stopsAtFailure = failFast
    if diff {
      try await tryOut(request)
      return
    }
    if dryRun {
      try await show(request, as: format == .json ? .json : .text, global: global)
      return
    }
    let workspace = try global.workspace(for: .materializing)
    Workspace.adoptOrphans()
    let events = format == .jsonl ? EventStream(of: workspace) : nil
    let report = try await materialize(request, in: workspace, events: events)
    let exitCode: ExitCode =
      switch report.outcome {
      case .succeeded: .success
      case .failed: .failed
      case .cancelled: .interrupted
      }
    switch format {
    case .text where global.quiet: break
    case .text: Terminal.output.write(ending(of: report))
    case .json: Terminal.output.write(json(of: report))
    case .jsonl: await events?.end(report, exitCode: exitCode.rawValue)
    case .github, .gitlab, .junit, .sarif, .markdown:
      let found = findings(of: report) { workspace.graph[$0] }
      format.write(found, ofProjectIn: workspace.folder)
    }
    if exitCode != .success { throw exitCode }
  }

  private func tryOut(_ request: MaterializeRequest) async throws {
    let report = try await global.workspace().tryOut(request, limit: defaultDiffLimit) {
      if !global.quiet { Terminal.error.write("waiting for the run \($0) to end\n") }
    }
    switch format {
    case .text where global.quiet: break
    case .json: Terminal.output.write(json(of: report))
    default: Terminal.output.write(text(of: report, style: global.style))
    }
    let hasFailed = report.entries.contains { diff in
      !diff.isLeftOut && [.failed, .skipped].contains(diff.result?.outcome)
    }
    if hasFailed { throw ExitCode.failed }
  }

  private func materialize(
    _ request: MaterializeRequest, in workspace: Workspace, events: EventStream?
  ) async throws -> RunReport {
    // Lines that are drawn over do not go together with events on the same terminal.
    let isShared = events != nil && Terminal.output.isTerminal
    let presenter = RunPresenter(
      lines: format == .text ? .output : .error,
      live: global.quiet || isShared || !Terminal.error.canRedraw ? nil : .error,
      color: global.color, showsFailuresOnly: global.quiet, isVerbose: global.verbose,
      logs: { workspace.runLogs(of: $0) })
    let drawing = Task { await presenter.keepDrawing() }
    let following = Task { await events?.keepFollowing() }
    defer {
      drawing.cancel()
      following.cancel()
      presenter.end()
    }
    return try await workspace.materialize(request) { event in
      events?.show(event)
      presenter.show(event)
    }
  }

  /// The summary, set apart from the lines above it if there are any.
  private func ending(of report: RunReport) -> String {
    (report.run == nil ? "" : "\n") + summary(of: report) + undeclaredText(report.undeclared)
  }
}
