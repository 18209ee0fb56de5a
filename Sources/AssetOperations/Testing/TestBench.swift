import AssetCore
import AssetExecution
import AssetWarehouse

/// Prepares unit tests and carries them out.
struct TestBench {
  let workspace: Workspace
  /// What is known of the columns of the tested assets' inputs.
  let shapes: [AssetKey: TableShape]

  /// A test whose rows were found to fit its inputs.
  struct Prepared {
    var test: UnitTest
    var asset: Asset
    var given: [AssetKey: TableRows]
    var expected: TableRows
  }

  init(_ workspace: Workspace, for assets: Set<AssetKey>) async throws {
    self.workspace = workspace
    let inputs = assets.flatMap { workspace.graph.inputs(of: $0) }
    shapes = try await workspace.shapes(of: Set(inputs))
  }

  /// Reads the tests' rows.
  ///
  /// - Parameter tests: The tests, of the assets that the bench was made for.
  /// - Throws: All that is wrong with any of the rows.
  /// - Returns: The tests with their rows, in the same order.
  func prepare(_ tests: [UnitTest]) throws -> [Prepared] {
    var problems: [Diagnostic] = []
    let prepared = tests.compactMap { prepare($0, &problems) }
    guard problems.isEmpty else { throw Problems(problems) }
    return prepared
  }

  private func prepare(_ test: UnitTest, _ problems: inout [Diagnostic]) -> Prepared? {
    guard let asset = workspace.graph[test.asset] else { return nil }
    let count = problems.count
    var given: [AssetKey: TableRows] = [:]
    for rows in test.given { given[rows.input] = table(rows, &problems) }
    let expected = read(test.expected, types: asset.declaredTypes, &problems)
    guard problems.count == count, let expected else { return nil }
    let prepared = Prepared(test: test, asset: asset, given: given, expected: expected)
    // Of inputs whose columns are all known, a name that is none is the query's own fault.
    if given.keys.contains(where: { shapes[$0]?.isComplete != true }),
      let unresolved = unresolvedName(of: prepared)
    {
      problems.append(TestInputProblem.unresolved(unresolved).diagnostic(at: test.place))
    }
    return problems.count == count ? prepared : nil
  }

  /// What the first name in the query is that stands for no column of the given tables.
  private func unresolvedName(of test: Prepared) -> Diagnostic? {
    let reading = workspace.reader.reading(of: test.asset) { key in
      test.given[key]?.columns.map(\.name)
    }
    return reading.problems.first
  }
}

// MARK: - Rows

extension TestBench {
  /// An input's table: all columns that are known of it, with null where the test names none.
  private func table(_ given: GivenRows, _ problems: inout [Diagnostic]) -> TableRows? {
    let shape = shapes[given.input] ?? TableShape(columns: [], isComplete: false)
    guard let rows = read(given.rows, types: shape.strictTypes, &problems) else { return nil }
    var columns = shape.columns
    var positions: [Int] = []
    for column in rows.columns {
      let named = given.rows.columns.first { $0.name.caseFolded == column.name.caseFolded }
      if let index = columns.firstIndex(where: { $0.name.caseFolded == column.name.caseFolded }) {
        if let type = named?.type { columns[index].type = type.rawValue }
        positions.append(index)
        continue
      }
      if !columns.isEmpty, !shape.columns.isEmpty, named?.isDeclared != true {
        problems.append(
          TestInputProblem.unknownColumn(
            column.name, of: given.input, known: shape.columns.map(\.name),
            isComplete: shape.isComplete
          ).diagnostic(at: named?.place ?? given.rows.place))
      }
      positions.append(columns.count)
      columns.append(Column(column.name, type: named?.type?.rawValue))
    }
    if columns.isEmpty {
      problems.append(TestInputProblem.noColumns(given.input).diagnostic(at: given.rows.place))
    }
    return TableRows(
      columns: columns,
      rows: rows.rows.map { row in
        var values = [Value](repeating: .null, count: columns.count)
        for (position, value) in zip(positions, row) { values[position] = value }
        return values
      })
  }

  /// Rows as they are written, in the columns that they name; CSV has values of the given types.
  private func read(
    _ rows: TestRows, types: [String: ColumnType], _ problems: inout [Diagnostic]
  ) -> TableRows? {
    let file: RowFile
    switch rows.content {
    case .cells(let cells):
      return TableRows(
        columns: rows.columns.map { Column($0.name, type: $0.type?.rawValue) },
        rows: cells.map { $0.map(Value.init) })
    case .csv(let text, let line):
      file = RowFile(text: text, shownPath: rows.place.file, line: line)
    case .file(let path): file = RowFile(path: workspace.folder + "/" + path, shownPath: path)
    }
    do {
      return try read(file, rows, types: types)
    } catch let error as RowFileError {
      problems += error.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        // Columns are counted without the margin of the lines in the test's file.
        if case .csv = rows.content { diagnostic.place?.column = nil }
        if diagnostic.place?.line == nil { diagnostic.place = rows.place }
        return diagnostic
      }
    } catch {
      problems.append(Diagnostic("\(error)", at: rows.place))
    }
    return nil
  }

  private func read(
    _ file: RowFile, _ rows: TestRows, types: [String: ColumnType]
  ) throws -> TableRows {
    let declared = rows.columns.compactMap { column in
      column.type.map { (column.name.lowercased(), $0) }
    }
    var files = RowFiles([file])
    if case .csv = rows.content { files.format = .csv }
    // Types are declared for columns that may not all be in the file.
    let names = Set(try files.columnNames().names.map { $0.lowercased() })
    files.types = types.filter { names.contains($0.key) }
      .merging(declared) { _, declared in declared }
    var source = try files.open()
    var read: [[Value]] = []
    while let row = try source.next() { read.append(row) }
    return TableRows(columns: source.columns, rows: read)
  }
}

// MARK: - Running

extension TestBench {
  /// Carries out a test.
  ///
  /// - Returns: What is not as the test expects; `nil` if all is.
  func failure(of test: Prepared) async throws -> TestFailure? {
    switch try await result(of: test) {
    case .success(let actual): compare(test, actual)
    case .failure(let error): .refused(diagnostic(of: error, in: test))
    }
  }

  /// What the query gives on the given rows.
  func result(of test: Prepared) async throws -> Result<TableRows, WarehouseError> {
    var builds = test.given.sorted { $0.key < $1.key }.map { key, table in
      TableBuild(key: key, content: .rows { RowList(table.columns, table.rows) })
    }
    let query = workspace.withoutOwnRows(
      test.test.query, of: test.asset,
      columns: workspace.reader.reading(of: test.asset) { test.given[$0]?.columns.map(\.name) }
        .columns?.map(\.name))
    var isView = false
    if case .query(let query) = test.asset.recipe { isView = query.form == .view }
    builds.append(
      TableBuild(
        key: test.asset.key,
        content: isView ? .view(query: query) : .table(query: query),
        types: test.asset.declaredTypes, inputs: Set(test.given.keys.map { TableName($0.name) })))
    let results = try await workspace.warehouse.rehearse(builds)
    // Where an input could not be built, that is the reason.
    for result in results { if case .failure(let error) = result { return .failure(error) } }
    guard let last = results.last else { preconditionFailure("each build has a result") }
    return last
  }

  /// What to say of a query that could not be carried out.
  func diagnostic(of error: WarehouseError, in test: Prepared) -> Diagnostic {
    // What is found in the text has its place and the nearest name.
    if error.isAboutQuery, let unresolved = unresolvedName(of: test) { return unresolved }
    var diagnostic = error.diagnostics[0]
    diagnostic.place = Place(file: test.asset.place.file)
    if case .refused(_, let offset?) = error {
      let before = test.test.query.utf8.prefix(offset)
      diagnostic.place?.line = before.count { $0 == UInt8(ascii: "\n") } + 1
    }
    return diagnostic
  }

  private func compare(_ test: Prepared, _ actual: TableRows) -> TestFailure? {
    let names = actual.columns.map(\.name.caseFolded)
    var expected = test.expected
    // No rows may well name no columns; none of the result's are expected then.
    if expected.rows.isEmpty, expected.columns.isEmpty { expected.columns = actual.columns }
    let missing = expected.columns.filter { !names.contains($0.name.caseFolded) }
    let named = Set(expected.columns.map(\.name.caseFolded))
    let unexpected = test.test.namesAllColumns ? names.filter { !named.contains($0) } : []
    guard missing.isEmpty, unexpected.isEmpty else {
      return .columns(
        missing: missing.map { column in
          .init(
            column.name, nearest: nearestName(to: column.name, in: actual.columns.map(\.name)))
        }, unexpected: unexpected)
    }
    let positions = expected.columns.compactMap { names.firstIndex(of: $0.name.caseFolded) }
    let difference = RowDifference(
      expected: expected.rows.map { $0.map(Cell.init) },
      actual: actual.rows.map { row in positions.map { Cell(row[$0]) } },
      columns: expected.columns.map(\.name), isOrdered: test.test.isOrdered,
      tolerance: test.test.tolerance)
    return difference.isEmpty ? nil : .rows(difference)
  }
}
