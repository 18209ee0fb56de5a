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
  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.workspace().check(selected.selection)
    switch output.format {
    case .text where global.quiet && !report.hasFailed: break
    case .text:
      Terminal.output.write(
        text(of: report, isVerbose: global.verbose, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    }
    if report.hasFailed { throw ExitCode.failed }
  }
}
