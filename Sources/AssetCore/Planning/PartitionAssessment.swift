// Deciding on assets with partitions.

extension Assessor {
  /// Decides on an asset with partitions, all of which were decided on before: it has no record of its
  /// own, and is as fresh as its partitions are, provided that it has no other rows than theirs.
  func decide(_ key: AssetKey, _ partitions: PartitionList) -> AssetStatus {
    guard let asset = graph[key] else { return AssetStatus(.unknown, message: "no such asset") }
    if case .unknown(let reason) = observations.observation(of: .asset(key)) {
      return AssetStatus(.unknown, message: reason)
    }
    if let reason = asset.obstacle ?? unknownInput(of: asset) {
      return AssetStatus(.unknown, message: reason)
    }
    let undecided = (undecidedParts[key] ?? []).sorted()
    if !undecided.isEmpty {
      return AssetStatus(of: undecided.compactMap { statuses[partitions[$0].key(in: key)] })
    }
    return hasOtherRows(key, partitions) ? AssetStatus(.stale, causes: [.outputAltered]) : .fresh
  }

  /// The input that an asset cannot be made from yet, as there is no table before the first partition is
  /// complete; takes note of it.
  mutating func emptyInput(of key: AssetKey) -> AssetKey? {
    let empty = graph[key]?.inputs.map(\.key).sorted().first { input in
      guard case .missing = observations.observation(of: .asset(input)) else { return false }
      return graph.partitions(of: input)?.isEmpty ?? false || tooEarly.contains(input)
    }
    if empty == nil { tooEarly.remove(key) } else { tooEarly.insert(key) }
    return empty
  }

  /// Whether a table has rows that belong to none of its partitions, all of which are as they were made.
  private func hasOtherRows(_ key: AssetKey, _ partitions: PartitionList) -> Bool {
    guard case .present(let content) = observations.observation(of: .asset(key)),
      let details = content.details, let rows = details.rows
    else { return false }
    return rows != partitions.reduce(0) { $0 + (history[$1.key(in: key)]?.last?.product.rows ?? 0) }
  }

  /// Whether an asset that is not up to date may yet become another for a reader, by what the reader read
  /// of it last.
  func touchesUndecided(_ key: AssetKey, _ reader: AssetKey) -> Bool {
    guard let partitions = graph.partitions(of: key),
      let read = history[reader]?.last?.compared(.asset(key))
    else { return true }
    let undecided = undecidedParts[key] ?? []
    let awaited = awaitedParts[key] ?? []
    if !undecided.isEmpty, awaited.isEmpty { return false }
    // Where no partition is, rows may go, and columns may become others if they do so for all rows.
    let changesElsewhere =
      wholesWithOtherRows.contains(key) || undecided.count == partitions.count
    return read.contains {
      partitions.hasAny(of: awaited, in: $0.slice)
        || (changesElsewhere && !partitions.cover($0.slice))
    }
  }

  /// Whether a table may have rows that belong to none of its partitions, which a run takes out once these
  /// are made.
  ///
  /// How many rows a partition has is known where they are as they were made; those of the others may
  /// be of none.
  func mayHaveOtherRows(_ key: AssetKey, _ partitions: PartitionList) -> Bool {
    guard case .present(let content) = observations.observation(of: .asset(key)),
      let rows = content.details?.rows
    else { return true }
    let known = partitions.map { $0.key(in: key) }.filter(isAsMade)
      .reduce(0) { $0 + (history[$1]?.last?.product.rows ?? 0) }
    return rows != known
  }

  /// Whether an asset was materialized and holds what it held then.
  package func isAsMade(_ key: AssetKey) -> Bool {
    guard case .present(let content) = observations.observation(of: .asset(key)),
      let made = history[key]?.last
    else { return false }
    return content[.whole] == made.product.digest
  }

  /// Whether an asset is cut into other partitions than its table was made of: the table has rows, and no
  /// partition has any that it was made with.
  ///
  /// Such a table is replaced as a whole or not at all; the rows of old and new partitions side by side
  /// would be rows twice, or rows missing.
  package func isCutAnew(_ key: AssetKey) -> Bool {
    guard graph.partitions(of: key) != nil,
      case .present(let content) = observations.observation(of: .asset(key)),
      (content.details?.rows ?? 0) > 0
    else { return false }
    return !graph.parts(of: key).contains { part in
      (history[part]?.last?.product.rows ?? 0) > 0 && isAsMade(part)
    }
  }

  /// Whether a plan has to come back to an asset with partitions that is not fresh: once some of them
  /// are made, or because it has rows of none.
  func isDue(_ key: AssetKey) -> Bool {
    guard graph.partitions(of: key) != nil else { return true }
    return undecidedParts[key]?.isEmpty != false || awaitedParts[key]?.isEmpty == false
  }

  /// Whether an asset whose partitions are all up to date has rows of none of them.
  package func hasOtherRows(_ key: AssetKey) -> Bool {
    guard let partitions = graph.partitions(of: key), undecidedParts[key]?.isEmpty != false else {
      return false
    }
    return hasOtherRows(key, partitions)
  }

  /// Takes note of what is there of an asset, and so of its partitions.
  package mutating func note(_ observation: Observation, of key: AssetKey) {
    observations.assets[key] = observation
    for partition in graph.partitions(of: key).map(Array.init) ?? [] {
      observations.assets[partition.key(in: key)] = observation.part(partition)
    }
  }

  /// Lets the readers of an asset go on that read nothing of those of its partitions that could not be
  /// made.
  package mutating func settle(_ key: AssetKey) { running.remove(key) }
}

extension PartitionList {
  /// Whether any of some partitions may hold rows of a slice; `nil` stands for all rows.
  package func hasAny(of places: Set<Int>, in slice: RowSlice?) -> Bool {
    let range = indices(overlapping: slice)
    return range.count < places.count
      ? range.contains(where: places.contains) : places.contains(where: range.contains)
  }

  /// Why there is none, if that is so.
  package var whyEmpty: PartitionError? {
    guard isEmpty, case .time(let time) = scheme.division else { return nil }
    return .noneComplete(first: time.key(of: time.first))
  }
}

extension Observation {
  /// What is there of a partition.
  fileprivate func part(_ partition: Partition) -> Observation {
    guard case .present(let content) = self else { return self }
    guard let digest = content[.slice(partition.slice, of: .values)] else {
      return .unknown("it was not looked at")
    }
    return .present([.whole: digest])
  }
}

extension AssetStatus {
  /// The status of a whole, by those of its parts that are not fresh: the one that most has to be known,
  /// with all causes that any of those have, each once.
  init(of parts: [AssetStatus]) {
    let kinds: [Kind] = [.unknown, .failed, .stale, .waiting]
    let kind = kinds.first { kind in parts.contains { $0.kind == kind } } ?? .fresh
    let same = parts.filter { $0.kind == kind }
    var seen: Set<StaleCause> = []
    self.init(
      kind, causes: same.flatMap(\.causes).filter { seen.insert($0).inserted },
      message: same.first { $0.message != nil }?.message)
  }
}
