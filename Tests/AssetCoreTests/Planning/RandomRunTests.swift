import AssetCore
import AssetTestSupport
import Testing

/// Random projects with random edits: an asset runs just when what it reads, its definition or its
/// output is another than when it was last made.
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
      model.assets[index].inputs = RunModel.inputs(of: index, &random)
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

  /// What an asset is made from.
  struct Origin: Hashable {
    var version: Int
    var reads: [AssetKey: Consumption]
    var read: [AssetKey: Read]
  }

  /// What is seen of an input: all of it, or some columns.
  enum Read: Hashable {
    case whole(Content)
    case columns([[String]])
    case count(Int)
  }

  struct Asset {
    var key: AssetKey
    var version = 1
    var inputs: [(key: AssetKey, consumption: Consumption)]
    var pinned: String?
    var fails = false
    var published: Content?
    var recorded: (origin: Origin, content: Content)?

    var line: String {
      let reads = inputs.map { input in
        switch input.consumption {
        case .whole: input.key.name
        case .columns(let names, _): "\(input.key)(\(names.joined(separator: " ")))"
        }
      }
      return "\(key)@\(version)" + (reads.isEmpty ? "" : " <- " + reads.joined(separator: " "))
    }
  }

  var assets: [Asset]

  init(assets count: Int, _ random: inout SeededRandom) {
    assets = []
    for index in 0..<count {
      assets.append(Asset(key: Self.key(index), inputs: Self.inputs(of: index, &random)))
    }
  }

  var text: String { assets.map(\.line).joined(separator: "\n") }

  static func key(_ index: Int) -> AssetKey { AssetKey(trusted: "a\(index)") }

  static func inputs(
    of index: Int, _ random: inout SeededRandom
  ) -> [(key: AssetKey, consumption: Consumption)] {
    (0..<index).compactMap { input in
      guard random.chance(2) else { return nil }
      let consumptions: [Consumption] = [
        .whole, .whole, .columns(["a"]), .columns(["a", "b"]), .rowCount,
      ]
      return (key(input), random.pick(consumptions))
    }
  }

  static func content(_ random: inout SeededRandom) -> String {
    (0..<Int.random(in: 1...2, using: &random)).map { _ in
      "a=\(Int.random(in: 1...2, using: &random)) b=\(Int.random(in: 1...2, using: &random))"
    }.joined(separator: "\n")
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
      let origin = self.origin(of: asset)
      guard asset.recorded?.origin != origin || !isSame(asset.published, asset.recorded?.content)
      else { continue }
      if asset.fails {
        blocked.insert(asset.key)
        continue
      }
      let content = asset.pinned.map(Content.rows) ?? made(of: asset)
      assets[index].published = content
      assets[index].recorded = (origin, content)
      ran.append(asset.key)
    }
    return ran
  }

  private func content(of key: AssetKey) -> Content {
    assets.first { $0.key == key }?.published ?? .dropped
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
      case .columns(let rows): parts[input.key] = rows.map { $0.joined(separator: " ") }
      case .count(let count): parts[input.key] = ["\(count) rows"]
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
    guard case .rows(let text) = content else {
      switch consumption {
      case .whole: return .whole(content)
      case .columns([], _): return .count(1)
      // A row that has none of the columns.
      case .columns(let names, _): return .columns([names.map { "\($0)=" }])
      }
    }
    let lines = text.split(separator: "\n").map(String.init).sorted()
    switch consumption {
    case .whole: return .whole(.rows(lines.joined(separator: "\n")))
    case .columns([], _): return .count(lines.count)
    case .columns(let names, _):
      let rows = lines.map { line in
        line.split(separator: " ").map(String.init).filter { word in
          names.contains { word.hasPrefix($0 + "=") }
        }
      }
      return .columns(rows.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }
}
