import AssetCore
import AssetWarehouse

extension SQLiteConnection {
  /// Removes a published table or view together with its publication; the caller holds the write
  /// transaction.
  func withdraw(_ key: AssetKey, _ materialization: String) throws -> Withdrawal {
    let withdrawal = try withdrawal(of: key, materialization)
    if withdrawal == .removed, let kind = try kind(of: TableName(key.name)) {
      try execute("drop \(kind.rawValue) main.\(quoted(key.name))")
    }
    if materialization.isEmpty { try forgetParts(of: key) }
    if try kind(of: "assetctl_publication") != nil {
      // Those of what another has published since are that one's.
      if try publishedForm(of: key)?.materialization == materialization {
        try dropVersions(of: key)
      }
      let statement = try cached(
        "delete from assetctl_publication where asset = ?1 and materialization = ?2")
      defer { statement.end() }
      try statement.bind(.text(key.name), at: 1)
      try statement.bind(.text(materialization), at: 2)
      try statement.run()
    }
    return withdrawal
  }

  /// What ``withdraw(_:_:)`` would do.
  func withdrawal(of key: AssetKey, _ materialization: String) throws -> Withdrawal {
    try verifySchema()
    guard try kind(of: "assetctl_publication") != nil,
      let published = try publishedForm(of: key), let kind = try kind(of: TableName(key.name))
    else { return .missing }
    guard kind != .other, published.materialization == materialization,
      try identity(of: key.name) == published.object
    else { return .altered }
    // What a view shows follows from what it reads.
    if kind == .view { return .removed }
    let content = try? content(of: TableName(key.name), under: [.whole])
    return content?.digests[.whole]?.rawValue == published.digest ? .removed : .altered
  }

  private struct PublishedForm {
    var object: String
    var digest: String
    var materialization: String
  }

  private func publishedForm(of key: AssetKey) throws -> PublishedForm? {
    let statement = try cached(
      "select object, digest, materialization from assetctl_publication where asset = ?1")
    defer { statement.end() }
    try statement.bind(.text(key.name), at: 1)
    guard try statement.step() else { return nil }
    return PublishedForm(
      object: statement.text(0), digest: statement.text(1), materialization: statement.text(2))
  }
}
