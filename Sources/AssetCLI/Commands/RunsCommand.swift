import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the last runs, or show one with the reasons of what came of it.",
    usage: """
      assetctl runs [<options>]
      assetctl runs [<options>] <run>
      """,
    discussion: """
      Of one run it shows each asset with its outcome, why it was materialized, what its checks \
      found, and where the log of its program is.

      Examples:
        assetctl runs
        assetctl runs last
        assetctl runs 20261121-0914
        assetctl runs -n 3 --format json
      """)

  @Argument(help: "One run: its name, the beginning of that, or `last`.")
  var run: String?

  @Option(
    name: .customShort("n", allowingJoined: true),
    help: ArgumentHelp("How many runs to list.", valueName: "n"))
  var number = 20

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let workspace = try global.workspace()
    if let run {
      let details = try workspace.runDetails(of: run)
      switch output.format {
      case .text:
        Terminal.output.write(text(of: details, isVerbose: global.verbose, style: global.style))
      case .json: Terminal.output.write(json(of: details, project: workspace.project.name))
      }
      return
    }
    let runs = try workspace.runs(limit: max(0, number))
    switch output.format {
    case .text: Terminal.output.write(text(of: runs, style: global.style))
    case .json: Terminal.output.write(json(of: runs, project: workspace.project.name))
    }
  }
}
