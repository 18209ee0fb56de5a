import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Say all that is wrong with the project, without its data.",
    usage: "assetctl validate [<options>]",
    discussion: """
      It reads declarations, queries, checks and unit tests, and judges names of columns where the project
      itself tells which there are. No warehouse is opened, nothing is run and nothing is written. The exit
      code is 0, or 2 if anything is wrong.

      Examples:
        assetctl validate
        assetctl validate --target prod --format json
      """)

  @Option(help: ReportFormat.help) var format: ReportFormat = .text
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if format == .jsonl {
      throw ValidationError("`validate` has no events; use `--format json`")
    }
  }

  func run() throws {
    let report = try Workspace.validate(global.request())
    switch format {
    case .text:
      var shown = report
      if global.quiet { shown.problems.removeAll { $0.severity == .warning } }
      if !global.quiet || !shown.problems.isEmpty {
        Terminal.output.write(text(of: shown, style: global.style))
      }
    case .json: Terminal.output.write(json(of: report))
    default: format.write(findings(of: report), ofProjectIn: global.projectFolder)
    }
    if report.errorCount > 0 { throw ExitCode.badProject }
  }
}
