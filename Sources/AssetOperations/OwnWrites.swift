import AssetCore
import AssetState
import AssetWarehouse

/// What this process writes in the warehouse, from one moment on, and what is known of the tables in spite
/// of it.
struct OwnWrites {
  private let workspace: Workspace
  /// What the warehouse was like before.
  private let before: String?

  /// From here on the warehouse notices when others write to it.
  init(in workspace: Workspace) async throws {
    _ = try await workspace.warehouse.observe([])
    self.workspace = workspace
    before = try await workspace.warehouse.stamp(of: nil)
  }

  /// Lets what is known of tables count on, so that they need not be read again: of those that were not
  /// written what was remembered before, and of the others what was observed.
  ///
  /// If others wrote, too, nothing counts on.
  ///
  /// - Parameters:
  ///   - written: The assets whose tables were written.
  ///   - observed: What is known of tables since.
  func settle(
    _ written: Set<AssetKey>, observed: [AssetKey: Observation] = [:]
  ) async {
    guard let followers = try? await workspace.warehouse.followers(),
      let stamp = try? await workspace.warehouse.settledStamp()
    else { return }
    let moved = MovedNames(by: written, followers: followers)
    let names = workspace.graph.sortedAssets.compactMap { asset -> String? in
      guard let table = asset.tableName, table.database == nil, !written.contains(asset.key) else {
        return nil
      }
      return moved.include(table.name, isOwn: !asset.isSource) ? nil : table.folded.name
    }
    if let before {
      // A store that cannot be written is no reason to fail; the next look costs as much again.
      try? workspace.state.keepTableContents(at: before, as: stamp, of: Set(names))
    }
    Observer(workspace: workspace).remember(
      observed.filter { key, _ in
        guard let asset = workspace.graph[key], let table = asset.tableName else { return false }
        return !moved.include(table.name, isOwn: !asset.isSource)
      }, at: stamp)
  }
}

/// The names in a warehouse whose content may have moved with what was written.
///
/// Beside the tables of assets assetctl writes what begins with `assetctl_`: candidates that were held back,
/// kept versions, records. What follows any of these has to be looked at again, and nothing else.
private struct MovedNames {
  private var moved: Set<String> = []

  /// - Parameters:
  ///   - assets: The assets whose tables were written.
  ///   - followers: What follows what in the warehouse, in lower case; `*` for anything.
  init(by assets: Set<AssetKey>, followers: [String: Set<String>]) {
    let written = Set(assets.map { $0.name.lowercased() })
    var isDone = false
    while !isDone {
      isDone = true
      for (name, followed) in followers where !moved.contains(name) {
        let isMoved = followed.contains { other in
          other == "*" || Self.isOurs(other) || written.contains(other) || moved.contains(other)
        }
        if isMoved {
          moved.insert(name)
          isDone = false
        }
      }
    }
  }

  /// Whether the content of a table or view may be another than it was.
  ///
  /// - Parameters:
  ///   - name: Its name in the warehouse.
  ///   - isOwn: Whether an asset publishes it, whose content is known from its publication.
  /// - Returns: Whether it has to be looked at again.
  func include(_ name: String, isOwn: Bool) -> Bool {
    moved.contains(name.lowercased()) || !isOwn && Self.isOurs(name.lowercased())
  }

  private static func isOurs(_ name: String) -> Bool { name.hasPrefix("assetctl_") }
}

extension StepResult {
  /// Whether the step may have written its asset's table.
  var mayHaveWritten: Bool {
    switch outcome {
    case .materialized, .unchanged, .failed, .cancelled: true
    case .fresh, .skipped: false
    }
  }
}
