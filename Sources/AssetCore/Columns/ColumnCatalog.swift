/// The columns of a project's tables, and what each query reads of them.
///
/// An asset that a query makes has the columns that its reading gives, so that most of it is known
/// before anything was materialized; what seeds, sources and programs give has to be told. Readings
/// are made when they are asked for, inputs first, and kept.
package struct ColumnCatalog: Sendable {
  private let graph: AssetGraph
  private let reader: any QueryReader
  private var actual: [AssetKey: [String]]
  private let known: [AssetKey: [String]]
  private var readings: [AssetKey: QueryReading] = [:]

  /// Begins a catalog.
  ///
  /// - Parameters:
  ///   - graph: The project.
  ///   - reader: Reads its queries.
  ///   - actual: Columns of tables that are there and stay as they are; they count before what a
  ///     query would give now.
  ///   - known: Columns as they were declared or recorded; they count where no reading gives any.
  package init(
    of graph: AssetGraph, reader: any QueryReader, actual: [AssetKey: [String]] = [:],
    known: [AssetKey: [String]] = [:]
  ) {
    self.graph = graph
    self.reader = reader
    self.actual = actual
    self.known = known
  }

  /// What an asset's query reads and gives; empty for what no query makes.
  ///
  /// All partitions of an asset have the reading of the whole.
  package mutating func reading(of key: AssetKey) -> QueryReading {
    let key = key.asset
    var stack = [key]
    while let next = stack.last {
      let missing = graph.inputs(of: next).filter { actual[$0] == nil && readings[$0] == nil }
      if readings[next] == nil, !missing.isEmpty {
        stack += missing
      } else {
        stack.removeLast()
        if readings[next] == nil { readings[next] = graph[next].map(read) ?? QueryReading() }
      }
    }
    return readings[key] ?? QueryReading()
  }

  /// The names of an asset's columns, in order; `nil` if they are not known.
  package mutating func columns(of key: AssetKey) -> [String]? {
    let key = key.asset
    if let columns = actual[key] { return columns }
    return reading(of: key).columns?.map(\.name) ?? known[key]
  }

  /// Takes note of the columns that a table turned out to have.
  ///
  /// What was read against other columns is read again when it is asked for.
  package mutating func note(_ columns: [String], of key: AssetKey) {
    let isSame = (actual[key] ?? readings[key]?.columns?.map(\.name) ?? known[key]) == columns
    actual[key] = columns
    guard !isSame else { return }
    // What was not read yet, or has its columns whatever is read, hides what is downstream of it.
    var pending = [key]
    while let next = pending.popLast() {
      for reader in graph.readers(of: next) where readings.removeValue(forKey: reader) != nil {
        if actual[reader] == nil { pending.append(reader) }
      }
    }
  }

  /// The columns that the conditions on inputs read and that those do not have.
  private func problems(ofFiltersOf asset: Asset) -> [Diagnostic] {
    asset.inputs.flatMap { input -> [Diagnostic] in
      guard let filter = input.consumption.filter,
        let names = actual[input.key] ?? readings[input.key]?.columns?.map(\.name)
          ?? known[input.key]
      else { return [] }
      let folded = Set(names.map(\.caseFolded))
      return filter.columns.filter { !folded.contains($0) }.map { column in
        Diagnostic(
          "`where` of `\(asset.key)` reads `\(column)`, which `\(input.key)` does not have",
          at: input.place,
          hint: nearestName(to: column, in: names).map { "did you mean `\($0)`?" }
            ?? "its columns are \(listed(names.map { "`\($0)`" }))")
      }
    }
  }

  private func read(_ asset: Asset) -> QueryReading {
    guard case .query = asset.recipe else {
      return QueryReading(problems: problems(ofFiltersOf: asset))
    }
    var reading = reader.reading(of: asset) { key in
      actual[key] ?? readings[key]?.columns?.map(\.name) ?? known[key]
    }
    if let snapshot = asset.snapshot {
      reading.columns = reading.columns.map(snapshot.columns(beside:))
    }
    if let cursor = asset.incremental?.cursor {
      reading.cursorInputs = cursor.candidates(among: asset.inputs.map(\.key)) { key in
        actual[key] ?? readings[key]?.columns?.map(\.name) ?? known[key]
      }
    }
    // What `inputs:` declares is read too, whatever the query shows.
    for input in asset.inputs where !input.isDerived {
      reading.inputs[input.key] = InputReading(
        input.consumption.union(reading.inputs[input.key]?.consumption),
        wholeBecause: input.consumption == .whole
          ? "it is declared as an input" : reading.inputs[input.key]?.wholeBecause)
    }
    return reading
  }
}

extension Consumption {
  /// What two readings of one input consume together.
  package func union(_ other: Consumption?) -> Consumption {
    guard let other, other != .nothing else { return self }
    if self == .nothing { return other }
    // Of different rows together, all of them are read.
    if let slice, slice == other.slice {
      return .slice(slice, of: withoutSlice.union(other.withoutSlice))
    }
    if slice == nil, other.slice == nil, let filter, filter == other.filter {
      return .filtered(filter, of: ofAllRows.union(other.ofAllRows))
    }
    guard let own = lists, let others = other.lists else { return .whole }
    return Consumption(columns: own.columns + others.columns, names: own.names + others.names)
  }
}
