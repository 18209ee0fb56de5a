import HeapModule
import OrderedCollections

/// The assets of a project and what each reads of which.
///
/// A graph is well formed by construction: keys are unique, each input exists, no two assets
/// publish one path, and nothing reads itself in a circle. Keys come in topological order, inputs
/// before readers and otherwise by name, so that nothing depends on the order of declarations.
package struct AssetGraph: Equatable, Sendable {
  /// All keys, inputs before their readers.
  package let order: [AssetKey]
  private var assets: [AssetKey: Asset]
  private let readersByKey: [AssetKey: [AssetKey]]
  /// Of these readers, those that are views.
  private let viewsByInput: [AssetKey: [AssetKey]]
  /// The partitions of each asset that has any, once they are asked for.
  private let lists: [AssetKey: PartitionList]

  /// Connects the assets by the names of their inputs.
  ///
  /// - Parameters:
  ///   - declared: The assets and sources of one project.
  ///   - place: Tells where a path of the project leads that may go through links.
  /// - Throws: All problems at once: duplicates, unknown inputs, shared outputs, cycles.
  package init(
    _ declared: [Asset], place: (String) -> String = { $0 }
  ) throws(Problems) {
    var assets: [AssetKey: Asset] = [:]
    var problems: [GraphError] = []
    for asset in declared {
      if let other = assets[asset.key] {
        problems.append(.duplicateKey(asset.key, at: asset.place, first: other.place))
      } else {
        assets[asset.key] = asset
      }
    }
    problems += Self.sharedOutputs(of: declared)
    problems += Self.findFileWriters(of: &assets, place)
    problems += Self.misreadFiles(in: assets)

    var readers: [AssetKey: [AssetKey]] = [:]
    for asset in assets.values {
      for writer in asset.fileWriters { readers[writer, default: []].append(asset.key) }
      for input in asset.inputs {
        if assets[input.key] == nil {
          problems.append(
            .unknownInput(
              input.key.name, of: asset.key, at: input.place,
              nearest: nearestName(to: input.key.name, in: assets.keys.map(\.name))))
        }
        readers[input.key, default: []].append(asset.key)
      }
      for check in asset.checks {
        for key in check.reads where assets[key] == nil {
          problems.append(
            .unknownInCheck(
              key.name, check: check.name, of: asset.key, at: check.place,
              nearest: nearestName(to: key.name, in: assets.keys.map(\.name))))
        }
      }
    }
    let order = Self.orderDeferringChecks(of: &assets)
    if order.count < assets.count, problems.isEmpty {
      let path = Self.cycle(among: Set(assets.keys).subtracting(order), of: assets)
      let own = assets[path[0]].flatMap { asset in
        path.count == 2 ? asset.inputs.first { $0.isDerived && $0.key == asset.key } : nil
      }
      let pairs = zip(path, path.dropFirst()).filter { writer, reader in
        assets[reader]?.fileWriters.contains(writer) == true
      }
      problems.append(
        own.map { .readsItself($0.key, at: $0.place) }
          ?? .cycle(path, at: assets[path[0]]?.place, byFiles: pairs.map { [$0, $1] }))
    }
    guard problems.isEmpty else { throw Problems(problems.map(\.diagnostic)) }

    // Names are shown as they are declared, however a query spells them.
    self.assets = assets.mapValues { asset in
      var asset = asset
      for index in asset.inputs.indices {
        if let input = assets[asset.inputs[index].key] { asset.inputs[index].key = input.key }
      }
      return asset
    }
    self.order = order
    self.readersByKey = readers.mapValues { $0.sorted() }
    viewsByInput = readers.mapValues { readers in
      readers.filter { assets[$0]?.materialized == .view }
    }.filter { !$0.value.isEmpty }
    lists = [:]
  }

  /// The same graph with the partitions that there are at a moment: each an asset of its own that reads
  /// what the whole reads, and that the whole waits for.
  ///
  /// Who reads a partitioned asset reads the whole, or a slice of it.
  package func partitioned(at now: Timestamp) -> AssetGraph {
    let lists = assets.compactMapValues { $0.partitions.map { PartitionList($0, at: now) } }
    return lists.isEmpty ? self : AssetGraph(self, lists)
  }

  private init(_ graph: AssetGraph, _ lists: [AssetKey: PartitionList]) {
    var assets = graph.assets
    var readers = graph.readersByKey
    var order: [AssetKey] = []
    for key in graph.order {
      if let list = lists[key], let whole = assets[key] {
        for partition in list {
          var part = whole
          part.key = partition.key(in: key)
          part.partition = partition
          part.definition = CanonicalForm(
            tag: whole.definition.tag,
            fields: whole.definition.fields + partition.definitionFields)
          assets[part.key] = part
          order.append(part.key)
          for input in whole.inputs.map(\.key) + whole.fileWriters {
            readers[input, default: []].append(part.key)
          }
        }
      }
      order.append(key)
    }
    self.assets = assets
    self.order = order
    self.lists = lists
    viewsByInput = graph.viewsByInput
    readersByKey = readers
  }

  /// The partitions of an asset; `nil` if it is made as a whole, or is itself a partition.
  package func partitions(of key: AssetKey) -> PartitionList? { lists[key] }

  /// The keys of an asset's partitions, in order; none if it is made as a whole.
  package func parts(of key: AssetKey) -> [AssetKey] {
    lists[key]?.map { $0.key(in: key) } ?? []
  }

  /// The same graph with other definitions of some of its assets; what they read stays.
  package func replacing(_ known: [Asset]) -> AssetGraph {
    guard !known.isEmpty else { return self }
    var graph = self
    for asset in known { graph.assets[asset.key] = asset }
    return graph
  }

  package subscript(key: AssetKey) -> Asset? { assets[key] }

  /// The assets in topological order.
  package var sortedAssets: [Asset] { order.compactMap { assets[$0] } }

  /// What the asset reads, by name: tables, files by the name of their asset, and what writes the files
  /// that it is loaded from.
  package func inputs(of key: AssetKey) -> [AssetKey] {
    guard let asset = assets[key] else { return [] }
    return (asset.inputs.map(\.key) + asset.fileWriters).sorted()
  }

  /// What reads the asset, by name.
  package func readers(of key: AssetKey) -> [AssetKey] { readersByKey[key] ?? [] }

  /// What has to be done before the asset: what it reads, what its checks compare it with, and its
  /// partitions.
  package func prerequisites(of key: AssetKey) -> [AssetKey] {
    (assets[key]?.prerequisites ?? []) + parts(of: key)
  }

  /// The keys and all that is upstream of them, together with what checks compare those with.
  package func closure(of keys: Set<AssetKey>) -> Set<AssetKey> {
    reach(from: keys, depth: nil, along: prerequisites(of:))
  }

  /// All that is upstream of the key, up to a number of steps; without the key itself.
  package func upstream(of key: AssetKey, depth: Int? = nil) -> Set<AssetKey> {
    reach(from: [key], depth: depth, along: inputs(of:)).subtracting([key])
  }

  /// All that is downstream of the key, up to a number of steps; without the key itself.
  package func downstream(of key: AssetKey, depth: Int? = nil) -> Set<AssetKey> {
    reach(from: [key], depth: depth, along: readers(of:)).subtracting([key])
  }

  private func reach(
    from start: Set<AssetKey>, depth: Int?, along next: (AssetKey) -> [AssetKey]
  ) -> Set<AssetKey> {
    var reached = start
    var frontier = Array(start)
    var steps = 0
    while !frontier.isEmpty, depth.map({ steps < $0 }) ?? true {
      frontier = frontier.flatMap(next).filter { reached.insert($0).inserted }
      steps += 1
    }
    return reached
  }
}

extension AssetGraph {
  /// Kahn's algorithm, taking of what is ready the first by name; leaves out what is in a cycle.
  static func topologicalOrder(of assets: [AssetKey: Asset]) -> [AssetKey] {
    var missing: [AssetKey: Int] = [:]
    var readers: [AssetKey: [AssetKey]] = [:]
    for asset in assets.values {
      let needed = asset.prerequisites.filter { assets[$0] != nil }
      missing[asset.key] = needed.count
      for key in needed { readers[key, default: []].append(asset.key) }
    }
    var ready = Heap(assets.keys.filter { missing[$0] == 0 })
    var order: [AssetKey] = []
    while let key = ready.popMin() {
      order.append(key)
      for reader in readers[key] ?? [] {
        missing[reader, default: 0] -= 1
        if missing[reader] == 0 { ready.insert(reader) }
      }
    }
    return order
  }

  /// Follows inputs among keys that all have one in the set, until one comes again.
  ///
  /// - Returns: A closed path in the direction of the data: each key is read by the next.
  private static func cycle(
    among stuck: Set<AssetKey>, of assets: [AssetKey: Asset]
  ) -> [AssetKey] {
    guard var current = stuck.min() else { return [] }
    var path = OrderedSet<AssetKey>()
    while path.append(current).inserted {
      let inputs = assets[current]?.prerequisites.filter(stuck.contains) ?? []
      guard let next = inputs.min() else { break }
      current = next
    }
    let circle = Array(path.drop { $0 != current }.reversed())
    guard let first = circle.min(), let start = circle.firstIndex(of: first) else { return circle }
    return Array(circle[start...] + circle[..<start] + [first])
  }

  /// Outputs that get in the way of each other, or of what assets are made from.
  private static func sharedOutputs(of declared: [Asset]) -> [GraphError] {
    var owners: [String: Asset] = [:]
    var errors: [GraphError] = []
    for asset in declared {
      for output in asset.outputs {
        if let other = owners[output] {
          errors.append(.sharedOutput(output, asset.key, at: asset.place, first: other.key))
        } else {
          owners[output] = asset
        }
      }
    }
    for asset in declared {
      for file in asset.codeFiles {
        guard let owner = owners[file] else { continue }
        errors.append(.outputIsInput(file, owner.key, at: owner.place, reader: asset.key))
      }
      for output in asset.outputs {
        for folder in output.foldersAbove {
          guard let first = owners[folder] else { continue }
          errors.append(
            .outputInOutput(
              output, asset.key, at: asset.place, folder: folder, first: first.key))
        }
      }
    }
    return errors
  }
}

extension AssetGraph {
  /// Of some keys those whose content an asset reads: as an input, or through views and sources that are
  /// not among them.
  ///
  /// By name.
  package func nearestUpstream(of key: AssetKey, among keys: Set<AssetKey>) -> [AssetKey] {
    var found: Set<AssetKey> = []
    var looked: Set<AssetKey> = []
    var pending = inputs(of: key)
    while let next = pending.popLast() {
      guard looked.insert(next).inserted else { continue }
      if keys.contains(next) {
        found.insert(next)
      } else if isPassedThrough(next) {
        pending += inputs(of: next)
      }
    }
    return found.sorted()
  }

  /// Whether an asset shows what others hold without being made: a view, or a source over files that
  /// assets write.
  private func isPassedThrough(_ key: AssetKey) -> Bool {
    guard let asset = self[key] else { return false }
    return asset.materialized == .view || asset.isSource && !asset.fileWriters.isEmpty
  }

  /// The views whose content follows that of the asset, through nothing but views.
  package func views(over key: AssetKey) -> Set<AssetKey> {
    var views: Set<AssetKey> = []
    var pending = [key]
    while let next = pending.popLast() {
      for reader in viewsByInput[next] ?? [] where views.insert(reader).inserted {
        pending.append(reader)
      }
    }
    return views
  }
}

extension String {
  /// The paths of the folders that a path lies in: of `a/b/c` they are `a` and `a/b`.
  package var foldersAbove: [String] {
    indices.filter { self[$0] == "/" }.map { String(self[..<$0]) }
  }
}
