import ArgumentParser
import AssetOperations
import AssetRendering

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the assets, with kind, group and tags.",
    usage: "assetctl list [<options>] [<selection> ...]",
    discussion: """
      Examples:
        assetctl list
        assetctl list group:marts
        assetctl list kind:model --format json
      """)

  @OptionGroup var selected: SelectionArguments
  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.workspace().list(selected.selection)
    switch output.format {
    case .text: Terminal.output.write(text(of: report, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    }
  }
}
