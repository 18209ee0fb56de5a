package import AssetCore
import AssetSQL

/// Turns the files of a project's unit tests into tests, or into all that is wrong with them.
package struct TestLoader {
  private let folder: ProjectFolder
  private let graph: AssetGraph
  private let log = ProblemLog()
  /// What the queries look like, by asset.
  private var analyses: [AssetKey: QueryAnalysis] = [:]

  /// Prepares reading the tests of a project whose assets are known.
  package init(_ folder: ProjectFolder, of graph: AssetGraph) {
    self.folder = folder
    self.graph = graph
  }

  /// Reads all `.yml` and `.yaml` files under a folder, at any depth; there need not be one.
  ///
  /// - Parameter path: The folder, relative to the project's.
  /// - Throws: All problems at once, sorted by place.
  /// - Returns: The tests in the order of their places.
  package mutating func load(_ path: String) throws(Problems) -> [UnitTest] {
    let paths: [String]
    do {
      paths = try folder.files(path)
    } catch {
      throw Problems([LoadingProblem.unreadable(path, reason: error.reason).diagnostic])
    }
    var tests: [UnitTest] = []
    for path in paths where ["yml", "yaml"].contains(ProjectPath.fileExtension(of: path)) {
      do throws(LoadingProblem) {
        tests += try self.tests(in: SourceText(bytes(of: path), file: path))
      } catch {
        log.add(error)
      }
    }
    var first: [String: Place] = [:]
    for test in tests {
      if let place = first[test.name] {
        log.add(.test(.sharedName(test.name, first: place), at: test.place))
      } else {
        first[test.name] = test.place
      }
    }
    guard log.problems.isEmpty else { throw Problems(log.unique.map(\.diagnostic)) }
    return tests
  }

  private func bytes(of path: String) throws(LoadingProblem) -> [UInt8] {
    do {
      return try folder.read(path)
    } catch {
      throw .unreadable(path, reason: error.reason)
    }
  }

  private mutating func tests(in source: SourceText) throws(LoadingProblem) -> [UnitTest] {
    let yaml = YAMLSource(file: source.file, text: source.text)
    guard let settings = Settings(try yaml.parse(), named: "the file", in: yaml, log: log) else {
      return []
    }
    settings.expect(["tests"])
    return settings.mappings("tests").compactMap { test($0) }
  }

  private mutating func test(_ settings: Settings) -> UnitTest? {
    settings.expect([
      "name", "asset", "description", "partition", "vars", "given", "expect", "ordered", "columns",
      "tolerance",
    ])
    for key in ["name", "asset", "expect"] where !settings.has(key) {
      log.add(.missingSetting(key, of: "the test", at: settings.place))
    }
    let expected = settings.has("expect") ? rows.rows("expect", of: settings) : nil
    let isOrdered = settings.choice("ordered", of: ["true", "false"]) == "true"
    let columns = settings.choice("columns", of: ["some", "all"])
    let tolerance = self.tolerance(settings)
    guard let asset = self.asset(settings) else { return nil }
    let vars = self.vars(settings)
    let partition = self.partition(settings, of: asset)
    let query = self.query(of: asset, vars, partition, settings)
    let given = self.given(settings, of: asset)
    guard let name = settings.text("name"), let query, let expected else { return nil }
    return UnitTest(
      name: name, asset: asset.key, description: settings.text("description"),
      vars: vars.mapValues(\.value), partition: partition?.key, query: query, given: given,
      expected: expected,
      isOrdered: isOrdered, namesAllColumns: columns == "all", tolerance: tolerance,
      place: settings.place)
  }

  private var rows: TestRowsReader { TestRowsReader(folder: folder, log: log) }

  private func tolerance(_ settings: Settings) -> Double {
    guard let text = settings.text("tolerance") else { return Cell.defaultTolerance }
    if let number = Double(text), (0...1).contains(number) { return number }
    log.add(.test(.badTolerance, at: settings.valuePlace(of: "tolerance")))
    return Cell.defaultTolerance
  }

  /// The asset that is tested, which must be made by a query.
  private func asset(_ settings: Settings) -> Asset? {
    guard let name = settings.text("asset") else { return nil }
    let place = settings.valuePlace(of: "asset")
    guard let asset = AssetKey(name).flatMap({ graph[$0] }) else {
      let nearest = nearestName(to: name, in: graph.order.map(\.name))
      log.add(.test(.unknownAsset(name, nearest: nearest), at: place))
      return nil
    }
    let what: String
    switch asset.recipe {
    case .query: return asset
    case .seed: what = "loaded from files"
    case .program: what = "made by a program"
    case .source, .files: what = "a source"
    }
    log.add(.test(.notAQuery(asset.key.name, what: what), at: place))
    return nil
  }
}

// MARK: - Vars

extension TestLoader {
  private struct PlacedValue {
    var value: VarValue
    var place: Place
  }

  private func vars(_ settings: Settings) -> [String: PlacedValue] {
    guard settings.has("vars"), let vars = settings.mapping("vars") else { return [:] }
    var values: [String: PlacedValue] = [:]
    for entry in vars.entries() {
      switch entry.value {
      case .nothing: values[entry.key] = PlacedValue(value: .null, place: entry.place)
      case .scalar(let text, let isPlain):
        values[entry.key] = PlacedValue(
          value: VarValue(yaml: text, isPlain: isPlain), place: entry.place)
      case .mapping, .list:
        log.add(
          .wrongType(setting: entry.key, expected: "a text or a number", at: entry.valuePlace))
      }
    }
    return values
  }

  /// The asset's query with the test's and the project's values in it, in which sources go by their
  /// own names.
  private mutating func query(
    of asset: Asset, _ vars: [String: PlacedValue], _ partition: Partition?, _ settings: Settings
  ) -> String? {
    guard case .query(let query) = asset.recipe else { return nil }
    let analysis: QueryAnalysis
    do throws(SQLError) {
      if let known = analyses[asset.key] {
        analysis = known
      } else {
        analysis = try analyze(query.text, dialect: .sqlite)
      }
    } catch {
      log.add(.test(.badQuery(error.diagnostic(at: nil).summary), at: settings.place))
      return nil
    }
    analyses[asset.key] = analysis
    let used = Set(analysis.parameters.map(\.name)).sorted()
    for (name, value) in vars where !used.contains(name) {
      log.add(.test(.unusedVar(name, of: asset.key, used: used), at: value.place))
    }
    var values = query.vars.merging(partition?.values ?? [:]) { _, own in own }
    values.merge(vars.mapValues(\.value)) { _, test in test }
    // An incremental asset is tested as it is built first, unless the test says otherwise.
    if used.contains("cursor"), values["cursor"] == nil { values["cursor"] = .null }
    let isOpen = asset.partitions != nil && !settings.has("partition")
    let missing = used.filter { values[$0] == nil }
    for name in missing where asset.partitions == nil || PartitionParameter(rawValue: name) == nil {
      log.add(.test(.varNotSet(name, of: asset.key), at: settings.place))
    }
    if isOpen, let name = missing.first(where: { PartitionParameter(rawValue: $0) != nil }) {
      log.add(.test(.partitionNotSet(name, of: asset.key), at: settings.place))
    } else if isOpen, let input = asset.inputs.first(where: { $0.isWindowed && $0.isDerived }) {
      log.add(.test(.windowNotSet(input.key, of: asset.key), at: settings.place))
    }
    let sql = render(query.text, analysis: analysis) { values[$0.name]?.sqlLiteral }
    return partition.flatMap { try? graph.limiting(sql, of: asset, to: $0) } ?? sql
  }

  /// The partition that is tested, which need not be one of those that there are at present.
  private func partition(_ settings: Settings, of asset: Asset) -> Partition? {
    guard settings.has("partition"), let key = settings.text("partition") else { return nil }
    let place = settings.valuePlace(of: "partition")
    guard let scheme = asset.partitions else {
      log.add(.test(.noPartitions(asset.key), at: place))
      return nil
    }
    do throws(PartitionError) {
      return try scheme.partition(named: key)
    } catch {
      log.add(.test(.badPartition(error), at: place))
      return nil
    }
  }
}

// MARK: - Inputs

extension TestLoader {
  private func given(_ settings: Settings, of asset: Asset) -> [GivenRows] {
    let given = settings.has("given") ? settings.mapping("given") : nil
    var seen: Set<AssetKey> = []
    var tables: [GivenRows] = []
    for name in given?.keys ?? [] {
      guard let given, let input = input(name, of: asset, at: given.place(of: name)) else {
        continue
      }
      if !seen.insert(input).inserted {
        log.add(.test(.inputGivenTwice(input), at: given.place(of: name)))
      }
      if let rows = rows.rows(name, of: given) { tables.append(GivenRows(input, rows)) }
    }
    for input in asset.inputs where input.isDerived && !seen.contains(input.key) {
      log.add(
        .test(
          .inputNotGiven(graph[input.key]?.key ?? input.key, of: asset.key),
          at: given?.place ?? settings.place))
    }
    return tables
  }

  private func input(_ name: String, of asset: Asset, at place: Place) -> AssetKey? {
    let inputs = asset.inputs.compactMap { graph[$0.key] }
    guard let input = inputs.first(where: { $0.key == AssetKey(trusted: name) }) else {
      log.add(.test(.notAnInput(name, of: asset.key, inputs: inputs.map(\.key)), at: place))
      return nil
    }
    guard input.tableName != nil else {
      log.add(.test(.inputIsNoTable(input.key), at: place))
      return nil
    }
    return input.key
  }
}
