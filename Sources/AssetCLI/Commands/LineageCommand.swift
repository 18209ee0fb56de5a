import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct LineageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineage",
    abstract: "Show what an asset or a column is made from and what is made from it.",
    usage: "assetctl lineage [<options>] [<asset>[.<column>]]",
    discussion: """
      Without an asset it shows all assets and sources.

      Examples:
        assetctl lineage
        assetctl lineage daily_delays
        assetctl lineage daily_delays --columns
        assetctl lineage flights.distance --downstream
        assetctl lineage daily_delays --upstream --depth 1
        assetctl lineage flights --format mermaid
        assetctl lineage delay_model --run last
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, tree, json, dot, mermaid
  }

  @Argument(
    help: "The asset, or one of its columns; the whole graph if left out.",
    completion: Completions.column)
  var asset: String?

  @Flag(help: "Only what it is made from.")
  var upstream = false

  @Flag(help: "Only what is made from it.")
  var downstream = false

  @Option(help: ArgumentHelp("How many steps to follow; all if left out.", valueName: "n"))
  var depth: Int?

  @Flag(help: "The columns of all assets that are shown, and where their values come from.")
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
    if asset == nil, upstream || downstream || columns || depth != nil || runName != nil {
      throw ValidationError(
        "`--upstream`, `--downstream`, `--depth`, `--columns` and `--run` need an asset")
    }
    if let depth, depth < 1 { throw ValidationError("`--depth \(depth)` follows nothing") }
  }

  func run() async throws {
    let workspace = try global.workspace()
    guard let asset else {
      let report = try await workspace.wholeLineage()
      switch format {
      case .text, .tree: Terminal.output.write(treeText(of: report))
      case .json: Terminal.output.write(json(of: report))
      case .dot: Terminal.output.write(dotText(of: report))
      case .mermaid: Terminal.output.write(mermaidText(of: report))
      }
      return
    }
    // Neither flag asks for both sides, as both flags do.
    let report = try await workspace.lineage(
      LineageRequest(
        asset, upstream: upstream || !downstream, downstream: downstream || !upstream,
        depth: depth, showsColumns: columns, run: runName))
    if !global.quiet, runName == nil {
      let shown = Set(report.upstream + [report.asset] + report.downstream)
      global.warn(of: try await workspace.columnWarnings(of: shown))
    }
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
