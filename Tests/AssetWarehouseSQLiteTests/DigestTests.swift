import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Testing

/// What makes another digest, and what does not.
@Suite struct DigestTests {
  let file: TemporaryWarehouse

  init() throws { file = try TemporaryWarehouse() }

  @Test func `the order of rows does not matter, their number does`() async throws {
    let digest = try await file.digest(of: "values (1), (2), (2)")

    #expect(try await file.digest(of: "values (2), (1), (2)") == digest)
    #expect(try await file.digest(of: "values (1), (2)") != digest)
    #expect(try await file.digest(of: "values (1), (1), (2)") != digest)
    // Exclusive-or would lose these pairs.
    #expect(try await file.digest(of: "values (3), (3), (1), (2), (2)") != digest)
  }

  @Test func `values that look alike are different`() async throws {
    let values = [
      "1", "1.0", "'1'", "x'31'", "null", "''", "x''", "0", "0.0", "'1.0'", "' 1'", "-1",
      "'null'", "x'00'", "char(0)", "'a'", "'A'", "'ä'", "1e300", "9223372036854775807",
    ]
    var digests: Set<ContentDigest> = []
    for value in values {
      digests.insert(try #require(try await file.digest(of: "select \(value) as a")))
    }

    #expect(digests.count == values.count)
  }

  @Test func `texts of every length around a word of eight bytes are different`() async throws {
    var digests: Set<ContentDigest> = []
    for length in 0...33 {
      for character in ["a", "b"] where length > 0 || character == "a" {
        let text = String(repeating: character, count: length)
        digests.insert(try #require(try await file.digest(of: "select '\(text)' as a")))
      }
    }

    #expect(digests.count == 67)
  }

  @Test func `where a value stands in a text matters`() async throws {
    let texts = [
      "abcdefgh12345678", "12345678abcdefgh", "abcdefg12345678h", "bacdefgh12345678",
      "abcdefgh1234567", "abcdefgh123456780",
    ]
    var digests: Set<ContentDigest> = []
    for text in texts {
      digests.insert(try #require(try await file.digest(of: "select '\(text)' as a")))
    }

    #expect(digests.count == texts.count)
  }

  @Test func `values may not move between columns or rows`() async throws {
    let digest = try await file.digest(of: "select 1 as a, 2 as b union all select 3, 4")

    #expect(try await file.digest(of: "select 2 as a, 1 as b union all select 3, 4") != digest)
    #expect(try await file.digest(of: "select 1 as a, 4 as b union all select 3, 2") != digest)
    let one = try await file.digest(of: "select 'ab' as a, 'c' as b")
    let other = try await file.digest(of: "select 'a' as a, 'bc' as b")
    #expect(one != other)
  }

  @Test func `names, types and order of columns are content of the whole`() async throws {
    let digest = try await file.digest(of: "select 1 as a, 1 as b")

    #expect(try await file.digest(of: "select 1 as a, 1 as c") != digest)
    #expect(try await file.digest(of: "select 1 as b, 1 as a") != digest)
    let typed = try await file.publish(
      "t", "select 1 as a, 1 as b", types: ["b": .integer]
    ).content[.whole]
    #expect(typed != digest)
  }

  @Test func `an empty table has a digest that its columns decide`() async throws {
    let digest = try await file.digest(of: "select 1 as a where false")

    #expect(try await file.digest(of: "select 2 as a where 1 = 0") == digest)
    #expect(try await file.digest(of: "select 1 as b where false") != digest)
    #expect(try await file.digest(of: "select null as a") != digest)
  }

  @Test func `the row count is all that a row count sees`() async throws {
    let digest = try await file.digest(of: "values (1), (2)", .rowCount)

    #expect(
      try await file.digest(of: "select 'x' as y, 2 as z union all select 1, 1", .rowCount)
        == digest)
    #expect(try await file.digest(of: "values (1)", .rowCount) != digest)
  }

  @Test func `columns are seen by name alone, whatever stands beside or before them`() async throws
  {
    let columns = Consumption(columns: ["a", "b"])
    let digest = try await file.digest(of: "select 1 as a, 2 as b", columns)

    #expect(try await file.digest(of: "select 9 as z, 2 as B, 'x' as y, 1 as A", columns) == digest)
    #expect(try await file.digest(of: "select 2 as a, 1 as b", columns) != digest)
    #expect(try await file.digest(of: "select 1 as a, 3 as b", columns) != digest)
    // The order of rows in one column says which row it belongs to.
    let one = try await file.digest(of: "select 1 as a, 2 as b union all select 3, 4", columns)
    let other = try await file.digest(of: "select 1 as a, 4 as b union all select 3, 2", columns)
    #expect(one != other)
  }

  @Test func `a column that is not there is a content of its own`() async throws {
    let columns = Consumption(columns: ["a", "b"])
    let absent = try await file.digest(of: "select 1 as a", columns)

    #expect(absent != nil)
    #expect(try await file.digest(of: "select 1 as a, null as b", columns) != absent)
  }

  /// The digests are a compatibility promise: others mark every user's assets stale.
  @Test func `the digests are pinned`() async throws {
    let query = """
      select 1 as id, 'größer' as name, 1.5 as x, x'00ff' as b, null as n
      union all select -9223372036854775808, 'eight by', -0.25, x'', 'a longer text of 31 bytes......'
      """
    let table = try await file.publish(
      "t", query, types: ["id": .integer],
      under: [
        .whole, .rowCount, .columns(["id", "name"]), .columns(["nothing"]),
        .columns(["id", "name"], names: ["n", "nothing"]), .columns([], names: ["id"]),
      ])

    #expect(
      table.digests == [
        .whole: "rows1:45d65ec12873ec0403fbabb367bb3718e57004336c3a14ad1d3fc4d716949b9d",
        .rowCount: "rows1:ca946fa4ec9409284c130ea07ffb7bc0d70beeeb860cb717f44c69557a7b1b1e",
        .columns(["id", "name"]):
          "rows1:f8e1b226f37724072fc53853f1cd12a5856b8adeb4f7cf7b2fddaffd92a1dec9",
        .columns(["nothing"]):
          "rows1:e6746b0b95eef9bb4899e231eda1594a5a0685c3caa47e6dd4dcca0fd39e3cb9",
        .columns(["id", "name"], names: ["n", "nothing"]):
          "rows1:7be5c07173c2b64045b3c1c0d7e7d4123b06d54fea6c4cb4c652e4bf228db7d4",
        .columns([], names: ["id"]):
          "rows1:b09fdab28c0003992e59fe3bdb3a9229ccfef89419d749ee0c3a5dfccd249e29",
      ])
  }

  @Test func `columns whose names differ in case alone are both read under either`() async throws {
    func digest(_ small: Int, _ large: Int) async throws -> Observation? {
      try file.execute(
        """
        drop table if exists t;
        create table t as select \(small) as "ä", \(large) as "Ä"
        """)
      let request = TableRequest(
        key: "t", table: "t", consumptions: [Consumption(columns: ["ä"])], isPublished: false)
      return try await file.warehouse.observe([request])["t"]
    }

    let before = try await digest(1, 2)

    #expect(try await digest(1, 3) != before)
    #expect(try await digest(3, 2) != before)
  }

  @Test func `many sets of columns are digested as each alone`() async throws {
    let query = "select 1 as a, 'x' as b, 2.5 as c, null as d union all select 2, 'y', 3.5, x'00'"
    let names = ["a", "b", "c", "d"]
    let consumptions = (0..<16).map { set in
      Consumption(columns: names.enumerated().filter { set >> $0.offset & 1 == 1 }.map(\.element))
    }

    let together = try await file.publish("t", query, under: Set(consumptions + [.whole]))

    for consumption in consumptions {
      #expect(try await file.digest(of: query, consumption) == together.digests[consumption])
    }
  }

  @Test func `a table of very many columns is digested like any other`() async throws {
    let names = (0..<300).map { "c\($0)" }
    let values = names.enumerated().map { $0 % 3 == 0 ? "\($0) as \($1)" : "'\($0)' as \($1)" }
    let query = """
      select \(values.joined(separator: ", "))
      union all select \(names.map { "1 as \($0)" }.joined(separator: ", "))
      """
    let few = Consumption(columns: (0..<20).map { "c\($0 * 7)" })

    let alone = try await file.digest(of: query, few)
    let together = try await file.publish("t", query, under: [few, .whole, .rowCount])

    #expect(together.digests[few] == alone)
    #expect(together.details.rows == 2)
  }

  @Test func `the aggregate that digests is no function for queries`() async throws {
    await #expect(
      throws: WarehouseError.refused(message: "no such function: assetctl_rows", offset: nil)
    ) {
      try await file.publish("t", "select assetctl_rows(1) as a")
    }
  }

  @Test func `digests of random multisets are equal just when the rows are`() async throws {
    let seed: UInt64 = 17
    var random = SeededRandom(seed: seed)
    let values = ["1", "2", "1.0", "'1'", "null", "''", "x'31'", "'a'"]
    var known: [[[String]]: ContentDigest] = [:]
    for _ in 0..<200 {
      let rows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        [random.pick(values), random.pick(values)]
      }
      let query = rows.map { "select \($0[0]) as a, \($0[1]) as b" }.joined(
        separator: " union all ")
      let digest = try await file.digest(of: query)
      let sorted = rows.sorted { $0.lexicographicallyPrecedes($1) }
      if let before = known[sorted] { #expect(digest == before, "seed \(seed): \(query)") }
      known[sorted] = digest
    }
    #expect(Set(known.values).count == known.count, "seed \(seed)")
  }
}
