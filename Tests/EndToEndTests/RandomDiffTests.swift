import AssetTestSupport
import Foundation
import Testing

/// Differences of random tables against a model that counts rows in Python.
@Suite(.timeLimit(.minutes(10))) struct RandomDiffTests {
  /// Values that are easily taken for one another.
  private static let values = [
    "null", "1", "1.0", "'1'", "x'31'", "'1.0'", "''", "x''", "2", "'a'", "'A'", "'a '", "0",
    "-0.5",
    "9007199254740993", "9007199254740992.0", "'é'", "'e\u{301}'",
  ]

  private static func rows(_ random: inout SeededRandom, count: Int) -> [[String]] {
    (0..<count).map { _ in
      [random.pick(["1", "2", "3", "'1'", "null"]), random.pick(values), random.pick(values)]
    }
  }

  private static func query(_ rows: [[String]], _ keep: String) -> String {
    // Columns of no type keep values as they are.
    let list = rows.isEmpty ? ["null, null, null"] : rows.map { $0.joined(separator: ", ") }
    return """
      /* @asset
      \(keep)
      */
      select column1 as "the ""key", column2 as "a,b", column3 as id from (values
      \(list.map { "(\($0))" }.joined(separator: ",\n"))
      )\(rows.isEmpty ? " where 1 = 0" : "")

      """
  }

  /// Counts by the definition: rows that both have go; the rest is paired by the key.
  private static let model = """
    import collections, json, sqlite3, sys
    base = sqlite3.connect(":memory:")
    def rows(path):
        found = base.execute(open(path).read()).fetchall()
        return collections.Counter(tuple((type(v).__name__, v) for v in row) for row in found)
    old, new, keyed = rows(sys.argv[1]), rows(sys.argv[2]), sys.argv[3] == "keyed"
    gone, come = old - new, new - old
    key = lambda row: row[0]
    before, after = collections.defaultdict(list), collections.defaultdict(list)
    for side, rest in ((before, gone), (after, come)):
        for row, count in rest.items(): side[key(row)] += [row] * count
    pairs = {k: min(len(before[k]), len(after[k])) for k in before if k in after} if keyed else {}
    changed = sum(pairs.values())
    columns = {}
    unique = all(len(before[k]) == 1 and len(after[k]) == 1 for k in pairs)
    for k in pairs if unique else []:
        for place, name in enumerate(['the "key', "a,b", "id"]):
            if before[k][0][place] != after[k][0][place]: columns[name] = columns.get(name, 0) + 1
    print(json.dumps({"added": sum(come.values()) - changed, "removed": sum(gone.values()) - changed,
      "changed": changed, "same": sum((old & new).values()),
      "columns": columns if unique else None}))
    """

  @Test func `counts are those of the model`() async throws {
    var random = SeededRandom(seed: 20_261_121)
    let project = try TemporaryProject(["assetctl.yml": "project: shop"])
    var old = Self.rows(&random, count: 12)
    try project.write("assets/t.sql", Self.query(old, "keep: 1"))
    try await project.assetctl("materialize")
    for number in 0..<30 {
      var new = old.filter { _ in !random.chance(5) }
      for index in new.indices where random.chance(4) {
        new[index][1 + Int(random.next() % 2)] = random.pick(Self.values)
      }
      new += Self.rows(&random, count: Int(random.next() % 5))
      new.shuffle(using: &random)
      try project.write("old.sql", Self.query(old, ""))
      try project.write("new.sql", Self.query(new, ""))
      try project.write("assets/t.sql", Self.query(new, "keep: 1"))
      let run = try await project.assetctl("materialize", "--force", "--format", "json").json
      let isSame = run["assets"][0]["outcome"] == "unchanged"

      for keyed in [true, false] {
        let words = ["diff", "t", "--limit", "1000", "--format", "json"]
        let diff = try await project.assetctl(words + (keyed ? ["--key", "the \"key"] : []))
        let rows = try diff.json["assets"][0]["rows"]
        let expected = try await project.python(
          Self.model, ["old.sql", "new.sql", keyed ? "keyed" : ""]
        ).json

        let place = "\(number) \(keyed)"
        if isSame {
          #expect(rows == nil, "\(place)")
          #expect(expected["added"] == 0 && expected["removed"] == 0, "\(place)")
          continue
        }
        for count in ["added", "removed", "changed", "same"] {
          #expect(rows[count] == expected[count], "\(place) \(count)")
        }
        #expect(rows["sample"]["added"]["rows"].elements.count == Self.count(rows["added"]))
        #expect(rows["sample"]["removed"]["rows"].elements.count == Self.count(rows["removed"]))
        #expect(rows["sample"]["changed"].elements.count == Self.count(rows["changed"]))
        guard expected["columns"] != nil, keyed else { continue }
        let columns = rows["changed_by_column"].elements.map { ($0["column"].text, $0["rows"]) }
        #expect(
          JSONValue.object(Dictionary(columns) { first, _ in first }) == expected["columns"],
          "\(place)")
      }
      old = new
    }
  }

  private static func count(_ value: JSONValue) -> Int { Int(value.text) ?? 0 }
}
