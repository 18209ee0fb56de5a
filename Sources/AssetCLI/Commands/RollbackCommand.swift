import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct RollbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Publish the version of a table from before the last materialization.",
    usage: "assetctl rollback [<options>] <asset>",
    discussion: """
      Versions are kept of tables with `keep: N`. The version is published with its own record, so \
      that the table is stale if its definition or its inputs have changed since; then the next \
      `assetctl materialize` makes it anew. What was published until now is kept as a version, and \
      can be published again with --to.

      Examples:
        assetctl rollback daily_delays
        assetctl rollback daily_delays --list
        assetctl rollback daily_delays --to 20261121-0914
      """)

  @Argument(help: "The asset.", completion: Completions.asset)
  var asset: String

  @Option(
    help: ArgumentHelp(
      "The run that made the version to publish, or the beginning of its name.", valueName: "run"))
  var to: String?

  @Flag(help: "List the versions and do nothing.")
  var list = false

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if list, to != nil { throw ValidationError("`--list` and `--to` exclude each other") }
    if to == "" { throw ValidationError("`--to` names no run") }
  }

  func run() async throws {
    if list {
      let report = try await global.workspace().versions(of: asset)
      write(text(of: report, style: global.style), json(of: report))
      return
    }
    let workspace = try global.workspace(for: .materializing)
    let report = try await workspace.rollback(asset, to: to) {
      if !global.quiet { Terminal.error.write("waiting for the run \($0) to end\n") }
    }
    write(text(of: report, style: global.style), json(of: report))
  }

  private func write(_ text: @autoclosure () -> String, _ json: @autoclosure () -> String) {
    switch output.format {
    case .text where global.quiet: break
    case .text: Terminal.output.write(text())
    case .json: Terminal.output.write(json())
    }
  }
}
