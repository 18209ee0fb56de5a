import AssetCore
import AssetWarehouse
import HeapModule

/// A partition that waits to be published together with all others of its asset.
struct HeldPart: Sendable {
  var step: Step
  var startedAt: Timestamp
  var table: HeldTable
}

/// Where a run stands.
///
/// Only the executor's own task touches it.
struct Work {
  var assessor: Assessor
  /// The columns as far as they are known, and what queries read of them.
  private var catalog: ColumnCatalog
  /// Nothing is started any more.
  var isStopped = false
  /// Assets that cannot be materialized, each with the failed one upstream of it.
  var blocked: [AssetKey: AssetKey] = [:]
  /// Views whose content moved with what was materialized, and has to be looked at again.
  var movedViews: Set<AssetKey> = []
  /// Where those partitions of an asset stand that failed or were skipped.
  private var undoneParts: [AssetKey: Set<Int>] = [:]
  /// For assets with partitions, whether one of them was made by the present definition.
  private var definitions: [AssetKey: Bool] = [:]
  /// The least and the greatest value of columns that windows go by.
  var columnEnds: [AssetKey: [String: [Value]]] = [:]
  /// Whether assets with partitions are cut into others than before, as they were when the run came to them.
  private var cutAnew: [AssetKey: Bool] = [:]
  /// By their assets, the partitions that wait to be published together.
  private var held: [AssetKey: [HeldPart]] = [:]
  private var results: [AssetKey: StepResult] = [:]
  private var begun: Set<AssetKey> = []
  /// What has a result and was not planned, in the order in which it came.
  private(set) var beside: [AssetKey] = []
  /// The sources that were looked at again after what writes their files was done.
  private var settledSources: Set<AssetKey> = []
  private var running = 0
  private let planned: Set<AssetKey>
  /// How many steps each step still waits for, and which steps wait for it.
  private var unfinishedInputs: [AssetKey: Int] = [:]
  /// The steps that nothing waits for any more.
  private var counted: Set<AssetKey> = []
  private var plannedReaders: [AssetKey: [AssetKey]] = [:]
  private let priority: [AssetKey: Int64]
  /// What is ready to be decided.
  private var lanes: [Lane: Heap<Ready>] = [:]
  private let limits: ExecutionLimits
  private var used = ExecutionLimits.Use()
  private var retries: [AssetKey: Int] = [:]
  private var failures: [AssetKey: Int] = [:]

  init(
    _ plan: MaterializationPlan, _ assessor: Assessor, reader: any QueryReader,
    limits: ExecutionLimits
  ) {
    self.assessor = assessor
    self.limits = limits
    planned = Set(plan.steps.map(\.key))
    catalog = ColumnCatalog(of: plan, by: assessor, reader: reader)
    priority = assessor.graph.remainingPaths(
      of: planned, durations: assessor.history.compactMapValues { $0.last?.durationMilliseconds })
    for step in plan.steps {
      let inputs = awaited(by: step.key)
      unfinishedInputs[step.key] = inputs.count
      for input in inputs { plannedReaders[input, default: []].append(step.key) }
      if inputs.isEmpty { putBack(step.key) }
    }
  }

  /// What has to be done before a step; the whole of an asset waits for its partitions alone.
  private func awaited(by key: AssetKey) -> Set<AssetKey> {
    let graph = assessor.graph
    if graph.partitions(of: key) != nil {
      return Set(graph.parts(of: key).filter(planned.contains))
    }
    return Set(graph.nearestUpstream(of: key, among: planned))
      .union(graph.prerequisites(of: key).filter(planned.contains))
  }

  /// An asset that is ready, ordered so that the most urgent is the least; partitions in their order.
  struct Ready: Comparable {
    var urgency: Int64
    var asset: AssetKey
    var place: Int
    var key: AssetKey

    static func < (left: Ready, right: Ready) -> Bool {
      (right.urgency, left.asset, left.place) < (left.urgency, right.asset, right.place)
    }
  }

  /// What waits for room of the same kind.
  struct Lane: Hashable {
    var writesTables: Bool
    var pool: String?
  }

  mutating func putBack(_ key: AssetKey) {
    let place = key.partition.flatMap { assessor.graph.partitions(of: key.asset)?.index(of: $0) }
    lanes[lane(of: key), default: Heap()].insert(
      Ready(urgency: priority[key] ?? 0, asset: key.asset, place: place ?? 0, key: key))
  }

  /// Takes the most urgent asset that there is room for.
  ///
  /// A warehouse takes one writer, so that more than one of its steps would only wait in line and
  /// keep programs from starting. What is most urgent of all and just too heavy is waited for; it
  /// would never start if lighter ones went on taking its room.
  mutating func takeReady() -> AssetKey? {
    let waiting = lanes.compactMap { lane, heap in heap.min.map { (lane: lane, ready: $0) } }
    for (lane, ready) in waiting.sorted(by: { $0.ready < $1.ready }) {
      let claim = claim(of: ready.key)
      guard used.hasRoom(inPoolFor: claim, limits) else { continue }
      guard used.hasSlots(for: claim, limits) else { return nil }
      return lanes[lane]?.popMin()?.key
    }
    return nil
  }

  mutating func begin(_ step: Step) {
    begun.insert(step.asset.key)
    running += 1
    used.add(claim(of: step.asset.key), limits)
  }

  mutating func leave(_ step: Step) {
    running -= 1
    used.remove(claim(of: step.asset.key), limits)
  }

  /// Whether nothing runs and nothing is to start: what waits to be tried again waits in vain.
  var isOver: Bool { isStopped && running == 0 }

  private func lane(of key: AssetKey) -> Lane {
    Lane(writesTables: isTableStep(key), pool: assessor.graph[key]?.policy.pool)
  }

  private func claim(of key: AssetKey) -> ExecutionLimits.Claim {
    let policy = assessor.graph[key]?.policy ?? ExecutionPolicy()
    return ExecutionLimits.Claim(
      writesTables: isTableStep(key), pool: policy.pool, weight: policy.weight)
  }

  /// Counts how often an asset has failed.
  mutating func countFailure(of key: AssetKey) -> Int {
    failures[key, default: 0] += 1
    return failures[key, default: 0]
  }

  mutating func mayRetry(_ key: AssetKey) -> Bool {
    retries[key, default: 0] += 1
    return retries[key, default: 0] <= 5
  }

  mutating func end(_ result: StepResult) {
    results[result.key] = result
    let cause: AssetKey? =
      switch result.outcome {
      case .failed: result.key
      case .skipped: result.because
      case .materialized, .unchanged, .fresh, .cancelled: nil
      }
    if cause != nil, let name = result.key.partition,
      let place = assessor.graph.partitions(of: result.key.asset)?.index(of: name)
    {
      undoneParts[result.key.asset, default: []].insert(place)
    }
    count(result.key, because: cause)
  }

  /// Lets what waits for a step go on.
  private mutating func count(_ key: AssetKey, because cause: AssetKey? = nil) {
    guard counted.insert(key).inserted else { return }
    for reader in plannedReaders[key] ?? [] {
      if let cause, blocked[reader] == nil, isConcerned(reader, by: key) { blocked[reader] = cause }
      unfinishedInputs[reader, default: 0] -= 1
      if unfinishedInputs[reader] == 0 { putBack(reader) }
    }
  }

  /// Whether a reader cannot be made because something that it waits for was not.
  ///
  /// The whole of an asset goes on with the partitions that were made, and who reads others does, too.
  private mutating func isConcerned(_ reader: AssetKey, by key: AssetKey) -> Bool {
    if key.partition != nil, key.asset == reader { return false }
    guard let partitions = assessor.graph.partitions(of: key), let undone = undoneParts[key],
      let asset = assessor.graph[reader],
      let read = assessor.graph.consumptions(of: asset, by: catalog.reading(of: reader))[
        .asset(key)]
    else { return true }
    return partitions.hasAny(of: undone, in: read.slice)
  }

  /// Whether no partition was made yet by the definition that an asset has now, or none is as it was
  /// made: it is the first one whose columns all have to have.
  mutating func isFirstOfDefinition(_ asset: Asset) -> Bool {
    guard asset.partition != nil else { return false }
    let whole = asset.key.asset
    if definitions[whole] == nil {
      let graph = assessor.graph
      definitions[whole] = graph.parts(of: whole).contains { part in
        guard let last = assessor.history[part]?.last else { return false }
        return last.provenance.definition == graph[part]?.definitionDigest
          && assessor.isAsMade(part)
      }
    }
    return definitions[whole] == false
  }

  /// Whether a partition has to be published together with all others of its asset.
  mutating func isCutAnew(_ asset: Asset) -> Bool {
    guard asset.partition != nil else { return false }
    let whole = asset.key.asset
    if let known = cutAnew[whole] { return known }
    let isCutAnew = assessor.isCutAnew(whole)
    cutAnew[whole] = isCutAnew
    return isCutAnew
  }

  /// Keeps what was made of a partition until all others of its asset are.
  mutating func hold(_ part: HeldPart) {
    let key = part.step.asset.key
    held[key.asset, default: []].append(part)
    count(key)
  }

  /// What waits to be published of an asset, in the order of its partitions.
  func heldParts(of key: AssetKey) -> [HeldPart] {
    let places = Dictionary(
      assessor.graph.parts(of: key).enumerated().map { ($1, $0) }
    ) { first, _ in first }
    return (held[key] ?? []).sorted { left, right in
      (places[left.step.asset.key] ?? 0) < (places[right.step.asset.key] ?? 0)
    }
  }

  mutating func forgetHeldParts(of key: AssetKey) { held[key] = nil }

  /// What came of those partitions of an asset that were to be made, in order.
  func partitionResults(of key: AssetKey) -> [StepResult] {
    assessor.graph.parts(of: key).compactMap { results[$0] }
  }

  /// Takes note of what a step made.
  ///
  /// - Returns: The views that show the new content and will not be decided about in this run.
  mutating func note(_ product: StepProduct) -> Set<AssetKey> {
    let key = product.materialization.asset
    let before = assessor.observations.assets[key]
    assessor.note(product.materialization, content: product.content)
    if key.partition == nil {
      noteColumns(of: key)
    } else if let details = product.content.details {
      catalog.note(details.columns.map(\.name), of: key.asset)
      definitions[key.asset] = true
    }
    movedViews.remove(key)
    if case .present(let content) = before, content[.whole] == product.content[.whole] { return [] }
    // What a view shows of a table is looked at once all partitions of that are made.
    return key.partition == nil ? moveViews(over: key) : []
  }

  /// Takes note that the content of an asset is another.
  ///
  /// - Returns: The views that show it and will not be decided about in this run.
  mutating func moveViews(over key: AssetKey) -> Set<AssetKey> {
    let views = assessor.graph.views(over: key)
    movedViews.formUnion(views)
    return views.subtracting(planned)
  }

  func isBroken(_ key: AssetKey) -> Bool {
    if case .broken = assessor.observations.observation(of: .asset(key)) { true } else { false }
  }

  func isMissing(_ key: AssetKey) -> Bool {
    if case .present = assessor.observations.observation(of: .asset(key)) { false } else { true }
  }

  func results(
    in order: [AssetKey], missing: (AssetKey) -> StepResult
  ) -> [StepResult] {
    order.map { results[$0] ?? missing($0) }
  }

  func result(of key: AssetKey) -> StepResult? { results[key] }

  /// Replaces the result of something that nothing waits for any more, or adds one beside the plan.
  ///
  /// Of a partition that of the whole follows.
  ///
  /// - Returns: The keys whose results are others now.
  @discardableResult
  mutating func amend(_ result: StepResult) -> [AssetKey] {
    let key = result.key
    if results[key] == nil, !planned.contains(key) { beside.append(key) }
    results[key] = result
    guard key.partition != nil else { return [key] }
    let whole = key.asset
    if results[whole] == nil, !planned.contains(whole) { beside.append(whole) }
    results[whole] = StepResult(
      whole, partitions: partitionResults(of: whole),
      of: assessor.graph.partitions(of: whole)?.count ?? 0, rows: results[whole]?.rows)
    return [key, whole]
  }

  /// The sources among an asset's inputs whose files are written by steps of this run, all of which are done;
  /// each is given once.
  mutating func unsettledSources(of key: AssetKey) -> Set<AssetKey> {
    let sources = assessor.graph.inputs(of: key).filter { input in
      guard !settledSources.contains(input), let asset = assessor.graph[input] else { return false }
      return asset.isSource && asset.fileWriters.contains(where: planned.contains)
    }
    settledSources.formUnion(sources)
    return Set(sources)
  }

  /// Stops the steps that read a source, directly or through views that stay as they are.
  mutating func block(readersOf source: AssetKey) {
    for key in planned
    where assessor.graph.nearestUpstream(of: key, among: planned.union([source])).contains(source) {
      blocked[key] = source
    }
  }

  var plannedKeys: Set<AssetKey> { planned }

  /// The assets that were begun and have no result: those that were to be tried again.
  var interrupted: [AssetKey] { begun.filter { !isDone($0) }.sorted() }

  /// Whether a step of this run may have written to the warehouse.
  var hasWritten: Bool { !begun.isEmpty }

  func isDone(_ key: AssetKey) -> Bool { results[key] != nil }

  private func isTableStep(_ key: AssetKey) -> Bool {
    // Whatever makes partitions, to end them is to write.
    if assessor.graph.partitions(of: key) != nil { return true }
    return switch assessor.graph[key]?.recipe {
    case .query, .seed: true
    default: false
    }
  }
}

// MARK: - What is consumed

extension Work {
  /// Under which consumptions an asset's content is asked for: as its readers read it last, and as
  /// those of this run are expected to read it.
  mutating func consumptions(of key: AssetKey) -> Set<Consumption> {
    var consumptions = assessor.graph.consumptions(of: key, recordedIn: assessor.history)
    for reader in assessor.graph.readers(of: key) where planned.contains(reader) {
      guard !isDone(reader), let asset = assessor.graph[reader] else { continue }
      let read = assessor.graph.consumptions(of: asset, by: catalog.reading(of: reader))
      if let consumption = read[.asset(key)], consumption != .nothing {
        consumptions.insert(consumption)
      }
    }
    return consumptions
  }

  /// What an asset's query reads of its inputs with the columns that they have now.
  ///
  /// - Returns: The reading, or `nil` if the columns of an input were not looked at.
  mutating func reading(of asset: Asset) -> QueryReading? {
    guard case .query = asset.recipe else { return QueryReading() }
    for input in asset.inputs where assessor.graph[input.key]?.tableName != nil {
      guard !isMissing(input.key) else { continue }
      guard noteColumns(of: input.key) else { return nil }
    }
    return catalog.reading(of: asset.key)
  }

  /// The inputs of an asset that were not looked at under some consumptions.
  func unseenInputs(
    of asset: Asset, under consumptions: [InputName: Set<Consumption>]
  ) -> [AssetKey: Set<Consumption>] {
    var unseen: [AssetKey: Set<Consumption>] = [:]
    for input in asset.inputs {
      guard let wanted = consumptions[.asset(input.key)],
        case .present(let content) = assessor.observations.observation(of: .asset(input.key))
      else { continue }
      let missing = wanted.filter { content[$0] == nil }
      if !missing.isEmpty { unseen[input.key] = missing }
    }
    return unseen
  }

  /// What has to be looked at before the steps of the plan that are due can be made: of what they
  /// read and what stays as it is, that which was not digested as they will read it.
  mutating func unseenInputs(of plan: MaterializationPlan) -> [AssetKey: Set<Consumption>] {
    var unseen: [AssetKey: Set<Consumption>] = [:]
    for step in plan.steps {
      guard case .materialize = step.decision, let asset = assessor.graph[step.key] else {
        continue
      }
      let read = assessor.graph.consumptions(of: asset, by: catalog.reading(of: step.key))
      for (key, consumptions) in unseenInputs(of: asset, under: read.mapValues { [$0] })
      where !planned.contains(key) {
        unseen[key, default: []].formUnion(consumptions)
      }
    }
    return unseen
  }

  /// Takes note of the columns of what is there.
  ///
  /// - Returns: Whether they are known.
  @discardableResult
  private mutating func noteColumns(of key: AssetKey) -> Bool {
    guard case .present(let content) = assessor.observations.observation(of: .asset(key)),
      let details = content.details
    else { return false }
    catalog.note(details.columns.map(\.name), of: key)
    return true
  }
}
