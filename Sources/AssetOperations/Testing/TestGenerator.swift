import AssetCore
import AssetExecution
import AssetWarehouse

/// Makes a test out of rows that are published: as few as still show what the query does.
struct TestGenerator {
  let bench: TestBench
  let asset: Asset
  /// The partition that the test makes; `nil` of an asset that has none.
  let partition: Partition?

  /// A test to write, and what is to say of it.
  struct Draft {
    var test: UnitTest
    var masked: [AssetColumn]
    var unstable: [String]
  }

  /// How many rows of each input are looked at: the second number where the first gives nothing.
  private static let samples = [1000, 20_000]

  init(_ bench: TestBench, _ asset: Asset, partition: Partition?) {
    self.bench = bench
    self.asset = asset
    self.partition = partition
  }

  /// Takes rows of the inputs, leaves out those that do not matter, and masks the rest where needed.
  ///
  /// - Parameters:
  ///   - name: The test's name.
  ///   - count: How many rows it is to expect, if there are as many.
  /// - Throws: A ``TestError`` if the inputs are not there, or the query is refused.
  /// - Returns: The test, which is not written yet.
  func draft(named name: String, rows count: Int) async throws -> Draft {
    var prepared = try await sample(named: name, limit: Self.samples[0])
    var result = try await self.result(of: prepared)
    if result.rows.isEmpty {
      prepared = try await sample(named: name, limit: Self.samples[1])
      result = try await self.result(of: prepared)
    }
    if result.rows.isEmpty {
      // Nothing contributes, so that any rows are as good.
      for (key, table) in prepared.given {
        prepared.given[key]?.rows = Array(table.rows.prefix(count))
      }
    } else {
      try await reduce(&prepared, rows: count)
    }
    let sensitive = try await bench.workspace.sensitiveColumns(of: Set(prepared.given.keys))
    let masked = mask(sensitive, in: &prepared)
    return try await finish(prepared, masked)
  }

  private func result(of test: TestBench.Prepared) async throws -> TableRows {
    switch try await bench.result(of: test) {
    case .success(let rows): return rows
    case .failure(let error): throw TestError.refused(bench.diagnostic(of: error, in: test))
    }
  }
}

// MARK: - Sampling

extension TestGenerator {
  /// The first rows of each input, in the columns that the query reads.
  private func sample(named name: String, limit: Int) async throws -> TestBench.Prepared {
    guard case .query(let query) = asset.recipe else { throw TestError.notAQuery(asset.key) }
    var tables: [AssetKey: TablePreview] = [:]
    for input in asset.inputs where input.isDerived {
      guard let input = bench.workspace.graph[input.key], let table = input.tableName else {
        continue
      }
      do {
        tables[input.key] = try await bench.workspace.warehouse.preview(table: table, limit: limit)
      } catch WarehouseError.missingTable {
        throw TestError.inputNotMaterialized(input.key, isSource: input.isSource)
      }
    }
    let reading = bench.workspace.reader.reading(of: asset) { tables[$0]?.columns }
    for (key, slice) in slices(by: reading) {
      guard let table = bench.workspace.graph[key]?.tableName, tables[key] != nil else { continue }
      tables[key] = try await bench.workspace.warehouse.read(
        with: Set([table.database].compactMap { $0 })
      ) { try $0.rows(of: slice, table, limit: limit) }
    }
    let given = tables.sorted { $0.key < $1.key }.map { key, table in
      rows(of: table, reading.inputs[key]?.consumption ?? .whole, named: key)
    }
    let place = Place(file: asset.place.file)
    let test = UnitTest(
      name: name, asset: asset.key, partition: partition?.key,
      query: try bench.workspace.query(of: asset, query, partition),
      given: given, expected: TestRows(columns: [], content: .cells([]), at: place), place: place)
    return try bench.prepare([test])[0]
  }

  /// The rows of each input that the partition reads, where it does not read all.
  private func slices(by reading: QueryReading) -> [AssetKey: RowSlice] {
    guard let partition else { return [:] }
    var part = asset
    part.key = partition.key(in: asset.key)
    part.partition = partition
    let read = bench.workspace.graph.consumptions(of: part, by: reading)
    return Dictionary(
      uniqueKeysWithValues: asset.inputs.compactMap { input in
        read[.asset(input.key)]?.slice.map { (input.key, $0) }
      })
  }

  private func rows(
    of table: TablePreview, _ consumption: Consumption, named input: AssetKey
  ) -> GivenRows {
    let mask = SecretMask(bench.workspace.project.secrets)
    var positions = Array(table.columns.indices)
    if case .columns(let columns, _) = consumption {
      let consumed = positions.filter { columns.contains(table.columns[$0].caseFolded) }
      // Of rows that are only counted one column has to be shown.
      positions = consumed.isEmpty ? Array(positions.prefix(1)) : consumed
    }
    let known = Set(bench.shapes[input]?.columns.map(\.name.caseFolded) ?? [])
    let place = Place(file: asset.place.file)
    return GivenRows(
      input,
      TestRows(
        columns: positions.map { position in
          let name = table.columns[position]
          let isUnknown = !known.isEmpty && !known.contains(name.caseFolded)
          return TestRows.Column(name, isDeclared: isUnknown || table.rows.isEmpty, at: place)
        },
        content: .cells(table.rows.map { row in positions.map { mask.masked(Cell(row[$0])) } }),
        at: place))
  }
}

// MARK: - Reducing

extension TestGenerator {
  /// What rows must give for being worth a test.
  private struct Goal {
    var rows: Int
    /// The columns of the result that hold something.
    var columns: Set<Int>
    /// The inputs without which the result would be another one.
    var inputs: [AssetKey] = []

    func isReached(by result: TableRows) -> Bool {
      result.rows.count >= rows && columns.isSubset(of: result.filledColumns)
    }
  }

  private func goal(of test: TestBench.Prepared, rows: Int) async throws -> Goal {
    let result = try await self.result(of: test)
    var goal = Goal(rows: min(rows, result.rows.count), columns: result.filledColumns)
    for key in test.given.keys.sorted() where try await matters(key, to: result, of: test) {
      goal.inputs.append(key)
    }
    return goal
  }

  /// Whether the result would be another one if an input were empty.
  private func matters(
    _ input: AssetKey, to result: TableRows, of test: TestBench.Prepared
  ) async throws -> Bool {
    var without = test
    without.given[input]?.rows = []
    guard case .success(let other) = try await bench.result(of: without) else { return true }
    return other.counts != result.counts
  }

  private func isEnough(_ test: TestBench.Prepared, for goal: Goal) async throws -> Bool {
    guard case .success(let result) = try await bench.result(of: test), goal.isReached(by: result)
    else { return false }
    for input in goal.inputs where try await !matters(input, to: result, of: test) { return false }
    return true
  }

  /// Leaves out rows as long as the goal is reached: first all but the first few, then of these ever
  /// smaller parts.
  private func reduce(_ test: inout TestBench.Prepared, rows count: Int) async throws {
    let goal = try await goal(of: test, rows: count)
    for key in test.given.keys.sorted() {
      var count = 1
      while count < test.rows(of: key).count {
        let fewer = test.with(Array(test.rows(of: key).prefix(count)), of: key)
        if try await isEnough(fewer, for: goal) { test = fewer }
        count *= 2
      }
      var chunk = max(1, test.rows(of: key).count / 2)
      while chunk > 0 {
        var start = 0
        while start < test.rows(of: key).count {
          var rows = test.rows(of: key)
          rows.removeSubrange(start..<min(start + chunk, rows.count))
          let fewer = test.with(rows, of: key)
          if try await isEnough(fewer, for: goal) { test = fewer } else { start += chunk }
        }
        chunk /= 2
      }
    }
  }
}

extension TestBench.Prepared {
  fileprivate func rows(of input: AssetKey) -> [[Value]] { given[input]?.rows ?? [] }

  fileprivate func with(_ rows: [[Value]], of input: AssetKey) -> Self {
    var test = self
    test.given[input]?.rows = rows
    return test
  }
}

extension TableRows {
  /// The positions of the columns that are not null everywhere.
  fileprivate var filledColumns: Set<Int> {
    Set(columns.indices.filter { column in rows.contains { $0[column] != .null } })
  }

  /// How often each row is there.
  fileprivate var counts: [[Value]: Int] { Dictionary(grouping: rows) { $0 }.mapValues(\.count) }
}

// MARK: - Finishing

extension TestGenerator {
  /// Replaces the values of sensitive columns, equal ones by equal ones, so that joins still join.
  private func mask(
    _ sensitive: Set<AssetColumn>, in test: inout TestBench.Prepared
  ) -> [AssetColumn] {
    var masked: [AssetColumn] = []
    var masks: [Value: Value] = [:]
    for given in test.test.given {
      guard var table = test.given[given.input] else { continue }
      let written = Set(given.rows.columns.map { AssetColumn(given.input, $0.name) })
      for (position, column) in table.columns.enumerated() {
        let column = AssetColumn(given.input, column.name)
        guard sensitive.contains(column), written.contains(column) else { continue }
        masked.append(column)
        for row in table.rows.indices where table.rows[row][position] != .null {
          let value = table.rows[row][position]
          let mask = masks[value] ?? value.madeUp(number: masks.count + 1)
          masks[value] = mask
          table.rows[row][position] = mask
        }
      }
      test.given[given.input] = table
    }
    return masked
  }

  /// The test with the rows that are left, and what the query gives for them.
  private func finish(
    _ prepared: TestBench.Prepared, _ masked: [AssetColumn]
  ) async throws -> Draft {
    let result = try await self.result(of: prepared)
    let again = try await self.result(of: prepared)
    guard result.rows.count == again.rows.count else { throw TestError.unstable(asset.key) }
    let stable = result.columns.indices.filter { column in
      let (first, second) = (result.rows.map { $0[column] }, again.rows.map { $0[column] })
      return Dictionary(grouping: first) { $0 }.mapValues(\.count)
        == Dictionary(grouping: second) { $0 }.mapValues(\.count)
    }
    guard !stable.isEmpty else { throw TestError.unstable(asset.key) }
    var test = prepared.test
    test.given = test.given.map { given in
      let table = prepared.given[given.input] ?? TableRows(columns: [], rows: [])
      let positions = given.rows.columns.compactMap { column in
        table.columns.firstIndex { $0.name.caseFolded == column.name.caseFolded }
      }
      var given = given
      given.rows.content = .cells(table.rows.map { row in positions.map { Cell(row[$0]) } })
      return given
    }
    test.expected.columns = stable.map {
      TestRows.Column(result.columns[$0].name, at: test.place)
    }
    test.expected.content = .cells(result.rows.map { row in stable.map { Cell(row[$0]) } })
    return Draft(
      test: test, masked: masked,
      unstable: result.columns.indices.filter { !stable.contains($0) }
        .map { result.columns[$0].name })
  }
}

extension Value {
  /// A value of the same kind that tells nothing.
  fileprivate func madeUp(number: Int) -> Value {
    switch self {
    case .null: .null
    case .integer: .integer(Int64(number))
    case .real: .real(Double(number))
    case .text: .text("masked \(number)")
    case .blob: .blob(Array("masked \(number)".utf8))
    }
  }
}
