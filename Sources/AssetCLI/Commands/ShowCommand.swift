import ArgumentParser
import AssetOperations
import AssetRendering

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show an asset: its definition, columns, inputs and last materializations.",
    usage: "assetctl show [<options>] <asset>",
    discussion: """
      Examples:
        assetctl show delay_model
        assetctl show daily_delays -n 20 --format json
      """)

  @Argument(help: "The asset, or ASSET@PARTITION.", completion: Completions.asset)
  var asset: String

  @Option(
    name: .customShort("n", allowingJoined: true),
    help: ArgumentHelp("How many materializations to show.", valueName: "n"))
  var number = 5

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.workspace().show(asset, limit: max(0, number))
    switch output.format {
    case .text: Terminal.output.write(text(of: report, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    }
  }
}
