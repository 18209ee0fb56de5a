import AssetTestSupport
import Foundation

/// A generated project, and random things that a user or an accident does to it.
///
/// Every table has the columns `id`, `grp` and `val`, so that any can read any before it. All
/// numbers are integers and all programs are deterministic: two builds of the same files must give
/// the same rows and bytes.
struct RandomProject {
  let project: TemporaryProject
  private var random: SeededRandom
  /// What was done, for the message of a failure.
  private(set) var log: [String] = []
  /// The declared files, as they were before the last edit.
  private var before: [String: String] = [:]
  private var files: [String: String] = [:]
  private var comments = 0

  private static let seeds = ["s0", "s1", "s2"]
  private static let queries = ["t0", "t1", "t2", "t3", "t4", "v0", "v1"]
  /// The tables, each after those that it may read; `made` is a program's, and `pulled` is loaded from what
  /// another one writes.
  private static let tables = [
    "s0", "s1", "s2", "t0", "t1", "made", "pulled", "t2", "v0", "t3", "v1", "t4",
  ]
  static let outputs =
    ["build/sorted.txt", "build/doubled.txt", "build/pulled.csv", "build/packed.txt"]
    + (0..<3).map { "build/part\($0).txt" }
  /// What a clean build needs of the project.
  static let sources = ["assetctl.yml", "assets", "data"]
  private static let data = ["data/a.txt", "data/b.txt", "data/sub/c.txt", "data/d.bin"]

  init(seed: UInt64) throws {
    random = SeededRandom(seed: seed)
    project = try TemporaryProject()
    try set("assetctl.yml", "project: random\nvars: {v: 5}\n")
    for name in Self.seeds { try set("assets/\(name).csv", csv(rows(number(20)))) }
    for name in Self.queries { try set("assets/\(name).sql", query(name)) }
    try set("assets/made.sh", madeProgram())
    try set("assets/sorted.sh", sortedProgram())
    try set("assets/doubled.sh", doubledProgram)
    try set("assets/pull.sh", pullProgram())
    try set("assets/packed.sh", packedProgram)
    try set("assets/part.sh", partProgram())
    try set(
      "assets/sources.yml",
      """
      sources:
        - {name: pulled, file: build/pulled.csv}
        - {name: folder, path: data/}
        - {name: texts, path: "data/*.txt"}
        - {name: again, path: build/pulled.csv}
      """)
    try set(Self.data[0], "0\n")
    before = files
  }

  /// The number of assets that are declared.
  var count: Int {
    // The three of one program, and what is loaded from a file; other sources are not materialized.
    files.keys.count { $0.hasPrefix("assets/") } - 1 + 2 + 1
  }

  /// The names of the assets that are tables.
  var tables: [String] { Self.tables + (files["assets/extra.sql"] == nil ? [] : ["extra"]) }

  /// Does one thing at random.
  mutating func change() async throws {
    let earlier = files
    switch Int.random(in: 0..<25, using: &random) {
    case 0, 1: try changeSeed("another value") { $0[0][2] += 1 }
    case 2: try changeSeed("reordered rows") { $0.reverse() }
    case 3: try changeSeed("one row less") { $0.removeLast() }
    case 4: try changeSeed("one row twice") { $0.append($0[0]) }
    case 5, 6, 7: try changeQuery()
    case 8: try comment()
    case 9: try edit("assetctl.yml", "project: random\nvars: {v: \(number(9))}\n")
    case 10: try edit("assets/made.sh", madeProgram())
    case 11: try edit("assets/sorted.sh", sortedProgram())
    case 12: try changeOutput()
    case 13, 14: try await alterTable()
    case 15: try touch()
    case 16:
      log.append("back to before the last edit")
      for (path, text) in before { try set(path, text) }
      for path in files.keys where before[path] == nil { try remove(path) }
    case 17: try toggleExtra()
    case 18: try await materializeOne()
    case 19: try edit("assets/pull.sh", pullProgram())
    case 20: try edit("assets/part.sh", partProgram())
    case 21, 22, 23: try changeData()
    default: try await endRun()
    }
    if files != earlier { before = earlier }
  }

  // MARK: Edits of declarations

  private mutating func changeSeed(
    _ what: String, _ body: (inout [[Int]]) -> Void
  ) throws {
    let path = "assets/\(pick(Self.seeds)).csv"
    var rows = (files[path] ?? "").split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",").compactMap { Int($0) }
    }
    if rows.isEmpty { rows = self.rows(5) }
    body(&rows)
    try edit(path, csv(rows), what)
  }

  private mutating func changeQuery() throws {
    let name = pick(Self.queries)
    try edit("assets/\(name).sql", query(name), "another query")
  }

  private mutating func comment() throws {
    comments += 1
    let path = "assets/\(pick(Self.queries)).sql"
    try edit(path, (files[path] ?? "") + "-- \(comments)\n", "a comment")
  }

  private mutating func toggleExtra() throws {
    if files["assets/extra.sql"] != nil {
      log.append("assets/extra.sql: removed")
      try remove("assets/extra.sql")
    } else {
      try edit("assets/extra.sql", "select * from \(pick(Self.tables))", "added")
    }
  }

  private mutating func changeData() throws {
    let path = pick(Self.data)
    if path != Self.data[0], files[path] != nil, Bool.random(using: &random) {
      log.append("\(path): removed")
      try remove(path)
    } else {
      try edit(path, "\(number(3))\n")
    }
  }

  private mutating func touch() throws {
    let path = pick(files.keys.sorted())
    log.append("\(path): touched")
    try project.touch(path)
  }

  // MARK: What happens to outputs

  private mutating func changeOutput() throws {
    let path = pick(Self.outputs)
    guard project.exists(path) else { return }
    if Bool.random(using: &random) {
      log.append("\(path): deleted")
      try project.remove(path)
    } else {
      log.append("\(path): overwritten")
      try project.write(path, "by hand \(number(99))")
    }
  }

  private mutating func alterTable() async throws {
    let name = pick(Self.tables)
    let isView = name.hasPrefix("v")
    let statement =
      isView
      ? "drop view if exists \(name)"
      : pick([
        "update \(name) set val = val + 1 where rowid in (select min(rowid) from \(name))",
        "update \(name) set val = val where true", "delete from \(name)",
        "insert into \(name) values (1, 1, \(number(99)))", "drop table \(name)",
        "alter table \(name) add column more",
      ])
    log.append(statement)
    // A view that reads a table that was dropped before cannot be dropped by some versions.
    _ = try? await project.sqlite(statement)
  }

  // MARK: Other runs

  private mutating func materializeOne() async throws {
    let name = pick(Self.tables)
    log.append("materialize \(name) --only")
    try await project.assetctl("materialize", name, "--only")
  }

  /// Ends a run at any moment; where that is, is the one thing that the seed does not say.
  private mutating func endRun() async throws {
    let delay = Int.random(in: 0...150, using: &random)
    log.append("a run that is killed after \(delay) ms")
    let run = try project.start(["materialize"])
    try await Task.sleep(for: .milliseconds(delay))
    run.send(SIGKILL)
    _ = try await run.result()
  }
}

// MARK: - What is generated

extension RandomProject {
  private mutating func query(_ name: String) -> String {
    let before = Array(Self.tables.prefix { $0 != name })
    let (a, b) = (pick(before), pick(before))
    let body = pick([
      "select id, grp, val from \(a) where val >= \(number(20))",
      "select id, grp, val from \(a) where val >= :v",
      "select grp as id, count(*) as grp, sum(val) as val from \(a) group by grp",
      "select a.id, max(b.grp) as grp, sum(a.val) + \(number(9)) as val from \(a) as a join \(b) as b "
        + "on b.id = a.id group by a.id",
      "select id, grp, val from \(a) union select id, val, grp from \(b) where val > \(number(20))",
      "with x as (select * from \(a)) select distinct grp as id, id as grp, val from x",
    ])
    let header = name.hasPrefix("v") ? "/* @asset\nmaterialized: view\n*/\n" : ""
    return header + body + "\n"
  }

  private mutating func madeProgram() -> String {
    """
    # @asset
    # kind: table
    # inputs: {\(pick(["s0", "s1", "t0", "t1"])): {columns: [id, grp, val]}}
    input=$(env | sed -n 's/^ASSETCTL_INPUT_[A-Z0-9]*=//p')
    awk -F, 'NR == 1 {print} NR > 1 {print $1 "," $2 "," $3 + \(number(9))}' "$input" \\
      > "$ASSETCTL_OUTPUT"

    """
  }

  private mutating func sortedProgram() -> String {
    """
    # @asset
    # inputs: {\(pick(Self.tables)): {columns: [id, val]}}
    # outputs: [build/sorted.txt]
    input=$(env | sed -n 's/^ASSETCTL_INPUT_[A-Z0-9]*=//p')
    tail -n +2 "$input" > "$ASSETCTL_OUTPUT"
    echo \(number(9)) >> "$ASSETCTL_OUTPUT"

    """
  }

  private var doubledProgram: String {
    """
    # @asset
    # inputs: [sorted]
    # outputs: [build/doubled.txt]
    cat "$ASSETCTL_INPUT_SORTED" "$ASSETCTL_INPUT_SORTED" > "$ASSETCTL_OUTPUT"

    """
  }

  private mutating func pullProgram() -> String {
    """
    # @asset
    # kind: file
    # inputs: {\(pick(["s0", "s2", "t1"])): {columns: [id, grp, val]}}
    # outputs: [build/pulled.csv]
    input=$(env | sed -n 's/^ASSETCTL_INPUT_[A-Z0-9]*=//p')
    awk -F, 'NR == 1 || $3 >= \(number(9))' "$input" > "$ASSETCTL_OUTPUT"

    """
  }

  private var packedProgram: String {
    """
    # @asset
    # inputs: [folder, texts, again, data/a.txt]
    # outputs: [build/packed.txt]
    (cd "$ASSETCTL_INPUT_FOLDER" && find . -type f | LC_ALL=C sort | xargs grep -H "") \
      > "$ASSETCTL_OUTPUT"
    xargs cat < "$ASSETCTL_INPUT_TEXTS" >> "$ASSETCTL_OUTPUT"
    cat "$ASSETCTL_INPUT_A" "$ASSETCTL_INPUT_AGAIN" >> "$ASSETCTL_OUTPUT"

    """
  }

  private mutating func partProgram() -> String {
    let condition = pick(["grp = :item", "grp = :item and val > \(number(9))", "id <= :item"])
    return """
      # @asset
      # foreach: [0, 1, 2]
      # inputs: {\(pick(Self.tables)): {columns: [id, val], where: "\(condition)"}}
      # outputs: ["build/part{item}.txt"]
      input=$(env | sed -n 's/^ASSETCTL_INPUT_[A-Z0-9]*=//p')
      tail -n +2 "$input" > "$ASSETCTL_OUTPUT"

      """
  }

  private mutating func rows(_ count: Int) -> [[Int]] {
    (0..<count).map { _ in [number(9), number(4), number(30)] }
  }

  private func csv(_ rows: [[Int]]) -> String {
    "id,grp,val\n"
      + rows.map { $0.map(String.init).joined(separator: ",") + "\n" }.joined()
  }

  private mutating func number(_ limit: Int) -> Int { Int.random(in: 0...limit, using: &random) }

  private mutating func pick<Item>(_ items: [Item]) -> Item { random.pick(items) }

  private mutating func edit(_ path: String, _ text: String, _ what: String = "edited") throws {
    log.append("\(path): \(what)")
    try set(path, text)
  }

  private mutating func set(_ path: String, _ text: String) throws {
    guard files[path] != text else { return }
    files[path] = text
    try project.write(path, text)
  }

  private mutating func remove(_ path: String) throws {
    files[path] = nil
    try project.remove(path)
  }
}
