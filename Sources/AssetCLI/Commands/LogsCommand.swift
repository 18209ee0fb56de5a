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
      """)

  @Argument(help: "The run: its name, the beginning of that, or `last`.")
  var run: String

  @Argument(help: "The asset; all of the run if left out.")
  var asset: String?

  @OptionGroup var output: FormatOption
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let logs = try global.workspace().logs(of: run, asset: asset)
    switch output.format {
    case .text:
      for log in logs {
        if asset == nil { Terminal.output.write("==> \(log.asset) <==\n") }
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

  private func copy(_ path: String) throws {
    // Mapped, so that a log of any length costs no memory.
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    data.withUnsafeBytes { Terminal.output.write($0) }
  }
}
