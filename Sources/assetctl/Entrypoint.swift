import AssetCLI
import Foundation

#if os(Linux)
  import CArguments
#endif

@main struct Entrypoint {
  static func main() async {
    CommandLineTool.occupyStandardStreams()
    CommandLineTool.becomeProgramIfAsked()
    let command = Task { await CommandLineTool.run(Array(arguments.dropFirst())) }
    Interruption.watch(first: { command.cancel() }, second: { CommandLineTool.endAtOnce() })
    exit(await command.value)
  }

  /// The words of the command line, also where there is no `/proc` to read them from.
  private static var arguments: [String] {
    #if os(Linux)
      let count = carguments_count()
      if count > 0 { return (0..<count).map { String(cString: carguments_word($0)) } }
    #endif
    return CommandLine.arguments
  }
}
