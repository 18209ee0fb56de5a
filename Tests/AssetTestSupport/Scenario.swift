package import AssetCore
import AssetExecution
package import AssetWarehouse
import Synchronization

/// A project in a few lines of text, with a warehouse and a history in memory.
///
/// ```swift
/// var project = try Scenario("orders\nrates\ndaily <- orders rates")
/// try await project.run("daily")  // [orders, rates, daily]
/// project.edit("daily", to: "daily@2")
/// try await project.run("daily")  // [daily]
/// ```
///
/// Plans and runs are those of the real planner and executor. A run takes one step at a time unless
/// ``limit`` says otherwise, so that its order is the order of their urgency.
package struct Scenario: Sendable {
  package let warehouse = FakeWarehouse()
  /// What is remembered of each asset.
  package private(set) var history: [AssetKey: AssetHistory] = [:]
  /// The results of the last run, in the plan's order.
  package private(set) var results: [StepResult] = []
  package var limit = 1
  package var stopsAtFailure = false
  package var reader: any QueryReader = ScenarioReader()
  private var lines: [ScenarioLine]
  private var volatilities: [AssetKey: Volatility] = [:]
  private var runs = 0
  private var startOfTime: Int64 = 1_700_000_000_000

  /// Reads a project, a line for each asset.
  package init(_ text: String) throws {
    lines = try text.split(separator: "\n").map { try ScenarioLine(String($0)) }
    for line in lines where line.isSource { warehouse[line.key.name] = "content=\(line.key)" }
  }

  // MARK: - Looking

  package var graph: AssetGraph {
    get throws {
      try AssetGraph(lines.map { $0.asset(volatility: volatilities[$0.key] ?? .judgedByInputs) })
    }
  }

  package var now: Timestamp { Timestamp(milliseconds: startOfTime + warehouse.clock) }

  /// What a run would do; without keys, for all assets.
  package func plan(
    _ keys: AssetKey..., only: Bool = false, forced: Set<AssetKey> = []
  ) async throws -> MaterializationPlan {
    try await prepare(keys, only: only, forced: forced).plan
  }

  package func status(of key: AssetKey) async throws -> AssetStatus? {
    try await prepare([key]).plan.statuses[key]
  }

  /// The status of every asset that is not fresh, as `name: status`.
  package func statuses() async throws -> [String] {
    let plan = try await prepare([]).plan
    return try graph.order.compactMap { key in
      guard let kind = plan.statuses[key]?.kind, kind != .fresh else { return nil }
      return "\(key): \(kind.rawValue)"
    }
  }

  package func outcome(of key: AssetKey) -> Outcome? {
    results.first { $0.key == key }?.outcome
  }

  // MARK: - Running

  /// Brings assets up to date; without keys, all of them.
  ///
  /// - Returns: The keys that were materialized, in order.
  package mutating func run(
    _ keys: AssetKey..., only: Bool = false, forced: Set<AssetKey> = []
  ) async throws -> [AssetKey] {
    let before = warehouse.published.count
    let (plan, assessor) = try await prepare(keys, only: only, forced: forced)
    runs += 1
    let run = "run\(runs)"
    let ends = Mutex<[StepEnd]>([])
    let warehouse = warehouse
    let graph = try graph
    let start = startOfTime
    let now = { @Sendable in Timestamp(milliseconds: start + warehouse.clock) }
    let executor = Executor(
      context: StepContext(
        warehouse: warehouse, folder: RunFolder(project: "/nowhere", run: run),
        journal: StepJournal(
          begin: { _, _, _, _ in 0 }, noteCandidate: { _, _, _ in }, encode: { $0.id }),
        environment: [:], now: now),
      reader: reader, limits: ExecutionLimits(slots: limit), stopsAtFailure: stopsAtFailure,
      observe: { try await warehouse.observe(Self.requests($0, in: graph)) },
      record: { end in ends.withLock { $0.append(end) } }, emit: { _ in })
    results = await executor.execute(plan, by: assessor).results
    for end in ends.withLock({ $0 }) { remember(end, of: run) }
    return Array(warehouse.published.dropFirst(before))
  }

  private mutating func remember(_ end: StepEnd, of run: String) {
    let outcome: Attempt.Outcome
    switch end.result.outcome {
    case .materialized: outcome = .materialized
    case .unchanged: outcome = .unchanged
    case .failed: outcome = .failed
    case .cancelled: outcome = .cancelled
    case .fresh, .skipped: return
    }
    let last = end.materialization ?? history[end.key]?.last
    history[end.key] = AssetHistory(
      last: last,
      lastAttempt: Attempt(
        run: run, startedAt: end.startedAt, outcome: outcome,
        error: end.result.failure?.summary,
        provenance: outcome == .failed ? end.provenance : nil))
  }

  /// What a run starts from: a plan, and what made it.
  package func prepare(
    _ keys: [AssetKey] = [], only: Bool = false, forced: Set<AssetKey> = []
  ) async throws -> (plan: MaterializationPlan, assessor: Assessor) {
    let graph = try graph
    let targets = keys.isEmpty ? Set(graph.order) : Set(keys)
    let running = (only ? targets : graph.closure(of: targets)).filter {
      graph[$0]?.isSource == false
    }
    let looked = graph.closure(of: running)
    let wanted = looked.map { ($0, graph.consumptions(of: $0, recordedIn: history)) }
    let observed = try await warehouse.observe(
      Self.requests(Dictionary(uniqueKeysWithValues: wanted), in: graph))
    var assessor = Assessor(
      graph: graph, history: history, observations: Observations(assets: observed),
      running: running, forced: forced, now: now)
    let plan = MaterializationPlan(of: running, by: &assessor)
    return (plan, assessor)
  }

  /// What to ask the warehouse for, to look at assets.
  package func requests(_ wanted: [AssetKey: Set<Consumption>]) throws -> [TableRequest] {
    Self.requests(wanted, in: try graph)
  }

  private static func requests(
    _ wanted: [AssetKey: Set<Consumption>], in graph: AssetGraph
  ) -> [TableRequest] {
    wanted.sorted { $0.key < $1.key }.compactMap { key, consumptions in
      graph[key].map { asset in
        TableRequest(
          key: key, table: asset.tableName ?? TableName(key.name), consumptions: consumptions,
          isPublished: !asset.isSource)
      }
    }
  }

  // MARK: - Changing

  /// Gives an asset another definition; its inputs stay.
  package mutating func edit(_ key: AssetKey, to definition: String) {
    change(key) { $0.definition = definition }
  }

  /// Declares an asset anew, or one more.
  package mutating func declare(_ line: String) throws {
    let line = try ScenarioLine(line)
    lines.removeAll { $0.key == line.key }
    lines.append(line)
  }

  package mutating func remove(_ key: AssetKey) { lines.removeAll { $0.key == key } }

  /// Lets an asset come out with this content, whatever goes in.
  package func pinContent(of key: AssetKey, to content: String) {
    warehouse[behavior: key].content = content
  }

  /// Changes a table by hand: a source, or something that was published.
  package func alter(_ key: AssetKey, to content: String) { warehouse[key.name] = content }

  /// Drops a table by hand.
  package func drop(_ key: AssetKey) { warehouse[key.name] = nil }

  /// Lets the asset's builds fail with a message.
  package func fail(_ key: AssetKey, with message: String = "no such column: x") {
    warehouse[behavior: key].failure = .refused(message: message, offset: nil)
  }

  package func mend(_ key: AssetKey) { warehouse[behavior: key].failure = nil }

  /// Makes a build take a while by the scenario's clock.
  package func slow(_ key: AssetKey, to milliseconds: Int64) {
    warehouse[behavior: key].takes = milliseconds
  }

  package mutating func makeVolatile(_ key: AssetKey, _ volatility: Volatility) {
    volatilities[key] = volatility
  }

  package mutating func pass(seconds: Int64) { startOfTime += seconds * 1000 }

  /// Leaves an attempt without an end, as when assetctl is killed.
  package mutating func leaveUnfinished(_ key: AssetKey) {
    history[key, default: AssetHistory()].lastAttempt = Attempt(
      run: "killed", startedAt: now, outcome: nil)
  }

  private mutating func change(_ key: AssetKey, _ body: (inout ScenarioLine) -> Void) {
    guard let index = lines.firstIndex(where: { $0.key == key }) else {
      preconditionFailure("the scenario has no `\(key)`")
    }
    body(&lines[index])
  }
}
