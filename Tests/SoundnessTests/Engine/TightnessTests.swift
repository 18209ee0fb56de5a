import AssetCore
import AssetSQL
import AssetTestSupport
import Testing

/// Against SQLite's program on generated queries: how much more, and how much less, is consumed.
@Suite struct TightnessTests {
  struct Columns {
    var queries = 0
    var consumed = 0
    var readByProgram = 0
    var there = 0
    /// What the program reads and the analysis leaves out; the mutation tests say that it may.
    var pruned = 0
    var missedTables: [String] = []

    mutating func add(
      _ reading: QueryReading, _ program: [String: Set<String>], of trial: Trial
    ) {
      queries += 1
      for table in trial.schema.tables {
        guard let input = reading.inputs[AssetKey(trusted: table.name)] else {
          if program[table.name.lowercased()] != nil {
            missedTables.append("\(table.name) of \(trial.query.text)")
          }
          continue
        }
        let all = Set(table.columns.map { $0.lowercased() })
        let read = program[table.name.lowercased()] ?? []
        var mine = all
        if case .columns(let columns, _) = input.consumption { mine.formIntersection(columns) }
        consumed += mine.count
        readByProgram += read.count
        there += all.count
        pruned += read.subtracting(mine).count
      }
    }
  }

  @Test func `little more is consumed than is read, and no table is missed`() throws {
    let seed = RandomRun.seed
    var random = SeededRandom(seed: seed)
    var columns = Columns()
    while columns.queries < RandomRun.steps(600) {
      let schema = RandomSchema(&random)
      var generator = QueryGenerator(seed: random.next(), schema: schema)
      let trial = Trial(schema: schema, query: generator.query(), seed: 0)
      guard let engine = try? schema.engine(),
        let program = try? engine.bytecodeReads(of: trial.query.text)
      else { continue }
      let reading = readQuery(trial.query.text, dialect: .sqlite, columns: trial.columns(of:))
      guard reading.problems.isEmpty, reading.unreadable == nil else { continue }
      columns.add(reading, program, of: trial)
    }

    let mean = { (sum: Int) in Double(sum * 100 / columns.queries) / 100 }
    print(
      "tightness: seed \(seed), \(columns.queries) queries; columns per query:",
      "consumed \(mean(columns.consumed)), read by the program \(mean(columns.readByProgram)),",
      "there \(mean(columns.there)); \(columns.pruned) are read and not consumed")
    #expect(columns.missedTables == [], "seed \(seed)")
    #expect(columns.consumed * 100 < columns.there * 85, "whole tables everywhere prove nothing")
    #expect(columns.consumed * 100 < columns.readByProgram * 150)
  }
}
