import ArgumentParser
import AssetOperations
import AssetRendering

struct PreviewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Show the first rows of a table.",
    usage: "assetctl preview [<options>] <asset>",
    discussion: """
      Examples:
        assetctl preview daily_delays
        assetctl preview daily_delays@2024-01-02
        assetctl preview flights -n 100 --format json
      """)

  @Argument(help: "The asset, ASSET@PARTITION, or the source.", completion: Completions.asset)
  var asset: String

  @Option(
    name: .customShort("n", allowingJoined: true),
    help: ArgumentHelp("How many rows to show.", valueName: "n"))
  var number = 20

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.workspace().preview(asset, limit: max(0, number))
    switch output.format {
    case .text: Terminal.output.write(text(of: report, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    }
  }
}
