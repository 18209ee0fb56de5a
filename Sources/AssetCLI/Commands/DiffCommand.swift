import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what the last materialization of an asset changed.",
    usage: "assetctl diff [<options>] <asset>",
    discussion: """
      Of a table whose earlier versions are kept (`keep: 1`), the rows that were added, removed and \
      changed; of all others what is recorded of both. Rows are paired by the columns of a `unique` \
      check, or by those of --key. What the next materialization would change is shown by \
      `assetctl materialize --dry-run --diff`.

      Examples:
        assetctl diff daily_delays
        assetctl diff daily_delays --key carrier,day --limit 20
        assetctl diff daily_delays --run 20261121-0914 --exit-code
      """)

  @Argument(help: "The asset.", completion: Completions.asset)
  var asset: String

  @Option(help: ArgumentHelp("The run to look at instead of the last one.", valueName: "run"))
  var run: String?

  @Option(
    help: ArgumentHelp(
      "The columns to pair rows by, with commas between them.", valueName: "columns"))
  var key: String?

  @Option(help: ArgumentHelp("How many rows of each kind to show.", valueName: "n"))
  var limit = defaultDiffLimit

  @Flag(help: "Exit with 1 if something changed.")
  var exitCode = false

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if limit < 0 { throw ValidationError("`--limit \(limit)` is less than none") }
  }

  func run() async throws {
    let keys = (key ?? "").split(separator: ",").map { word in
      String(word.trimmingPrefix { $0 == " " })
    }
    let report = try await global.workspace().diff(
      DiffRequest(asset: asset, run: run, key: keys, limit: min(limit, 100_000)))
    switch output.format {
    case .text where global.quiet: break
    case .text: Terminal.output.write(text(of: report, style: global.style))
    case .json: Terminal.output.write(json(of: report))
    }
    if exitCode, report.entries.contains(where: \.isDifferent) { throw ExitCode.failed }
  }
}

/// How many rows of each kind are shown unless somebody asks for more.
let defaultDiffLimit = 5
