import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Run the checks on what is published.",
    usage: "assetctl check [<options>] [<selection> ...]",
    discussion: """
      Checks of tables, views and sources are run on the rows that readers see now; nothing is built \
      and nothing is written. The exit code is 1 if a check of severity `error` does not pass or \
      could not be carried out. With --verbose checks that passed are shown, too.

      Examples:
        assetctl check
        assetctl check daily_delays+
        assetctl check --format json
      """)

  @OptionGroup var selected: SelectionArguments
  @Option(help: ReportFormat.help) var format: ReportFormat = .text
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await format.reportingProblems(of: "check", in: global) { try await runChecks() }
  }

  private func runChecks() async throws {
    let workspace = try global.workspace()
    let report = try await workspace.check(selected.selection)
    let exitCode: ExitCode = report.hasFailed ? .failed : .success
    switch format {
    case .text where global.quiet && !report.hasFailed: break
    case .text:
      Terminal.output.write(
        text(of: report, isVerbose: global.verbose, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    case .jsonl:
      Terminal.output.write(jsonLines(of: report, exitCode: exitCode.rawValue, at: .now))
    case .github, .gitlab, .junit, .sarif, .markdown:
      let found = findings(of: report) { workspace.graph[$0] }
      format.write(found, ofProjectIn: workspace.folder)
    }
    if exitCode != .success { throw exitCode }
  }
}
