import ArgumentParser
import AssetOperations
import AssetRendering

struct LineageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineage",
    abstract: "Show what an asset is made from and what is made from it.",
    usage: "assetctl lineage [<options>] <asset>",
    discussion: """
      Examples:
        assetctl lineage daily_delays
        assetctl lineage daily_delays --upstream --depth 1
        assetctl lineage flights --format mermaid
        assetctl lineage delay_model --run last
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, tree, json, dot, mermaid
  }

  @Argument(help: "The asset.")
  var asset: String

  @Flag(help: "Only what the asset is made from.")
  var upstream = false

  @Flag(help: "Only what is made from the asset.")
  var downstream = false

  @Option(help: ArgumentHelp("How many steps to follow; all if left out.", valueName: "n"))
  var depth: Int?

  @Flag(help: "The lineage of columns; not supported yet.")
  var columns = false

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "As it was after this run: its name, the beginning of that, or `last`.", valueName: "run"))
  var runName: String?

  @Option(help: "How to write it: tree (or text), json, dot or mermaid.")
  var format: Format = .tree

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if columns { throw ValidationError("`--columns` is not supported yet") }
    if let depth, depth < 1 { throw ValidationError("`--depth \(depth)` follows nothing") }
  }

  func run() async throws {
    // Neither flag asks for both sides, as both flags do.
    let report = try global.workspace().lineage(
      of: asset, upstream: upstream || !downstream, downstream: downstream || !upstream,
      depth: depth, run: runName)
    let text =
      switch format {
      case .text, .tree: treeText(of: report, style: global.style)
      case .json: json(of: report)
      case .dot: dotText(of: report)
      case .mermaid: mermaidText(of: report)
      }
    Terminal.output.write(text)
  }
}
