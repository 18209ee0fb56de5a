import AssetCore
import AssetTestSupport
import Testing

/// Random projects with random edits: an asset runs just when what it read, its definition or its
/// output is another than when it was last made.
///
/// Readers consume sets of columns, names that only have to be there or not, numbers of rows and whole
/// tables; what they consume changes with their definitions, or where it is declared by itself; and
/// tables gain and lose columns.
@Suite struct RandomRunTests {
  @Test(arguments: UInt64(1)...40)
  func `exactly those assets run that must`(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    var model = RunModel(assets: Int.random(in: 2...9, using: &random), &random)
    var project = try Scenario(model.text)
    for round in 0..<12 {
      for _ in 0..<Int.random(in: 0...3, using: &random) { try edit(&project, &model, &random) }
      let targets = random.chance(3) ? [] : [random.pick(model.assets.map(\.key))]

      let ran = try await targets.isEmpty ? project.run() : project.run(targets[0])

      let expected = model.run(targets)
      #expect(ran.sorted() == expected.sorted(), "seed \(seed), round \(round):\n\(model.text)")
    }
  }

  private func edit(
    _ project: inout Scenario, _ model: inout RunModel, _ random: inout SeededRandom
  ) throws {
    let index = Int.random(in: 0..<model.assets.count, using: &random)
    let key = model.assets[index].key
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      model.assets[index].version = Int.random(in: 1...3, using: &random)
      try project.declare(model.assets[index].line)
    case 2:
      model.editInputs(of: index, &random)
      try project.declare(model.assets[index].line)
    case 3, 4:
      let content = RunModel.content(&random)
      model.assets[index].pinned = content
      project.pinContent(of: key, to: content)
    case 5 where model.assets[index].published != nil:
      let content = RunModel.content(&random)
      model.assets[index].published = .rows(content)
      project.alter(key, to: content)
    case 6:
      if model.assets[index].published != nil { model.assets[index].published = .dropped }
      project.drop(key)
    case 7 where model.assets[index].fails:
      model.assets[index].fails = false
      project.mend(key)
    case 7:
      model.assets[index].fails = random.chance(2)
      if model.assets[index].fails { project.fail(key) }
    default: break
    }
  }
}

/// What ought to happen, in the simplest way: asset after asset, everything is compared.
private struct RunModel {
  enum Content: Hashable {
    /// Rows as a text, of which columns can be consumed.
    case rows(String)
    /// Made of a definition and of what was read.
    indirect case made(Int, [AssetKey: [String]], [AssetKey: Content])
    case dropped
  }

  /// What an asset was made from.
  struct Origin: Hashable {
    var version: Int
    var reads: [AssetKey: Consumption]
    var read: [AssetKey: Read]
  }

  /// What is seen of an input: all of it, or some columns and which names are there.
  enum Read: Hashable {
    case whole(Content)
    case columns([[String]], there: [String])
    case count(Int, there: [String])
  }

  struct Input: Hashable {
    var key: AssetKey
    var consumption: Consumption
    /// Whether it is declared, and not found in the query.
    var isDeclared: Bool
  }

  struct Asset {
    var key: AssetKey
    var version = 1
    var inputs: [Input]
    var pinned: String?
    var fails = false
    var published: Content?
    var recorded: (origin: Origin, content: Content)?

    var line: String {
      let reads = inputs.map { input in
        let name = (input.isDeclared ? "!" : "") + input.key.name
        guard let (columns, names) = input.consumption.lists else { return name }
        return "\(name)(\((columns + names.map { "?" + $0 }).joined(separator: " ")))"
      }
      return "\(key)@\(version)" + (reads.isEmpty ? "" : " <- " + reads.joined(separator: " "))
    }
  }

  var assets: [Asset]
  private var versions = 10

  init(assets count: Int, _ random: inout SeededRandom) {
    assets = []
    for index in 0..<count {
      assets.append(Asset(key: Self.key(index), inputs: Self.inputs(of: index, &random)))
    }
  }

  var text: String { assets.map(\.line).joined(separator: "\n") }

  static func key(_ index: Int) -> AssetKey { AssetKey(trusted: "a\(index)") }

  static func inputs(of index: Int, _ random: inout SeededRandom) -> [Input] {
    (0..<index).compactMap { input in
      guard random.chance(2) else { return nil }
      return Input(
        key: key(input), consumption: consumption(&random), isDeclared: random.chance(4))
    }
  }

  static func consumption(_ random: inout SeededRandom) -> Consumption {
    random.pick([
      .whole, .whole, .columns(["a"]), .columns(["a", "b"]), .columns(["b", "c"]), .rowCount,
      .columns(["a"], names: ["b"]), .columns(["a"], names: ["b", "c"]),
      .columns([], names: ["c"]),
    ])
  }

  static func content(_ random: inout SeededRandom) -> String {
    let columns = ["a"] + ["b", "c"].filter { _ in !random.chance(4) }
    return (0..<Int.random(in: 1...2, using: &random)).map { _ in
      columns.map { "\($0)=\(Int.random(in: 1...2, using: &random))" }.joined(separator: " ")
    }.joined(separator: "\n")
  }

  /// Lets an asset read otherwise: by another query, or by other declarations alone.
  mutating func editInputs(of index: Int, _ random: inout SeededRandom) {
    let declared = assets[index].inputs.indices.filter { assets[index].inputs[$0].isDeclared }
    if !declared.isEmpty, random.chance(2) {
      assets[index].inputs[random.pick(declared)].consumption = Self.consumption(&random)
      return
    }
    assets[index].inputs = Self.inputs(of: index, &random)
    versions += 1
    assets[index].version = versions
  }

  /// Runs in the order of declarations, in which inputs come first.
  mutating func run(_ targets: [AssetKey]) -> [AssetKey] {
    var scope = Set(targets.isEmpty ? assets.map(\.key) : targets)
    for asset in assets.reversed() where scope.contains(asset.key) {
      scope.formUnion(asset.inputs.map(\.key))
    }
    var ran: [AssetKey] = []
    var blocked: Set<AssetKey> = []
    for index in assets.indices where scope.contains(assets[index].key) {
      let asset = assets[index]
      if asset.inputs.contains(where: { blocked.contains($0.key) }) {
        blocked.insert(asset.key)
        continue
      }
      guard isStale(asset) else { continue }
      if asset.fails {
        blocked.insert(asset.key)
        continue
      }
      let content = asset.pinned.map(Content.rows) ?? made(of: asset)
      assets[index].published = content
      assets[index].recorded = (origin(of: asset), content)
      ran.append(asset.key)
    }
    return ran
  }

  private func content(of key: AssetKey) -> Content {
    assets.first { $0.key == key }?.published ?? .dropped
  }

  /// Whether what was read then is another now, or would be read otherwise.
  private func isStale(_ asset: Asset) -> Bool {
    guard let (origin, content) = asset.recorded, origin.version == asset.version,
      Set(origin.reads.keys) == Set(asset.inputs.map(\.key)), isSame(asset.published, content)
    else { return true }
    return asset.inputs.contains { input in
      guard let read = origin.reads[input.key] else { return true }
      return self.read(self.content(of: input.key), as: read) != origin.read[input.key]
        || (input.isDeclared && !covers(read, input.consumption))
    }
  }

  private func covers(_ read: Consumption, _ declared: Consumption) -> Bool {
    guard let (columns, names) = read.lists else { return true }
    guard let (others, otherNames) = declared.lists else { return false }
    return Set(others).isSubset(of: columns) && Set(otherNames).isSubset(of: columns + names)
  }

  private func origin(of asset: Asset) -> Origin {
    Origin(
      version: asset.version,
      reads: Dictionary(uniqueKeysWithValues: asset.inputs.map { ($0.key, $0.consumption) }),
      read: Dictionary(
        uniqueKeysWithValues: asset.inputs.map { input in
          (input.key, read(content(of: input.key), as: input.consumption))
        }))
  }

  private func made(of asset: Asset) -> Content {
    var whole: [AssetKey: Content] = [:]
    var parts: [AssetKey: [String]] = [:]
    for input in asset.inputs {
      switch read(content(of: input.key), as: input.consumption) {
      case .whole(let content): whole[input.key] = content
      case .columns(let rows, let there):
        parts[input.key] = rows.map { $0.joined(separator: " ") } + ["beside"] + there
      case .count(let count, let there): parts[input.key] = ["\(count) rows"] + there
      }
    }
    return .made(asset.version, parts, whole)
  }

  /// Rows are the same in whatever order they come.
  private func isSame(_ left: Content?, _ right: Content?) -> Bool {
    guard case .rows(let a)? = left, case .rows(let b)? = right else { return left == right }
    return a.split(separator: "\n").sorted() == b.split(separator: "\n").sorted()
  }

  private func read(_ content: Content, as consumption: Consumption) -> Read {
    // What was made is a row that has none of the columns.
    var lines = [""]
    if case .rows(let text) = content { lines = text.split(separator: "\n").map(String.init) }
    func value(_ column: String, _ line: String) -> String {
      line.split(separator: " ").first { $0.hasPrefix(column + "=") }.map(String.init)
        ?? column + "="
    }
    guard let (columns, names) = consumption.lists else {
      guard case .rows = content else { return .whole(content) }
      return .whole(.rows(lines.sorted().joined(separator: "\n")))
    }
    let there = names.filter { value($0, lines[0]) != $0 + "=" }
    guard !columns.isEmpty else { return .count(lines.count, there: there) }
    let rows = lines.map { line in columns.map { value($0, line) } }
    return .columns(rows.sorted { $0.lexicographicallyPrecedes($1) }, there: there)
  }
}
