import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Foundation
import Testing

/// What is not read cannot change what a query gives: queries and tables made at random.
///
/// `ASSETCTL_RANDOM_SEED` repeats a test.
@Suite struct RandomReadsTests {
  let file: TemporaryWarehouse
  let shell: SQLiteShell
  let seed: UInt64

  init() throws {
    seed =
      ProcessInfo.processInfo.environment["ASSETCTL_RANDOM_SEED"].flatMap { UInt64($0) }
      ?? .random(in: 0...999_999)
    file = try TemporaryWarehouse()
    shell = try file.shell()
    try shell.execute("pragma journal_mode = wal; pragma synchronous = off")
  }

  private func rows(_ query: String) throws -> [[String]] {
    try shell.rows(query).sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test func `columns that no instruction reads may hold anything`() async throws {
    print("random reads: ASSETCTL_RANDOM_SEED=\(seed)")
    var random = SeededRandom(seed: seed)
    var spared = 0
    for _ in 0..<40 {
      let tables = RandomTables(&random)
      try shell.execute(tables.script)
      for _ in 0..<10 {
        let query = RandomQuery.text(over: tables, &random)
        let reads = try #require(
          try await file.warehouse.programReads(of: query, tables: ["t", "u", "v"]))
        let before = try rows(query)
        for _ in 0..<2 {
          var other = tables
          spared += other.rewriteUnread(reads, &random)
          try shell.execute("begin; " + other.script)
          let after = try rows(query)
          try shell.execute("rollback")
          #expect(after == before, "seed \(seed): \(query)\n\(tables.script)\n\(other.script)")
        }
      }
    }
    #expect(spared > 400, "seed \(seed): most queries leave some column unread")
  }

  @Test func `if the digests under what is recorded are equal, so are the rows`() async throws {
    print("lasting reads: ASSETCTL_RANDOM_SEED=\(seed)")
    var random = SeededRandom(seed: seed)
    var equal = 0
    for _ in 0..<60 {
      let tables = RandomTables(&random)
      try shell.execute(tables.script)
      for _ in 0..<4 {
        let query = RandomQuery.text(over: tables, &random)
        let reads = try #require(
          try await file.warehouse.reads(of: query, tables: ["t", "u", "v"]))
        let before = try rows(query)
        let digests = try await self.digests(reads)
        var other = tables
        if random.chance(2) { _ = other.rewriteUnread(reads, &random) }
        other.reshape(&random)
        try shell.execute(other.script)
        if try await self.digests(reads) == digests {
          equal += 1
          let after = try rows(query)
          #expect(after == before, "seed \(seed): \(query)\n\(tables.script)\n\(other.script)")
        }
        try shell.execute(tables.script)
      }
    }
    #expect(equal > 20, "seed \(seed): not every change of a table matters")
  }

  private func digests(_ reads: [TableName: Consumption]) async throws -> [AssetKey: ContentDigest]
  {
    let requests = reads.map {
      TableRequest(
        key: AssetKey(trusted: $0.key.name), table: $0.key, consumptions: [$0.value],
        isPublished: false)
    }
    return try await file.warehouse.observe(requests).compactMapValues { observation in
      guard case .present(let content) = observation else { return nil }
      return content.digests.values.first
    }
  }
}

extension RandomTables {
  /// Gives other values to the columns that are not read, and tells how many these are.
  fileprivate mutating func rewriteUnread(
    _ reads: [TableName: Consumption], _ random: inout SeededRandom
  ) -> Int {
    var count = 0
    for index in tables.indices {
      guard case .columns(let read, _)? = reads[TableName(tables[index].name)] else { continue }
      for column in tables[index].columns where !read.contains(column) {
        tables[index].rewrite(column, &random)
        count += 1
      }
    }
    return count
  }

  /// Changes what a table looks like: its columns, their order, its constraints and indexes.
  fileprivate mutating func reshape(_ random: inout SeededRandom) {
    let index = Int.random(in: tables.indices, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      let names = Set(Self.names + ["o0", "o1", "new"]).subtracting(tables[index].columns)
      let column = random.pick(names.sorted())
      tables[index].columns.insert(column, at: random.chance(2) ? 0 : tables[index].columns.count)
      tables[index].rewrite(column, &random)
    case 1 where tables[index].columns.count > 1:
      let column = random.pick(tables[index].columns)
      tables[index].columns.removeAll { $0 == column }
      tables[index].indexes.removeAll { $0.contains(column) }
    case 2: tables[index].columns.shuffle(using: &random)
    case 3:
      tables[index].indexes = []
      // Values that the constraint would not have allowed.
      for column in tables[index].constraints.keys.sorted() where random.chance(2) {
        tables[index].constraints[column] = nil
        tables[index].rewrite(column, &random)
      }
    case 4: tables[index].rows.shuffle(using: &random)
    default: tables[index].constraints = [:]
    }
  }
}
