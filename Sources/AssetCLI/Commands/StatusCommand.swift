import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what is fresh, stale, waiting or failed, and why.",
    usage: "assetctl status [<options>] [<selection> ...]",
    discussion: """
      The exit code is 0 if all is fresh, 3 if something is stale or waiting, and 1 if something \
      failed or could not be looked at, or if a source is later than its `error_after`. With --quiet \
      only that is shown. With --verbose fresh assets are shown, too, and what each asset consumes \
      of its inputs; of a whole table, why.

      Examples:
        assetctl status
        assetctl status +daily_delays
        assetctl status --format json
      """)

  @OptionGroup var selected: SelectionArguments
  @Option(help: ReportFormat.help) var format: ReportFormat = .text
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await format.reportingProblems(of: "status", in: global) { try await showStatus() }
  }

  private func showStatus() async throws {
    let workspace = try global.workspace()
    var report = try await workspace.status(selected.selection)
    if global.verbose { try await workspace.addInputs(to: &report) }
    let exitCode = exitCode(of: report)
    switch format {
    case .text where global.quiet:
      Terminal.output.write(failuresText(of: report, style: global.style))
    case .text:
      Terminal.output.write(
        text(of: report, isVerbose: global.verbose, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    case .jsonl:
      Terminal.output.write(jsonLines(of: report, exitCode: exitCode.rawValue, at: .now))
    case .github, .gitlab, .junit, .sarif, .markdown:
      format.write(findings(of: report), ofProjectIn: workspace.folder)
    }
    if exitCode != .success { throw exitCode }
  }

  private func exitCode(of report: StatusReport) -> ExitCode {
    let isTooLate = report.entries.contains { $0.freshness?.outcome == .error }
    if isTooLate || report.count(.failed) + report.count(.unknown) > 0 { return .failed }
    return report.count(.stale) + report.count(.waiting) > 0 ? .stale : .success
  }
}
