import AssetCore
import AssetWarehouse

// Earlier versions of tables. The rows of a version are a table `assetctl_version_<asset>_<number>`, and
// a row of `assetctl_version` says what it is. A version that was published again keeps its row there,
// which tells where it stands among the others.

extension SQLiteConnection {
  private static let catalog = """
    create table if not exists assetctl_version (
      asset text not null collate nocase,
      number integer not null,
      materialization text not null,
      digest text not null,
      record text not null,
      primary key (asset, number)
    )
    """

  /// A row of the catalog.
  private struct Row {
    var number: Int64
    var version: TableVersion
  }

  /// Puts the published table of an asset aside as its newest version; the caller holds the write
  /// transaction.
  func setAside(_ key: AssetKey) throws {
    guard let published = try published(key) else { return }
    try rename(key.name, to: try noteNewest(published))
  }

  /// Keeps the rows of a table that is about to be changed where it is, if versions of it are kept.
  ///
  /// The published table stays, so that what reads it finds it at all times.
  func keepCopy(of build: TableBuild) throws {
    guard let published = try published(build.key) else { return }
    guard build.keptVersions > 0 else {
      return try forgetVersion(of: build.key, published.publication.materialization)
    }
    try copy(build.key.name, to: try noteNewest(published))
  }

  /// Notes what is published as the newest version, and gives the table for its rows.
  private func noteNewest(_ published: TableVersion) throws -> String {
    let key = published.publication.asset
    try execute(Self.catalog)
    try forgetVersion(of: key, published.publication.materialization)
    let number = try nextNumber(of: key)
    try note(published, as: number)
    return Self.table(of: key, number)
  }

  /// Drops what is not to be kept of the versions of an asset: those that hold what is published now,
  /// and all but the newest ones.
  ///
  /// Of a snapshot nothing goes that no other history holds, since nothing could record it once more; a
  /// rollback has left such versions.
  func dropVersions(of build: TableBuild, besides digest: ContentDigest?) throws {
    var kept = 0
    var histories = build.isSnapshot ? [build.key.name] : []
    for row in try rows(of: build.key) where !row.version.isPublished {
      let isSame =
        try row.version.digest == digest
        // It may have been changed by hand before it was set aside, and is not lost then.
        && content(of: TableName(row.version.table), under: [.whole]).digests[.whole] == digest
      let table = row.version.table
      if try isSame || kept >= build.keptVersions && isHeld(row.version, byOneOf: histories) {
        try drop(row, of: build.key)
      } else {
        kept += 1
        if build.isSnapshot { histories.append(table) }
      }
    }
  }

  private func isHeld(_ version: TableVersion, byOneOf histories: [String]) throws -> Bool {
    guard !histories.isEmpty else { return !version.isHistory }
    return try histories.contains { try isHeld(version.table, by: $0) }
  }

  /// Whether a history holds all that an earlier one does; what is none is nothing to be lost.
  private func isHeld(_ version: String, by history: String) throws -> Bool {
    let (from, to) = (SnapshotRule.validFrom, SnapshotRule.validTo)
    let names = try columns(of: TableName(version)).map(\.name)
    guard Set(names.map(\.caseFolded)).isSuperset(of: [from, to]) else { return true }
    let present = Set(try columns(of: TableName(history)).map(\.name.caseFolded))
    guard present.isSuperset(of: names.map(\.caseFolded)) else { return false }
    let reading = ConnectionReading(connection: self)
    func isAnyMissing(_ names: [String], where condition: String) throws -> Bool {
      let row = reading.identity(of: names.map(quoted))
      let missing = try prepare(
        """
        select 1 from (
          select \(row) from main.\(quoted(version)) where \(quoted(to)) \(condition)
          except select \(row) from main.\(quoted(history))) limit 1
        """)
      defer { missing.end() }
      return try missing.step()
    }
    // A row that had not ended then may have done so since.
    return try !isAnyMissing(names, where: "is not null")
      && !isAnyMissing(names.filter { $0.caseFolded != to }, where: "is null")
  }

  /// Forgets where a materialization stands that is replaced without being kept.
  func forgetVersion(of key: AssetKey, _ materialization: String) throws {
    guard try kind(of: "assetctl_version") != nil else { return }
    let statement = try cached(
      "delete from assetctl_version where asset = ?1 and materialization = ?2")
    defer { statement.end() }
    try statement.bind(.text(key.name), at: 1)
    try statement.bind(.text(materialization), at: 2)
    try statement.run()
  }

  /// Drops all versions of an asset.
  func dropVersions(of key: AssetKey) throws {
    for row in try rows(of: key) { try drop(row, of: key) }
  }

  /// Publishes a version again; the caller holds the write transaction.
  func restore(_ key: AssetKey, _ materialization: String, indexes: [[String]]) throws {
    try verifySchema()
    let rows = try rows(of: key)
    guard let row = rows.first(where: { $0.version.publication.materialization == materialization })
    else { throw WarehouseError.missingVersion(key) }
    guard !row.version.isPublished else { return }
    let present = try kind(of: TableName(key.name))
    if let published = try published(key) {
      let place = rows.first { $0.version.isPublished }?.number
      let number = try place ?? nextNumber(of: key)
      if place == nil { try note(published, as: number) }
      try rename(key.name, to: Self.table(of: key, number))
    } else if let present {
      guard present == .view, try publishedRecord(of: key) != nil else {
        throw WarehouseError.foreignTable(key.name)
      }
      try execute("drop view main.\(quoted(key.name))")
    }
    try forgetParts(of: key)
    try rename(row.version.table, to: key.name)
    let names = Set(try columns(of: TableName(key.name)).map { $0.name.lowercased() })
    try makeIndexes(
      indexes.filter { $0.allSatisfy { names.contains($0.lowercased()) } }, on: key.name,
      keeping: false)
    try record(row.version.publication, digest: row.version.digest)
  }

  /// What is published of an asset and what is kept of it, the newest first.
  func versions(of key: AssetKey) throws -> [TableVersion] {
    try verifySchema()
    let versions = try rows(of: key).map(\.version)
    guard !versions.contains(where: \.isPublished), let published = try published(key) else {
      return versions
    }
    return [published] + versions
  }

  // MARK: - The catalog

  private static func table(of key: AssetKey, _ number: Int64) -> String {
    "assetctl_version_\(key.name)_\(number)"
  }

  /// The versions whose rows are there, the newest first.
  private func rows(of key: AssetKey) throws -> [Row] {
    guard try kind(of: "assetctl_version") != nil else { return [] }
    let published = try published(key)?.publication.materialization
    let statement = try cached(
      """
      select number, materialization, digest, record, asset from assetctl_version
      where asset = ?1 order by number desc
      """)
    defer { statement.end() }
    try statement.bind(.text(key.name), at: 1)
    var rows: [Row] = []
    while try statement.step() {
      let number = statement.integer(0)
      let id = statement.text(1)
      let owner = AssetKey(trusted: statement.text(4))
      let isPublished = id == published
      let version = TableVersion(
        Publication(asset: key, materialization: id, record: statement.text(3)),
        digest: ContentDigest(rawValue: statement.text(2)),
        table: isPublished ? key.name : Self.table(of: owner, number), isPublished: isPublished)
      rows.append(Row(number: number, version: version))
    }
    return try rows.filter { try kind(of: TableName($0.version.table)) == .table }
  }

  /// The table that is published of an asset; `nil` if there is none, or only a view.
  private func published(_ key: AssetKey) throws -> TableVersion? {
    guard try kind(of: TableName(key.name)) == .table, let found = try publishedRecord(of: key)
    else {
      return nil
    }
    return TableVersion(
      found.publication, digest: found.digest, table: key.name, isPublished: true)
  }

  /// Makes sure that nothing takes the place of a history, which nobody could give back.
  func verifyIsNoHistory(_ key: AssetKey) throws {
    guard try published(key)?.isHistory == true else { return }
    throw WarehouseError.historyInTheWay(asset: key)
  }

  private func publishedRecord(
    of key: AssetKey
  ) throws -> (publication: Publication, digest: ContentDigest)? {
    guard try kind(of: "assetctl_publication") != nil else { return nil }
    let statement = try cached(
      "select materialization, digest, record from assetctl_publication where asset = ?1")
    defer { statement.end() }
    try statement.bind(.text(key.name), at: 1)
    guard try statement.step() else { return nil }
    return (
      Publication(
        asset: key, materialization: statement.text(0), record: statement.text(2)),
      ContentDigest(rawValue: statement.text(1))
    )
  }

  private func nextNumber(of key: AssetKey) throws -> Int64 {
    try execute(Self.catalog)
    let statement = try cached(
      "select coalesce(max(number), 0) + 1 from assetctl_version where asset = ?1")
    defer { statement.end() }
    try statement.bind(.text(key.name), at: 1)
    return try statement.step() ? statement.integer(0) : 1
  }

  private func note(_ version: TableVersion, as number: Int64) throws {
    let statement = try cached("insert into assetctl_version values (?, ?, ?, ?, ?)")
    defer { statement.end() }
    let publication = version.publication
    try statement.bind(.text(publication.asset.name), at: 1)
    try statement.bind(.integer(number), at: 2)
    try statement.bind(.text(publication.materialization), at: 3)
    try statement.bind(.text(version.digest.rawValue), at: 4)
    try statement.bind(.text(publication.record), at: 5)
    try statement.run()
  }

  private func drop(_ row: Row, of key: AssetKey) throws {
    if !row.version.isPublished { try execute("drop table main.\(quoted(row.version.table))") }
    try forgetVersion(of: key, row.version.publication.materialization)
  }

  /// Renames a table; what reads it by its name goes on to do so.
  ///
  /// Its indexes and triggers go, since their names are wanted by those of the next table.
  func rename(_ table: String, to name: String) throws {
    for (kind, object) in try belongings(of: table) {
      try execute("drop \(kind) main.\(quoted(object))")
    }
    // Views and triggers keep the name that is written in them.
    try execute("pragma legacy_alter_table = on")
    defer { try? execute("pragma legacy_alter_table = off") }
    try execute("alter table main.\(quoted(table)) rename to \(quoted(name))")
    // SQLite tells of the old name alone.
    journal?.writes.note(name)
  }

  /// Makes a table of the same columns and rows; indexes and triggers stay where they are.
  private func copy(_ table: String, to name: String) throws {
    let columns = try columns(of: TableName(table))
    let definitions = columns.map { "\(quoted($0.name)) \($0.type)" }
    let list = columns.map { quoted($0.name) }.joined(separator: ", ")
    try execute(
      "create table main.\(quoted(name)) (\(definitions.joined(separator: ", ")))"
        + (isStrict(table) ? " strict" : ""))
    try execute(
      "insert into main.\(quoted(name)) (\(list)) select \(list) from main.\(quoted(table))")
  }

  func isStrict(_ table: String) throws -> Bool {
    let statement = try prepare("select strict from pragma_table_list(?1) where schema = 'main'")
    defer { statement.end() }
    try statement.bind(.text(table), at: 1)
    return try statement.step() && statement.integer(0) != 0
  }

  private func belongings(of table: String) throws -> [(kind: String, name: String)] {
    let statement = try cached(
      """
      select type, name from main.sqlite_schema
      where tbl_name = ?1 collate nocase and type in ('index', 'trigger') and sql is not null
      """)
    defer { statement.end() }
    try statement.bind(.text(table), at: 1)
    var found: [(String, String)] = []
    while try statement.step() { found.append((statement.text(0), statement.text(1))) }
    return found
  }
}

extension TableVersion {
  /// Whether its record says that it is the history of a snapshot, which nothing could give once more.
  fileprivate var isHistory: Bool {
    publication.record.contains(#""continuation":{"history""#)
  }
}
