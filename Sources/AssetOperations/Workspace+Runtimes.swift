import AssetCore
import AssetExecution
import AssetState

// What programs run on is part of their definitions, and is told by commands.

extension Workspace {
  /// The graph with the definitions as they are with the present runtimes of some assets.
  ///
  /// Only the commands of these assets are run, each once and all side by side; those whose program's
  /// file has not changed since are not. An asset whose command does not tell has an obstacle.
  ///
  /// - Parameter keys: The assets that are looked at.
  /// - Returns: The graph; assets that are not looked at are as they were.
  func graph(onRuntimesOf keys: Set<AssetKey>) -> AssetGraph {
    let assets = keys.sorted().compactMap { graph[$0] }
    let commands = Set(assets.compactMap(\.runtime))
    guard !commands.isEmpty else { return graph }
    let versions = runtimeVersions(of: commands)
    return graph.replacing(
      assets.compactMap { asset in
        guard let words = asset.runtime, let version = versions[words] else { return nil }
        switch version {
        case .success(let text): return asset.onRuntime(text)
        case .failure(let fault):
          var unknown = asset
          unknown.obstacle =
            "the version of its runtime cannot be told by "
            + "`\(words.joined(separator: " "))`: \(fault)"
          return unknown
        }
      })
  }

  private func runtimeVersions(
    of commands: Set<[String]>
  ) -> [[String]: Result<String, RuntimeCommand.Fault>] {
    // A secret of any asset is no part of a definition, nor of what is remembered.
    let mask = SecretMask(project.secrets)
    var versions: [[String]: Result<String, RuntimeCommand.Fault>] = [:]
    var asked: [(words: [String], command: RuntimeCommand, stamp: String?)] = []
    for words in commands {
      do {
        let command = try RuntimeCommand(words, in: folder, environment: environment)
        let stamp = command.stamp
        if let stamp, let known = try? state.runtimeVersion(of: name(of: words), at: stamp) {
          versions[words] = .success(mask.masked(known))
        } else {
          asked.append((words, command, stamp))
        }
      } catch {
        versions[words] = .failure(error)
      }
    }
    for (question, answer) in zip(asked, RuntimeCommand.versions(of: asked.map(\.command))) {
      let version = answer.map(mask.masked)
      versions[question.words] = version
      if case .success(let text) = version, let stamp = question.stamp {
        try? state.remember(runtimeVersion: text, of: name(of: question.words), at: stamp)
      }
    }
    return versions
  }

  private func name(of words: [String]) -> String { words.joined(separator: "\0") }
}
