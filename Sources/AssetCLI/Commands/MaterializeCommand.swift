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
        assetctl materialize flights_clean --force -j 4
      """)

  @OptionGroup var selected: SelectionArguments
  @OptionGroup var options: PlanOptions

  @Flag(help: "Show the plan and do nothing.")
  var dryRun = false

  @Option(
    name: .short,
    help: ArgumentHelp("How many assets to build at once; as many as cores.", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Start nothing more after the first failure.")
  var failFast = false

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("`-j \(jobs)` builds nothing; use 1 or more") }
  }

  func run() async throws {
    var request = options.request(selected.selection)
    request.limit = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    request.stopsAtFailure = failFast
    if dryRun {
      try await show(request, as: output.format, global: global)
      return
    }
    let report = try await materialize(request)
    switch output.format {
    case .text where global.quiet: break
    case .text: Terminal.output.write(ending(of: report))
    case .json: Terminal.output.write(json(of: report))
    }
    switch report.outcome {
    case .succeeded: break
    case .failed: throw ExitCode.failed
    case .cancelled: throw ExitCode.interrupted
    }
  }

  private func materialize(_ request: MaterializeRequest) async throws -> RunReport {
    let workspace = try global.workspace(for: .materializing)
    let showsLive = !global.quiet && Terminal.error.isTerminal
    let presenter = RunPresenter(
      lines: output.format == .text ? .output : .error, live: showsLive ? .error : nil,
      color: global.color, showsFailuresOnly: global.quiet)
    let drawing = Task { await presenter.keepDrawing() }
    defer {
      drawing.cancel()
      presenter.end()
    }
    return try await workspace.materialize(request) { presenter.show($0) }
  }

  /// The summary, set apart from the lines above it if there are any.
  private func ending(of report: RunReport) -> String {
    (report.run == nil ? "" : "\n") + summary(of: report) + undeclaredText(report.undeclared)
  }
}
