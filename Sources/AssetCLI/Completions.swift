import ArgumentParser
import AssetCore
import AssetLoading
import AssetOperations
import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What shells complete with names of the project.
///
/// A project that cannot be read has no names; nothing is said of it while somebody types.
enum Completions {
  static let selection = CompletionKind.custom { words, _, prefix in
    await workspace(in: words)?.completions(ofSelection: prefix) ?? []
  }

  static let asset = CompletionKind.custom { words, _, prefix in
    await workspace(in: words)?.completions(ofAsset: prefix) ?? []
  }

  static let column = CompletionKind.custom { words, _, prefix in
    await workspace(in: words)?.completions(ofAsset: prefix, withColumns: true) ?? []
  }

  static let template = CompletionKind.custom { _, _, prefix in
    Template.all.map(\.name).filter { $0.hasPrefix(prefix) }
  }

  /// The project that a command line is about.
  private static func workspace(in words: [String]) -> Workspace? {
    var folder = FileManager.default.currentDirectoryPath
    for (word, next) in zip(words, words.dropFirst()) where word == "-C" || word == "--directory" {
      folder = next
    }
    let request = WorkspaceRequest(
      folder: folder,
      load: LoadRequest(environment: ProcessInfo.processInfo.environment, mayBeEmpty: true),
      logger: Logger(label: "assetctl") { _ in SwiftLogNoOpLogHandler() })
    return try? Workspace(request, for: .looking)
  }
}
