import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct CleanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Remove the outputs of assets that are no longer declared, and old logs.",
    usage: "assetctl clean [<options>] [<name> ...]",
    discussion: """
      Only tables and files that assetctl published, and that are still as it published them, are \
      removed. Without names the folders of all runs but the newest 20 are removed, too.

      Examples:
        assetctl clean --dry-run
        assetctl clean 'sales_*'
        assetctl clean customer_history --snapshots
      """)

  @Argument(
    help: ArgumentHelp(
      "Names of assets that are no longer declared, with `*` and `?`; all of them if left out.",
      valueName: "name"))
  var names: [String] = []

  @Flag(help: "Show what would be removed and do nothing.")
  var dryRun = false

  @Flag(help: "Remove the tables of snapshots, too, whose histories nothing gives back.")
  var snapshots = false

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let workspace = try global.workspace(for: dryRun ? .looking : .materializing, mayBeEmpty: true)
    let request = CleanRequest(selection: names, isDryRun: dryRun, removesHistories: snapshots)
    let report = try await workspace.clean(request) {
      if !global.quiet { Terminal.error.write("waiting for the run \($0) to end\n") }
    }
    switch output.format {
    case .text where global.quiet: break
    case .text: Terminal.output.write(text(of: report, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    }
  }
}
