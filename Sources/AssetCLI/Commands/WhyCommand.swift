import ArgumentParser
import AssetOperations
import AssetRendering

struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Explain an asset's status: the chain of causes, or the proof that it is fresh.",
    usage: "assetctl why [<options>] <asset>",
    discussion: """
      Examples:
        assetctl why daily_delays
        assetctl why daily_delays@2024-01-02
        assetctl why daily_delays --format json
      """)

  @Argument(help: "The asset, or ASSET@PARTITION.", completion: Completions.asset)
  var asset: String

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.workspace().why(asset)
    switch output.format {
    case .text: Terminal.output.write(text(of: report, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    }
  }
}
