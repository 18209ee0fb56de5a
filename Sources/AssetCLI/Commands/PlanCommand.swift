import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

/// What `plan` and `materialize` are told.
struct PlanOptions: ParsableArguments {
  @Flag(help: "Just the selected assets, not what is stale upstream of them.")
  var only = false

  @Flag(
    help:
      "Of the selected assets just those that failed, were skipped or were cancelled in the last run."
  )
  var retry = false

  @Flag(help: "The selected assets even if they are fresh.")
  var force = false

  @Option(help: ArgumentHelp("Leave out what this selection names.", valueName: "selection"))
  var exclude: [String] = []

  @Flag(
    help:
      "Build the selected incremental and partitioned assets anew; others are always built whole.")
  var fullRefresh = false

  @Option(
    help: ArgumentHelp(
      "Of the selected assets with partitions just these, by key or from one to another.",
      valueName: "key[..key]"))
  var partition: [String] = []

  func request(_ selection: [String]) -> MaterializeRequest {
    MaterializeRequest(
      selection: selection, excluded: exclude, onlySelected: only, isRetry: retry,
      isForced: force, isFullRefresh: fullRefresh, partitions: partition)
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
    try await show(options.request(selected.selection), as: output.format, global: global)
  }
}

/// Shows what a request would do.
func show(
  _ request: MaterializeRequest, as format: OutputFormat, global: GlobalOptions
) async throws {
  let workspace = try global.workspace()
  let report = try await workspace.planReport(request)
  if !global.quiet {
    global.warn(of: report.warnings)
    let steps = Set(report.plan.steps.map(\.key.asset))
    global.warn(of: try await workspace.columnWarnings(of: steps))
  }
  switch format {
  case .text:
    Terminal.output.write(text(of: report, isVerbose: global.verbose, style: global.style))
  case .json: Terminal.output.write(json(of: report))
  }
}
