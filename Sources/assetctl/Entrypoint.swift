import AssetCLI
import Foundation

@main struct Entrypoint {
  static func main() async {
    CommandLineTool.becomeProgramIfAsked()
    let command = Task { await CommandLineTool.run(Array(CommandLine.arguments.dropFirst())) }
    Interruption.watch(first: { command.cancel() }, second: { CommandLineTool.endAtOnce() })
    exit(await command.value)
  }
}
