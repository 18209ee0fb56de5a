import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the last runs, the newest first.",
    usage: "assetctl runs [<options>]",
    discussion: """
      Examples:
        assetctl runs
        assetctl runs -n 3 --format json
      """)

  @Option(name: .short, help: ArgumentHelp("How many runs to list.", valueName: "n"))
  var number = 20

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let workspace = try global.workspace()
    let runs = try workspace.runs(limit: max(0, number))
    switch output.format {
    case .text: Terminal.output.write(text(of: runs, style: global.style))
    case .json: Terminal.output.write(json(of: runs, project: workspace.project.name))
    }
  }
}
