/// How much may run at once.
package struct ExecutionLimits: Sendable {
  /// How many steps, each counted by its weight unless it has a pool.
  package var slots: Int
  /// How much may run in each pool, by weight.
  package var pools: [String: Int]

  package init(slots: Int, pools: [String: Int] = [:]) {
    self.slots = max(1, slots)
    self.pools = pools
  }

  /// What one step takes up.
  struct Claim {
    var writesTables: Bool
    var pool: String?
    var weight: Int
  }

  /// What is taken up now.
  struct Use {
    private var slots = 0
    private var pools: [String: Int] = [:]
    private var tables = 0

    /// Whether nothing but the number of slots is in the way.
    func hasRoom(inPoolFor claim: Claim, _ limits: ExecutionLimits) -> Bool {
      guard !claim.writesTables || tables == 0 else { return false }
      guard let pool = claim.pool else { return true }
      return pools[pool, default: 0] + limits.weight(of: claim) <= limits.limit(of: pool)
    }

    func hasSlots(for claim: Claim, _ limits: ExecutionLimits) -> Bool {
      slots + limits.slots(of: claim) <= limits.slots
    }

    mutating func add(_ claim: Claim, _ limits: ExecutionLimits) { count(claim, limits, 1) }

    mutating func remove(_ claim: Claim, _ limits: ExecutionLimits) { count(claim, limits, -1) }

    private mutating func count(_ claim: Claim, _ limits: ExecutionLimits, _ sign: Int) {
      slots += sign * limits.slots(of: claim)
      if claim.writesTables { tables += sign }
      if let pool = claim.pool { pools[pool, default: 0] += sign * limits.weight(of: claim) }
    }
  }

  private func limit(of pool: String) -> Int { pools[pool] ?? 1 }

  /// What is heavier than its whole pool runs in it alone.
  private func weight(of claim: Claim) -> Int {
    min(claim.weight, claim.pool.map(limit) ?? slots)
  }

  private func slots(of claim: Claim) -> Int { claim.pool == nil ? min(claim.weight, slots) : 1 }
}
