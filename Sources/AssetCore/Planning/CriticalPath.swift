extension AssetGraph {
  /// For each asset the expected milliseconds from its start to the end of all that reads it.
  ///
  /// Starting what has the longest such path first keeps workers busy to the end (list
  /// scheduling by critical path). Linear in assets and inputs.
  ///
  /// - Parameters:
  ///   - keys: The assets that will be materialized; others take no time.
  ///   - durations: The expected milliseconds of each; one without a past counts as 1.
  /// - Returns: The milliseconds by key, for each of the keys.
  package func remainingPaths(
    of keys: Set<AssetKey>, durations: [AssetKey: Int64]
  ) -> [AssetKey: Int64] {
    var remaining: [AssetKey: Int64] = [:]
    for key in order.reversed() where keys.contains(key) {
      // All partitions are made before who reads the whole, and in their order.
      let next = key.partition == nil ? readers(of: key) : [key.asset]
      let after = next.compactMap { remaining[$0] }.max() ?? 0
      remaining[key] = after + (key.partition == nil ? max(1, durations[key] ?? 1) : 1)
    }
    return remaining
  }
}
