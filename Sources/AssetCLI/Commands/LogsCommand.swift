import ArgumentParser
import AssetOperations
import AssetRendering

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Show what the programs of a run wrote to their output.",
    usage: "assetctl logs [<options>] <run> [<asset>]",
    discussion: """
      Examples:
        assetctl logs last
        assetctl logs 20261121-0914 delay_model
        assetctl logs last daily_export@2024-01-02
        assetctl logs last delay_model -f
      """)

  @Argument(help: "The run: its name, the beginning of that, or `last`.")
  var run: String

  @Argument(
    help: "The asset, or ASSET@PARTITION; all of the run if left out.",
    completion: Completions.asset)
  var asset: String?

  @Flag(
    name: .shortAndLong,
    help: "Go on with what is written until the asset, or the run, has ended.")
  var follow = false

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if follow, output.format == .json {
      throw ValidationError("`--follow` prints text; leave out `--format json`")
    }
  }

  func run() async throws {
    let workspace = try global.workspace()
    if follow {
      try await follow(workspace)
      return
    }
    let logs = try workspace.logs(of: run, asset: asset)
    switch output.format {
    case .text:
      for log in logs {
        if asset == nil || logs.count > 1 { Terminal.output.write("==> \(log.asset) <==\n") }
        try copy(log.path)
      }
    case .json:
      let read = try logs.map { log in
        let bytes = try Data(contentsOf: URL(fileURLWithPath: log.path))
        return (asset: log.asset, path: log.path, text: String(decoding: bytes, as: UTF8.self))
      }
      Terminal.output.write(json(ofLogs: read))
    }
  }

  private func follow(_ workspace: Workspace) async throws {
    if let asset {
      try await workspace.followLog(of: asset, in: run) { Terminal.output.write($0) }
      return
    }
    let width = workspace.longestLoggedName
    let style = global.style
    try await workspace.followLogs(of: run) { key, line in
      Terminal.output.write(text(of: line, from: key, nameWidth: width, style: style))
    }
  }

  private func copy(_ path: String) throws {
    // Mapped, so that a log of any length costs no memory.
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    _ = data.withUnsafeBytes { Terminal.output.write($0) }
  }
}
