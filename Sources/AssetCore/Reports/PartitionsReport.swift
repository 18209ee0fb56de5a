/// What is the case with the partitions of an asset.
package struct PartitionsReport: Equatable, Sendable {
  /// How many there are.
  package var count: Int
  /// Those that are not fresh, in order.
  package var unfinished: [Entry]

  /// One partition.
  package struct Entry: Equatable, Sendable {
    /// What it is called in its asset.
    package var name: String
    package var status: AssetStatus

    package init(_ name: String, _ status: AssetStatus) {
      self.name = name
      self.status = status
    }
  }

  package init(count: Int, unfinished: [Entry]) {
    self.count = count
    self.unfinished = unfinished
  }

  /// How many partitions are looked into for explaining a whole.
  package static let mostExplaining = 3

  /// The first ones that the status of the whole comes from.
  package func explaining(_ status: AssetStatus) -> [Entry] {
    Array(unfinished.filter { $0.status.kind == status.kind }.prefix(Self.mostExplaining))
  }

  /// How many have a status.
  package func count(_ kind: AssetStatus.Kind) -> Int {
    kind == .fresh
      ? count - unfinished.count : unfinished.count { $0.status.kind == kind }
  }
}

/// The names of partitions as far as they are few: `2024-01-02, 2024-01-03 and 5 more`.
package func partitionNames(_ names: [String]) -> String {
  let more = names.count > 8 ? " and \(grouped(names.count - 8)) more" : ""
  return names.prefix(8).joined(separator: ", ") + more
}

extension Assessor {
  /// The last materialization of an asset; of one with partitions, that of the partition that was made
  /// last.
  package func last(of key: AssetKey) -> Materialization? {
    guard graph.partitions(of: key) != nil else { return history[key]?.last }
    return graph.parts(of: key).compactMap { history[$0]?.last }.max {
      ($0.finishedAt, $0.asset) < ($1.finishedAt, $1.asset)
    }
  }

  /// How many rows an asset has, if that was looked at.
  package func rows(of key: AssetKey) -> Int? {
    guard case .present(let content) = observations.observation(of: .asset(key)) else { return nil }
    return content.details?.rows
  }

  /// What is the case with the partitions of an asset, all of which were decided on; `nil` if it has
  /// none.
  package func partitionsReport(of key: AssetKey) -> PartitionsReport? {
    graph.partitions(of: key).map { partitions in
      PartitionsReport(
        count: partitions.count,
        unfinished: (undecidedParts[key] ?? []).sorted().map { place in
          let partition = partitions[place]
          let status = statuses[partition.key(in: key)] ?? AssetStatus(.unknown)
          return PartitionsReport.Entry(partition.key, status)
        })
    }
  }
}
