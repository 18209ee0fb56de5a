import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a new project from a template.",
    usage: "assetctl init [<options>] [<folder>]",
    discussion: """
      The folder is made if it is not there, and nothing that is there is replaced. Each template runs at \
      once, and explains itself in its README. Without --template a terminal is asked for one, and \
      `starter` is taken otherwise.

      Examples:
        assetctl init shop
        assetctl init shop --template elt
        assetctl init --list
      """)

  @Argument(
    help: "The folder of the project; this one if left out.", completion: .directory)
  var folder = "."

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The template to copy.", valueName: "name"),
    completion: Completions.template)
  var template: String?

  @Flag(help: "List the templates.")
  var list = false

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() throws {
    if list {
      let templates = Template.all.map { (name: $0.name, summary: $0.summary) }
      Terminal.output.write(
        output.format == .json
          ? json(ofTemplates: templates) : text(ofTemplates: templates, style: global.style))
      return
    }
    let chosen = try Template.named(template ?? choice() ?? "starter")
    let start = global.directory ?? FileManager.default.currentDirectoryPath
    let report = try chosen.makeProject(in: folder, from: start)
    switch output.format {
    case .text where global.quiet: break
    case .text:
      Terminal.output.write(
        initText(
          project: report.project, template: report.template, fileCount: report.files.count,
          folder: folder == "." ? nil : folder))
    case .json:
      Terminal.output.write(
        initJSON(
          project: report.project, template: report.template, folder: report.folder,
          files: report.files))
    }
  }

  /// What somebody at a terminal chooses; `nil` if nobody is asked, or answers.
  private func choice() -> String? {
    guard Terminal.isAsked, output.format == .text, !global.quiet else { return nil }
    let templates = Template.all
    Terminal.error.write(
      text(
        ofTemplates: templates.map { ($0.name, $0.summary) },
        style: Terminal.error.style(global.color))
        + "\nWhich template? [starter] ")
    let answer = readLine()?.trimmingPrefix { $0 == " " }.prefix { $0 != " " } ?? ""
    return answer.isEmpty ? nil : String(answer)
  }
}
