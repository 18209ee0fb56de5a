import AssetCore
import AssetTestSupport

/// A search for a query on which an analysis is wrong.
struct Search {
  var analysis: Analysis
  var random: SeededRandom
  /// How many simpler cases to look at when a finding is simplified.
  var effort = 4_000

  /// What came of a search.
  struct Result {
    /// How many queries the database accepted.
    var trials = 0
    var invalid = 0
    /// Inputs, and how many of them were consumed as a whole.
    var inputs = 0
    var wholes = 0
    /// The first one of each kind of finding.
    var counterexamples: [String: Counterexample] = [:]
  }

  /// A trial with its finding, as simple as it could be made.
  struct Counterexample: CustomStringConvertible {
    var trial: Trial
    var finding: Trial.Finding
    var reading: QueryReading

    /// The case as a line for `KeptCases.swift`, and what there is to know of it.
    var description: String {
      let tables = trial.schema.tables.map { table in
        let columns = zip(table.columns, table.types).map { quoted($0) + $1 }
        return "    \(quoted(table.name))(\(columns.joined(separator: ", "))) \(table.rows)"
      }
      let inputs = reading.inputs.sorted { $0.key < $1.key }.map {
        "\($0.key): \($0.value.consumption)"
      }
      return """
        \(finding)
          query: \(trial.query.text)
          tables:
        \(tables.joined(separator: "\n"))
          consumed: \(inputs)
          columns: \(reading.columns.map { "\($0)" } ?? "not known")
          not told: \(trial.unknown.sorted())
        """
    }
  }

  init(of analysis: @escaping Analysis, seed: UInt64) {
    self.analysis = analysis
    random = SeededRandom(seed: seed)
  }

  /// Tries so many queries, or fewer until as many kinds of findings were made as are wanted.
  mutating func run(
    queries: Int, kinds: Int = .max,
    looksFor isWanted: (Trial, Trial.Finding) -> Bool = { _, _ in true }
  ) -> Result {
    var result = Result()
    while result.trials < queries {
      let schema = RandomSchema(&random)
      for _ in 0..<8 {
        let trial = trial(on: schema)
        switch trial.outcome(of: analysis) {
        case .invalid: result.invalid += 1
        case .sound(let reading):
          result.trials += 1
          result.inputs += reading.inputs.count
          result.wholes += reading.inputs.values.count { $0.consumption == .whole }
        case .unsound(let finding, _):
          result.trials += 1
          guard isWanted(trial, finding), result.counterexamples[finding.kind] == nil else {
            continue
          }
          result.counterexamples[finding.kind] = counterexample(of: trial, like: finding)
          if result.counterexamples.count == kinds { return result }
        }
      }
    }
    return result
  }

  private mutating func trial(on schema: RandomSchema) -> Trial {
    var generator = QueryGenerator(seed: random.next(), schema: schema)
    var trial = Trial(schema: schema, query: generator.query(), seed: random.next())
    if random.chance(3) {
      for table in schema.tables where random.chance(2) {
        trial.unknown.insert(AssetKey(trusted: table.name))
      }
    }
    return trial
  }

  /// Simplifies query, tables and what is not known, as long as the same kind of finding is made.
  private func counterexample(of trial: Trial, like finding: Trial.Finding) -> Counterexample? {
    let simplest = shrunk(trial, limit: effort, reductions: \.reductions) { candidate in
      candidate.persistentFinding(of: analysis)?.kind == finding.kind
    }
    guard case .unsound(let last, let reading) = simplest.outcomeOfSeeds(analysis) else {
      return nil
    }
    return Counterexample(trial: simplest, finding: last, reading: reading)
  }
}

extension Trial {
  var reductions: [Trial] {
    var reductions: [Trial] = []
    for key in unknown.sorted() {
      var copy = self
      copy.unknown.remove(key)
      reductions.append(copy)
    }
    for query in query.reductions {
      var copy = self
      copy.query = query
      reductions.append(copy)
    }
    for schema in schema.reductions {
      var copy = self
      copy.schema = schema
      reductions.append(copy)
    }
    return reductions
  }

  /// The outcome with one of some seeds that shows something.
  func outcomeOfSeeds(_ analysis: Analysis) -> Outcome {
    var copy = self
    var outcome = Outcome.invalid
    for offset in 0..<6 {
      copy.seed = seed &+ UInt64(offset)
      outcome = copy.outcome(of: analysis)
      if case .sound = outcome { continue }
      return outcome
    }
    return outcome
  }

  func persistentFinding(of analysis: Analysis) -> Finding? { outcomeOfSeeds(analysis).finding }
}
