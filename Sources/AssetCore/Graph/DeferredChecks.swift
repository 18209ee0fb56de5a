extension AssetGraph {
  /// The topological order of assets, after checks that would close a circle are deferred.
  ///
  /// A check is no input: it only waits for what it compares with, where it can. If that waits for the
  /// check's own asset, by whatever way, neither can come first.
  ///
  /// - Parameter assets: The assets; such checks are marked in them.
  /// - Returns: The order, without what inputs alone keep in a circle.
  static func orderDeferringChecks(of assets: inout [AssetKey: Asset]) -> [AssetKey] {
    let order = topologicalOrder(of: assets)
    guard order.count < assets.count else { return order }
    let stuck = Set(assets.keys).subtracting(order)
    let before = assets
    for key in stuck {
      for (index, check) in (before[key]?.checks ?? []).enumerated()
      where check.reads.contains(where: { $0 != key && waits($0, for: key, among: stuck, before) })
      {
        assets[key]?.checks[index].isDeferred = true
      }
    }
    return topologicalOrder(of: assets)
  }

  /// Whether an asset waits for another one, directly or not.
  private static func waits(
    _ key: AssetKey, for other: AssetKey, among stuck: Set<AssetKey>, _ assets: [AssetKey: Asset]
  ) -> Bool {
    var seen: Set<AssetKey> = []
    var pending = [key]
    while let next = pending.popLast() {
      if next == other { return true }
      guard stuck.contains(next), seen.insert(next).inserted else { continue }
      pending += assets[next]?.prerequisites ?? []
    }
    return false
  }
}
