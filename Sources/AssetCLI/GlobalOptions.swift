import ArgumentParser
import AssetCore
import AssetLoading
import AssetOperations
import AssetRendering
import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ColorChoice: ExpressibleByArgument {}

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: [.customShort("C", allowingJoined: true), .customLong("directory")],
    help: ArgumentHelp("The project's folder, or one inside it.", valueName: "dir"),
    completion: .directory)
  var directory: String?

  @Option(help: ArgumentHelp("A target of `assetctl.yml`.", valueName: "name"))
  var target: String?

  @Option(
    name: .customLong("var"),
    help: ArgumentHelp("Another value for one of the project's vars.", valueName: "name=value"))
  var vars: [String] = []

  @Option(help: "Whether to use colour: auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(help: "Tell times in UTC, not in the zone of this machine.")
  var utc = false

  @Flag(name: .shortAndLong, help: "Say only what is wrong.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more.")
  var verbose = false

  func validate() throws {
    for text in vars where !text.dropFirst().contains("=") {
      throw ValidationError("`--var \(text)` is not of the form `name=value`")
    }
  }

  /// How results are to look.
  var style: TextStyle {
    var style = Terminal.output.style(color)
    style.clock = utc ? .utc : .local
    return style
  }

  /// The project's folder, or where it was looked for.
  var projectFolder: String {
    let start = directory ?? FileManager.default.currentDirectoryPath
    return (try? Workspace.projectFolder(from: start)) ?? start
  }

  /// The project that the options name.
  func request(mayBeEmpty: Bool = false) -> WorkspaceRequest {
    let values = vars.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), String(parts[1]))
    }
    var logger = Logger(label: "assetctl") { _ in StreamLogHandler.standardError(label: "assetctl")
    }
    logger.logLevel =
      getenv("ASSETCTL_LOG").flatMap { level in
        Logger.Level(rawValue: String(cString: level))
      } ?? .error
    return WorkspaceRequest(
      folder: directory ?? FileManager.default.currentDirectoryPath,
      load: LoadRequest(
        target: target, vars: Dictionary(values) { _, last in last },
        environment: ProcessInfo.processInfo.environment, mayBeEmpty: mayBeEmpty),
      logger: logger)
  }

  /// Opens the project that the options name.
  func workspace(
    for access: Workspace.Access = .looking, mayBeEmpty: Bool = false
  ) throws -> Workspace {
    let workspace = try Workspace(request(mayBeEmpty: mayBeEmpty), for: access)
    warn(of: workspace.project.warnings)
    return workspace
  }

  /// Shows warnings, unless nobody wants to see any.
  func warn(of warnings: [Diagnostic]) {
    guard !quiet, !warnings.isEmpty else { return }
    Terminal.error.write(text(of: warnings, style: Terminal.error.style(color)) + "\n")
  }
}

/// The values of `--format`, for most commands.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// What most commands offer as `--format`.
struct FormatOption: ParsableArguments {
  @Option(help: "How to write the result: text or json.")
  var format: OutputFormat = .text
}

/// A selection as arguments.
struct SelectionArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "What to select, such as `daily`, `+daily`, `tag:x`, `group:marts`, `status:stale`, "
        + "`col:orders.total+`; all "
        + "assets if left out.", valueName: "selection"), completion: Completions.selection)
  var words: [String] = []

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: ArgumentHelp("The same as a word without it; may be repeated.", valueName: "selection"),
    completion: Completions.selection)
  var select: [String] = []

  /// All words of the selection, however they were given.
  var selection: [String] { select + words }
}
