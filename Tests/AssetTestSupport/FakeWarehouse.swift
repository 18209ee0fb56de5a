package import AssetCore
package import AssetWarehouse
import Synchronization

/// A warehouse in memory whose tables are texts and whose behaviour is data.
///
/// A table is a text with a row on each line; a row is words of the form `column=value`. Its query
/// language is the line of a ``Scenario``: `daily@2 <- orders(total) rates` gives a row that holds
/// the definition `daily@2` and a hash of what is read, so that an asset's content changes just when
/// its definition or the consumed part of an input does. ``Behavior`` makes of it anything else.
package final class FakeWarehouse: Warehouse {
  /// What happens when a table is built, other than that it is made of its query and inputs.
  package struct Behavior: Sendable {
    /// The content that comes out, whatever goes in.
    package var content: String?
    /// What the build ends with.
    package var failure: WarehouseError?
    /// Whether the build goes on until it is cancelled.
    package var runsUntilCancelled = false
    /// How many milliseconds of the clock it takes.
    package var takes: Int64 = 0
    /// What somebody else writes just before each try to publish; one entry a try.
    package var meanwhile: [[String: String]] = []

    package init() {}
  }

  struct Storage {
    var tables: [String: String] = [:]
    var publications: [String: Publication] = [:]
    /// The digests of what was published.
    var sealed: [String: ContentDigest] = [:]
    var behaviors: [AssetKey: Behavior] = [:]
    /// What cannot be looked at, with the reasons.
    var hidden: [String: String] = [:]
    var published: [AssetKey] = []
    /// The texts of earlier versions, the newest first, by table.
    var versions: [String: [FakeVersion]] = [:]
    /// What was looked at, one entry for each look.
    var looks: [[AssetKey: Set<Consumption>]] = []
    /// What is said of the columns that a query reads.
    var reads: [String: [TableName: Consumption]] = [:]
    var programReads: [String: [TableName: Consumption]] = [:]
    /// What queries that only read are answered.
    var answers: [String: TablePreview] = [:]
    /// Counts the writes of each handle.
    var writes: [Int: Int] = [:]
    var handles = 0
  }

  private final class Shared: Sendable {
    let storage: Mutex<Storage>
    /// Apart from the storage, since the time is asked for while a table is sealed.
    let clock = Atomic<Int64>(0)

    init(_ storage: Storage = Storage()) { self.storage = Mutex(storage) }
  }

  private let shared: Shared
  private let handle: Int
  private let isTrial: Bool
  private let observedVersion = Mutex<Int?>(nil)

  package convenience init() { self.init(Shared()) }

  private init(_ shared: Shared, isTrial: Bool = false) {
    self.shared = shared
    self.isTrial = isTrial
    handle = shared.storage.withLock { storage in
      storage.handles += 1
      return storage.handles
    }
  }

  /// A second handle on the same tables, as another process would have.
  package func another() -> FakeWarehouse { FakeWarehouse(shared) }

  // MARK: - What tests do to it

  package subscript(table: String) -> String? {
    get { shared.storage.withLock { $0.tables[table.lowercased()] } }
    set {
      shared.storage.withLock {
        $0.tables[table.lowercased()] = newValue
        // Who writes a database beside the warehouse does not write the warehouse.
        if !table.contains(": ") { $0.writes[0, default: 0] += 1 }
      }
    }
  }

  package subscript(behavior key: AssetKey) -> Behavior {
    get { shared.storage.withLock { $0.behaviors[key] ?? Behavior() } }
    set { shared.storage.withLock { $0.behaviors[key] = newValue } }
  }

  /// Makes a table unreadable for a reason, or readable again.
  package func hide(_ table: String, because reason: String?) {
    shared.storage.withLock { $0.hidden[table.lowercased()] = reason }
  }

  /// Forgets that a table was published, as if somebody else had made it.
  package func disown(_ table: String) {
    shared.storage.withLock { $0.publications[table.lowercased()] = nil }
  }

  /// All that was published, in order.
  package var published: [AssetKey] { shared.storage.withLock { $0.published } }

  /// What was looked at, one entry for each look that digested something.
  package var looks: [[AssetKey: Set<Consumption>]] { shared.storage.withLock { $0.looks } }

  /// Lets the warehouse tell which columns a query reads.
  package func tell(programReads: [TableName: Consumption], of query: String) {
    shared.storage.withLock { $0.programReads[query] = programReads }
  }

  package func tell(reads: [TableName: Consumption], of query: String) {
    shared.storage.withLock { $0.reads[query] = reads }
  }

  /// Lets the warehouse answer a query.
  package func answer(_ query: String, with rows: TablePreview) {
    shared.storage.withLock { $0.answers[query] = rows }
  }

  /// The milliseconds that builds took so far.
  package var clock: Int64 { shared.clock.load(ordering: .relaxed) }
}

// MARK: - The adapter

extension FakeWarehouse {
  package func stamp(of database: String?) async throws -> String? {
    shared.storage.withLock { storage in
      guard let database else { return "writes: \(storage.version(besides: nil))" }
      let tables = storage.tables.filter { $0.key.hasPrefix(TableName("", in: database).fakeName) }
      return tables.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        .joined(separator: "\n")
    }
  }

  package func settledStamp() async throws -> String? { try await stamp(of: nil) }

  package func publications() async throws -> [Publication] {
    shared.storage.withLock {
      $0.publications.values.filter { !$0.materialization.isEmpty }.sorted { $0.asset < $1.asset }
    }
  }

  package func views() async throws -> [String: Set<String>] { [:] }

  package func followers() async throws -> [String: Set<String>] { [:] }

  package func observe(_ requests: [TableRequest]) async throws -> [AssetKey: Observation] {
    shared.storage.withLock { storage in
      let version = storage.version(besides: handle)
      observedVersion.withLock { $0 = $0 ?? version }
      let look = requests.map { ($0.key, $0.consumptions) }.filter { !$0.1.isEmpty }
      if !look.isEmpty { storage.looks.append(Dictionary(uniqueKeysWithValues: look)) }
      return Dictionary(
        uniqueKeysWithValues: requests.map { ($0.key, storage.observation(of: $0)) })
    }
  }

  package func publish(_ candidates: [TableCandidate]) async throws {
    let before = shared.storage.withLock { $0 }
    do {
      for candidate in candidates { try await publish(candidate) }
    } catch {
      if candidates.count > 1 { shared.storage.withLock { $0 = before } }
      throw error
    }
  }

  private func publish(_ candidate: TableCandidate) async throws {
    let build = candidate.build
    let behavior = begin(build.key)
    if behavior.runsUntilCancelled {
      let (never, continuation) = AsyncStream.makeStream(of: Never.self)
      for await _ in never {}
      continuation.finish()
      throw CancellationError()
    }
    try shared.storage.withLock { storage in
      let version = storage.version(besides: handle)
      try observedVersion.withLock { observed in
        if let known = observed, known != version {
          observed = nil
          throw WarehouseError.changedMeanwhile
        }
        observed = version
      }
      shared.clock.add(behavior.takes, ordering: .relaxed)
      if let failure = behavior.failure { throw failure }
      let whole = build.key.asset.name.lowercased()
      if storage.tables[whole] != nil, storage.publications[whole] == nil {
        throw WarehouseError.foreignTable(build.key.asset.name)
      }
      let text = try behavior.content ?? storage.content(of: build)
      let table = FakeTable(text)
      let built = table.content(under: build.consumptions.union([.whole]))
      let publication = try candidate.seal(
        BuiltTable(
          digests: built.digests, details: built.details ?? ContentDetails(rows: nil, columns: []),
          observed: storage.observed(by: build)),
        FakeReading(storage))
      let name = build.key.name.lowercased()
      if let part = build.part {
        let others = FakeTable.lines(of: storage.tables[whole] ?? "", outside: [part.slice])
        storage.tables[whole] = (others + [text]).filter { !$0.isEmpty }.joined(separator: "\n")
        storage.publications[whole] =
          storage.publications[whole]
          ?? Publication(asset: build.key.asset, materialization: "", record: "")
      } else {
        storage.keep(name, atMost: max(build.keptVersions, isTrial ? 1 : 0))
        storage.tables[name] = text
      }
      storage.publications[name] = publication
      storage.sealed[name] = table.digest(under: .whole)
      storage.published.append(build.key)
      storage.writes[handle, default: 0] += 1
    }
  }

  package func settle(
    _ request: TableRequest, keeping slices: [RowSlice]?
  ) async throws -> Observation {
    shared.storage.withLock { storage in
      let name = request.table.name.lowercased()
      if let slices, let text = storage.tables[name] {
        let others = Set(FakeTable.lines(of: text, outside: slices))
        storage.tables[name] = text.split(separator: "\n").map(String.init)
          .filter { !others.contains($0) }.joined(separator: "\n")
        storage.writes[handle, default: 0] += 1
      }
      return storage.observation(of: request)
    }
  }

  package func read<T: Sendable>(
    with databases: Set<String>, _ body: @escaping @Sendable (any TableReading) throws -> T
  ) async throws -> T {
    try body(FakeReading(shared.storage.withLock { $0 }))
  }

  package func restore(
    _ asset: AssetKey, materialization: String, indexes: [[String]]
  ) async throws {
    try shared.storage.withLock { storage in
      let name = asset.name.lowercased()
      let versions = storage.versions[name] ?? []
      guard
        let place = versions.firstIndex(where: {
          $0.publication.materialization == materialization
        })
      else { throw WarehouseError.missingVersion(asset) }
      let version = versions[place]
      storage.keep(name, atMost: .max)
      storage.versions[name]?.removeAll { $0.publication == version.publication }
      storage.tables[name] = version.text
      storage.publications[name] = version.publication
      storage.sealed[name] = FakeTable(version.text).digest(under: .whole)
      storage.writes[handle, default: 0] += 1
    }
  }

  package func trial() async throws -> any Warehouse {
    FakeWarehouse(Shared(shared.storage.withLock { $0 }), isTrial: true)
  }

  /// Lets somebody else write first, if that is what happens to this asset.
  private func begin(_ key: AssetKey) -> Behavior {
    shared.storage.withLock { storage in
      let behavior = storage.behaviors[key] ?? Behavior()
      if let writes = behavior.meanwhile.first {
        storage.behaviors[key]?.meanwhile.removeFirst()
        for (table, text) in writes { storage.tables[table.lowercased()] = text }
        storage.writes[0, default: 0] += 1
      }
      return behavior
    }
  }

  package func export(
    _ request: TableRequest, columns: [String]?,
    into sink: @escaping @Sendable ([Column]) throws -> any RowSink
  ) async throws -> [Consumption: ContentDigest] {
    let table = try table(request.table.fakeName)
    let names = columns ?? table.columns
    for name in names where !table.columns.contains(name) {
      throw WarehouseError.unknownColumn(
        asset: request.key, column: name, nearest: nearestName(to: name, in: table.columns))
    }
    var sink = try sink(names.map { Column($0, type: "text") })
    for row in table.projected(on: names).sorted() {
      try sink.write(row.map { .text($0) })
    }
    try sink.finish()
    return table.digests(under: request.consumptions)
  }

  package func withdraw(
    _ asset: AssetKey, materialization: String, isDryRun: Bool
  ) async throws -> Withdrawal {
    shared.storage.withLock { storage in
      let name = asset.name.lowercased()
      let published = storage.publications[name] == nil ? nil : storage.sealed[name]
      let present = storage.tables[name].map { FakeTable($0).digest(under: .whole) }
      let withdrawal: Withdrawal =
        if published == nil || present == nil {
          .missing
        } else if storage.publications[name]?.materialization != materialization {
          .altered
        } else {
          published == present ? .removed : .altered
        }
      guard !isDryRun, storage.publications[name]?.materialization == materialization else {
        return withdrawal
      }
      storage.publications[name] = nil
      if withdrawal == .removed { storage.tables[name] = nil }
      storage.writes[handle, default: 0] += 1
      return withdrawal
    }
  }

  package func reads(
    of query: String, tables: Set<TableName>
  ) async throws -> [TableName: Consumption]? {
    shared.storage.withLock { $0.reads[query] }
  }

  package func programReads(
    of query: String, tables: Set<TableName>
  ) async throws -> [TableName: Consumption]? {
    shared.storage.withLock { $0.programReads[query] }
  }

  package func preview(table: TableName, limit: Int) async throws -> TablePreview {
    let table = try self.table(table.fakeName)
    let rows = table.projected(on: table.columns).map { $0.map { Value.text($0) } }
    return TablePreview(
      columns: table.columns, rows: Array(rows.prefix(limit)), isCut: rows.count > limit)
  }

  package func rehearse(
    _ builds: [TableBuild]
  ) async throws -> [Result<TableRows, WarehouseError>] {
    var storage = Storage()
    return try builds.map { build in
      do {
        let text = try storage.content(of: build)
        storage.tables[build.key.name.lowercased()] = text
        let table = FakeTable(text)
        return .success(
          TableRows(
            columns: table.columns.map { Column($0) },
            rows: table.projected(on: table.columns).map { $0.map { .text($0) } }))
      } catch let error as WarehouseError {
        return .failure(error)
      }
    }
  }

  package func close() async {}

  private func table(_ name: String) throws -> FakeTable {
    guard let text = self[name] else { throw WarehouseError.missingTable(name) }
    return FakeTable(text)
  }
}

/// The text of a table that was published before.
struct FakeVersion: Sendable {
  var publication: Publication
  var text: String

  func version(in table: String, isPublished: Bool) -> TableVersion {
    TableVersion(
      publication, digest: FakeTable(text).digest(under: .whole), table: table,
      isPublished: isPublished)
  }
}

extension FakeWarehouse.Storage {
  /// Puts what is published aside.
  mutating func keep(_ name: String, atMost count: Int) {
    guard let publication = publications[name], let text = tables[name] else { return }
    versions[name, default: []].insert(FakeVersion(publication: publication, text: text), at: 0)
    versions[name] = Array(versions[name, default: []].prefix(count))
  }

  func versions(of asset: AssetKey) -> [TableVersion] {
    let name = asset.name.lowercased()
    let kept = (versions[name] ?? []).map { $0.version(in: "version", isPublished: false) }
    guard let publication = publications[name], let text = tables[name] else { return kept }
    let present = FakeVersion(publication: publication, text: text)
    return [present.version(in: asset.name, isPublished: true)] + kept
  }

  func version(besides handle: Int?) -> Int {
    writes.filter { $0.key != handle }.values.reduce(0, +)
  }

  func observation(of request: TableRequest) -> Observation {
    let name = request.table.fakeName
    if let reason = hidden[name] { return .unknown(reason) }
    guard let text = tables[name] else { return .missing }
    if request.isPublished, publications[name] == nil { return .replaced }
    return .present(FakeTable(text).content(of: request))
  }

  /// What a build reads of tables beside the warehouse.
  func observed(by build: TableBuild) -> [AssetKey: Content] {
    var observed: [AssetKey: Content] = [:]
    for request in build.observing {
      observed[request.key] = tables[request.table.fakeName].map {
        FakeTable($0).content(of: request)
      }
    }
    return observed
  }

  func content(of build: TableBuild) throws -> String {
    switch build.content {
    case .rows(let open):
      var source = try open()
      var lines: [String] = []
      let names = source.columns.map(\.name)
      while let row = try source.next() { lines.append(FakeTable.line(names, row)) }
      return lines.joined(separator: "\n")
    case .incremental, .snapshot:
      // Its tables are texts that hold nothing to go on from.
      throw WarehouseError.refused(message: "the fake keeps no rows", offset: nil)
    case .table(let query), .view(let query):
      let line = try ScenarioLine(query)
      var read: [CanonicalForm.Field] = []
      for input in line.inputs.sorted(by: { $0.key < $1.key }) {
        guard let text = tables[input.key.name.lowercased()] else {
          throw WarehouseError.missingTable(input.key.name)
        }
        let digest = FakeTable(text).digest(under: input.consumption)
        read.append(.init(input.key.name, digest.rawValue))
      }
      return "definition=\(line.definition) read=\(CanonicalForm(tag: "read", fields: read).sha256)"
    }
  }
}

extension TableName {
  /// What the fake warehouse calls the table; a table of another database is `database: table`.
  package var fakeName: String {
    (database.map { $0 + ": " } ?? "").lowercased() + name.lowercased()
  }
}

extension FakeTable {
  /// What is there for a request; times are written as ISO 8601.
  fileprivate func content(of request: TableRequest) -> Content {
    var content = content(under: request.consumptions)
    if let column = request.timeColumn {
      content.details?.newest = NewestTime(column: column, newest(in: column))
    }
    return content
  }

  private func newest(in column: String) -> NewestTime.Finding {
    guard columns.isEmpty || columns.contains(column) else { return .noColumn }
    let values = rows.compactMap { $0[column] }.filter { !$0.isEmpty }
    var newest: Timestamp?
    for value in values {
      guard let time = Timestamp(reading: value) else { return .unreadable(value) }
      newest = max(newest ?? time, time)
    }
    return newest.map { .time($0) } ?? .nothing
  }
}

/// Answers the queries that a test told the answers of.
private struct FakeReading: TableReading {
  private let storage: FakeWarehouse.Storage

  init(_ storage: FakeWarehouse.Storage) { self.storage = storage }

  func rows(of query: String, limit: Int) throws -> TablePreview {
    guard let answer = storage.answers[query] else {
      throw WarehouseError.refused(message: "nobody told the answer of: \(query)", offset: nil)
    }
    return answer
  }

  func matchExpression(_ expression: String, pattern: String) -> String {
    "\(expression) ~ '\(pattern)'"
  }

  func mismatchCondition(_ column: String, type: ColumnType) -> String? { nil }

  func identity(of expressions: [String]) -> String { expressions.joined(separator: " || ") }

  func versions(of asset: AssetKey) throws -> [TableVersion] { storage.versions(of: asset) }
}
