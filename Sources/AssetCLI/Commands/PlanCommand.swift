import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

/// What `plan` and `materialize` are told.
struct PlanOptions: ParsableArguments {
  @Flag(help: "Just the selected assets, not what is stale upstream of them.")
  var only = false

  @Flag(help: "The selected assets even if they are fresh.")
  var force = false

  @Option(help: ArgumentHelp("Leave out what this selection names.", valueName: "selection"))
  var exclude: [String] = []

  @Flag(
    help: "Build incremental assets anew from their beginning; all others are always built whole.")
  var fullRefresh = false

  func request(_ selection: [String]) -> MaterializeRequest {
    MaterializeRequest(
      selection: selection, excluded: exclude, onlySelected: only, isForced: force)
  }
}

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what materialize would do.",
    usage: "assetctl plan [<options>] [<selection> ...]",
    discussion: """
      Nothing is run. Assets whose inputs are stale are decided during the run, once those are \
      materialized: if they come out the same, their readers are not run.

      Examples:
        assetctl plan
        assetctl plan daily_delays --only
      """)

  @OptionGroup var selected: SelectionArguments
  @OptionGroup var options: PlanOptions
  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.workspace().planReport(options.request(selected.selection))
    show(report, as: output.format, style: global.style)
  }
}

func show(_ report: PlanReport, as format: OutputFormat, style: TextStyle) {
  switch format {
  case .text: Terminal.output.write(text(of: report, style: style))
  case .json: Terminal.output.write(json(of: report))
  }
}
