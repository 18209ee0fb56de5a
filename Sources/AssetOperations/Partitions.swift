import AssetCore
import AssetState

// Which partitions a request is about, and what was before them.

extension Workspace {
  /// What a user named: an asset, or one of its partitions as `ASSET@PARTITION`.
  ///
  /// - Parameter name: The name.
  /// - Throws: An ``OperationError`` if there is no such asset, or it has no partitions; a
  ///   `PartitionError` if it has none of that key, with the nearest one.
  /// - Returns: The asset, and the partition if one is named.
  func subject(named name: String) throws -> (asset: Asset, partition: Partition?) {
    let key = AssetKey(trusted: name)
    guard let word = key.partition else { return (try asset(named: name), nil) }
    let asset = try asset(named: key.asset.name)
    guard let scheme = asset.partitions else {
      throw OperationError.noPartitionOf(asset.key, word)
    }
    let list = PartitionList(scheme, at: now())
    return (asset, list[try list.find(word)])
  }

  /// What the numbers of a materialization are compared with, the newest first.
  ///
  /// A partition of time is compared with those before it, as days are with the days before; one of a
  /// value with what it was itself, since a region says nothing about another.
  func past(of key: AssetKey, limit: Int) throws -> [Materialization] {
    guard key.partition != nil, let scheme = graph[key.asset]?.partitions,
      case .time = scheme.division
    else { return try state.materializations(of: key, limit: limit) }
    let list = PartitionList(scheme, at: now())
    return try state.materializations(ofPartitionsBefore: key, limit: limit) { other in
      other.partition.map { list.index(of: $0) != nil } ?? false
    }
  }
}

extension Workspace {
  /// The partitions of the selected assets that a request means.
  ///
  /// - Parameters:
  ///   - words: The partitions as a user names them; none for all.
  ///   - targets: The selected assets.
  ///   - undone: What the last run did not bring up to date, if the request is limited to that.
  ///   - graph: The project with its partitions.
  /// - Throws: What is wrong with a word.
  /// - Returns: For each selected asset with partitions those that are meant; `nil` for all of all.
  func partitions(
    _ words: [String], of targets: Set<AssetKey>, undone: Set<AssetKey>?, _ graph: AssetGraph
  ) throws -> [AssetKey: Set<AssetKey>]? {
    guard !words.isEmpty || undone != nil, !targets.isEmpty else { return nil }
    let lists = targets.compactMap { key in graph.partitions(of: key).map { (key, $0) } }
      .sorted { $0.0 < $1.0 }
    guard words.isEmpty || !lists.isEmpty else {
      throw OperationError.noPartitions(words[0], targets.sorted())
    }
    var meant: [AssetKey: Set<AssetKey>] = [:]
    let selected = try [PartitionList].select(words, in: lists.map(\.1))
    for ((key, list), selected) in zip(lists, selected) {
      let places = words.isEmpty ? Array(list.indices) : selected
      let keys = Set(places.map { list[$0].key(in: key) })
      // A run that ended before its partitions were known is tried again with all of them.
      let left = undone?.filter { $0.asset == key && $0.partition != nil } ?? []
      meant[key] = left.isEmpty ? keys : keys.intersection(left)
    }
    return meant
  }

  /// Leaves of what is to be materialized some partitions of the targets, and upstream of these what they
  /// read.
  ///
  /// - Parameters:
  ///   - assessor: What decides on them.
  ///   - meant: The partitions of the targets.
  ///   - targets: The selected assets.
  ///   - areNamed: Whether a user named the partitions: then no others of the targets are made, whoever
  ///     reads them.
  /// - Throws: What keeps columns from being looked at.
  func limit(
    _ assessor: inout Assessor, to meant: [AssetKey: Set<AssetKey>], of targets: Set<AssetKey>,
    areNamed: Bool
  ) async throws {
    let graph = assessor.graph
    var catalog = try await columnCatalog(of: targets)
    var kept: Set<AssetKey> = []
    var pending: [AssetKey] = []
    func add(_ keys: some Sequence<AssetKey>) {
      for key in keys where assessor.running.contains(key) && kept.insert(key).inserted {
        pending.append(key)
      }
    }
    for key in targets {
      if let parts = meant[key] {
        kept.insert(key)
        add(parts)
      } else {
        add([key])
      }
    }
    while let key = pending.popLast() {
      guard let asset = graph[key] else { continue }
      let read = graph.consumptions(of: asset, by: catalog.reading(of: key))
      for input in graph.prerequisites(of: key) where input.partition == nil {
        if let list = graph.partitions(of: input) {
          kept.insert(input)
          if areNamed, meant[input] != nil { continue }
          let slice = read[.asset(input)]?.slice
          add(list.indices(overlapping: slice).map { list[$0].key(in: input) })
        } else {
          add([input])
        }
      }
    }
    assessor.running.formIntersection(kept)
  }
}

extension Workspace {
  /// Makes sure that no plan leaves out partitions of an asset whose table can only be replaced as a whole.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - assessor: What made it.
  /// - Throws: An ``OperationError`` if it does.
  func verifyAreWhole(_ plan: MaterializationPlan, by assessor: Assessor) throws {
    let planned = plan.steps.filter { $0.key.partition != nil }
    for asset in Set(planned.map(\.key.asset)).sorted() {
      let isLeftOut = assessor.graph.parts(of: asset).contains { !assessor.running.contains($0) }
      guard isLeftOut, assessor.isCutAnew(asset) else { continue }
      throw OperationError.partitionsBelongTogether(asset)
    }
  }
}
