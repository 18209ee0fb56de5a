import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run unit tests of queries on rows that you make up.",
    usage: """
      assetctl test [<options>] [<selection> ...]
      assetctl test --generate <asset> [--rows <n>] [--name <name>]
      """,
    discussion: """
      Tests stand in files under `tests/`. They run in an empty database in memory; the warehouse \
      is not opened, and nothing has to be materialized. The exit code is 1 if a test failed, and 2 \
      if a test's file is wrong.

      Examples:
        assetctl test
        assetctl test daily_delays+ --name 'late *'
        assetctl test --generate daily_delays --rows 5
      """)

  @OptionGroup var selected: SelectionArguments

  @Option(help: ArgumentHelp("Leave out what this selection names.", valueName: "selection"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp(
      "Run just the tests whose names match, with * and ?; the name of a generated one.",
      valueName: "name"))
  var name: [String] = []

  @Option(
    help: ArgumentHelp("Write a test of this asset from real rows.", valueName: "asset"))
  var generate: String?

  @Option(help: ArgumentHelp("How many rows a generated test is to expect; 3.", valueName: "n"))
  var rows: Int?

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard generate != nil else {
      if rows != nil { throw ValidationError("`--rows` goes with `--generate`") }
      return
    }
    if !selected.selection.isEmpty || !exclude.isEmpty {
      throw ValidationError("`--generate` names the asset itself; leave out the selection")
    }
    if name.count > 1 { throw ValidationError("a generated test has one name") }
    if name.first?.isEmpty == true { throw ValidationError("a test's name is not empty") }
    if let rows, rows < 1 { throw ValidationError("`--rows \(rows)` makes no test; use 1 or more") }
  }

  func run() async throws {
    let workspace = try global.workspace()
    if let generate {
      let test = try await workspace.generateTest(
        of: generate, rows: rows ?? 3, name: name.first)
      switch output.format {
      case .text where global.quiet: break
      case .text: Terminal.output.write(text(of: test))
      case .json: Terminal.output.write(json(of: test))
      }
      return
    }
    let report = try await workspace.test(
      TestRequest(selection: selected.selection, excluded: exclude, names: name))
    switch output.format {
    case .text: show(report)
    case .json: Terminal.output.write(json(of: report))
    }
    if report.failedCount > 0 { throw ExitCode.failed }
  }

  private func show(_ report: TestReport) {
    let shown = report.results.filter { !global.quiet || $0.failure != nil }
    let width = shown.map(\.asset.name.count).max() ?? 0
    let style = global.style
    for result in shown {
      Terminal.output.write(text(of: result, nameWidth: width, style: style))
    }
    guard !global.quiet else { return }
    // What is said of a failed test ends with an empty line of its own.
    let needsSpace = shown.last.map { $0.failure == nil } ?? false
    Terminal.output.write((needsSpace ? "\n" : "") + summary(of: report))
  }
}
