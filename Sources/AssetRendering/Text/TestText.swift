package import AssetCore

/// What came of a test: a line, and below it what was not as expected.
///
/// - Parameters:
///   - result: What came of the test.
///   - nameWidth: The width of the longest asset's name, for aligning.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(
  of result: TestResult, nameWidth: Int = 0, style: TextStyle = .plain
) -> String {
  let word = style.paint(
    padded(result.failure == nil ? "ok" : "failed", to: 6), result.failure == nil ? .good : .bad)
  let line =
    word + "  " + padded(result.asset.name, to: nameWidth) + "  " + printable(result.name) + "\n"
  guard let failure = result.failure else { return line }
  return line + indented(text(of: failure, at: result.place, style: style), by: 2) + "\n"
}

/// The last line of tests that were run: how many came out how.
package func summary(of report: TestReport) -> String {
  guard !report.results.isEmpty else {
    return report.declaredCount == 0
      ? "there are no tests; write one from real rows with `assetctl test --generate ASSET`\n"
      : "no test of what is selected; the project has \(counted(report.declaredCount, "test"))\n"
  }
  let passed = report.results.count - report.failedCount
  let counts = [(passed, "ok"), (report.failedCount, "failed")].filter { $0.0 > 0 }
  return counts.map { "\(grouped($0)) \($1)" }.joined(separator: ", ")
    + " in \(durationText(report.durationMilliseconds))\n"
}

/// What was generated, in a few lines.
package func text(of test: GeneratedTest) -> String {
  let given = test.given.map { "\(counted($0.rows, "row")) of `\($0.input)`" }
  var text = "wrote the test `\(printable(test.name))` to \(test.file): "
  text += given.isEmpty ? "" : "given \(listed(given)), "
  text += "`\(test.asset)` has \(counted(test.expected, "row"))\n"
  if !test.masked.isEmpty {
    let columns = test.masked.map { "`\($0.asset).\($0.column)`" }
    text += "values of \(listed(columns)) are made up, since they are sensitive\n"
  }
  if !test.unstable.isEmpty {
    let columns = test.unstable.map { "`\(printable($0))`" }
    text += "\(listed(columns)) left out of `expect:`, since the values differ each time\n"
  }
  return text
}

private func text(of failure: TestFailure, at place: Place, style: TextStyle) -> String {
  let header = style.paint("\(place)", .quiet) + "\n"
  switch failure {
  case .refused(let diagnostic): return header + AssetRendering.text(of: diagnostic, style: style)
  case .rows(let difference): return header + text(of: difference, style: style)
  case .columns(let missing, let unexpected):
    let lines =
      missing.map { column in
        "the result has no column `\(printable(column.name))`"
          + (column.nearest.map { "; did you mean `\(printable($0))`?" } ?? "")
      }
      + unexpected.map {
        "the result has a column `\(printable($0))`, which `expect` does not name"
      }
    return header + lines.map { $0 + "\n" }.joined()
  }
}

// MARK: - Rows

/// How many differing rows are shown of a test.
private let mostRows = 12

/// Rows that differ as a table: the missing ones with `-`, the unexpected ones with `+`, and in
/// changed ones each cell that differs as `expected → actual`.
///
/// - Parameters:
///   - difference: The rows.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(of difference: RowDifference, style: TextStyle = .plain) -> String {
  var text = explanation(of: difference) + "\n"
  let shown = Array(difference.changes.prefix(mostRows))
  let table = DifferenceTable(of: difference, shown)
  let columns = table.columns(fitting: (style.width ?? 120) - 8)
  var rows = [[""] + columns.map { difference.columns[$0] }]
  for row in table.rows { rows.append([row.mark] + columns.map { row.cells[$0].text }) }
  text += indented(
    aligned(rows, style: style) { row, column in
      guard row > 0 else { return .strong }
      let shown = table.rows[row - 1]
      guard column > 0 else { return shown.role }
      return shown.cells[columns[column - 1]].differs ? .attention : shown.cellRole
    }, by: 2)
  let rest = difference.changes.count - shown.count
  if rest > 0 { text += "    and \(grouped(rest)) more\n" }
  let hidden = difference.columns.count - columns.count
  if hidden > 0 { text += "    \(counted(hidden, "more column")) not shown\n" }
  return text
}

private func explanation(of difference: RowDifference) -> String {
  if difference.isReordered { return "the rows are as expected, but in another order" }
  func count(_ isCounted: (RowDifference.Change) -> Bool) -> Int {
    difference.changes.count(where: isCounted)
  }
  let counts = [
    (count { if case .missing = $0 { true } else { false } }, "missing (-)"),
    (count { if case .unexpected = $0 { true } else { false } }, "unexpected (+)"),
    (count { if case .changed = $0 { true } else { false } }, "changed (~, expected → actual)"),
  ].filter { $0.0 > 0 }
  return "\(grouped(difference.agreeingCount)) of \(counted(difference.expected.count, "row"))"
    + " as expected; " + listed(counts.map { "\(grouped($0)) \($1)" })
}

/// The cells of the rows that are shown, as texts.
private struct DifferenceTable {
  struct Row {
    var mark: String
    var role: TextStyle.Role
    var cellRole: TextStyle.Role?
    var cells: [(text: String, differs: Bool)]
  }

  let difference: RowDifference
  let rows: [Row]

  init(of difference: RowDifference, _ changes: [RowDifference.Change]) {
    self.difference = difference
    rows = changes.map { change in
      switch change {
      case .missing(let row):
        Row(
          mark: "-", role: .bad, cellRole: .bad,
          cells: difference.expected[row].map { (literal($0), false) })
      case .unexpected(let row):
        Row(
          mark: "+", role: .good, cellRole: .good,
          cells: difference.actual[row].map { (literal($0), false) })
      case .changed(let row, let other):
        Row(
          mark: "~", role: .attention,
          cells: difference.columns.indices.map { column in
            let expected = literal(difference.expected[row][column])
            guard difference.differs(column, expected: row, actual: other) else {
              return (expected, false)
            }
            return ("\(expected) → \(literal(difference.actual[other][column]))", true)
          })
      }
    }
  }

  /// The columns to show: of a table that is too wide, those in which changed rows differ, and of the
  /// others as many as fit from the left.
  func columns(fitting width: Int) -> [Int] {
    let widths = difference.columns.indices.map { column in
      2
        + max(
          difference.columns[column].count,
          rows.map { displayWidth($0.cells[column].text) }.max() ?? 0)
    }
    guard widths.reduce(0, +) > width else { return Array(difference.columns.indices) }
    let differing = difference.columns.indices.filter { column in
      rows.contains { $0.cells[column].differs }
    }
    var room = width - differing.map { widths[$0] }.reduce(0, +)
    var chosen = Set(differing)
    for column in difference.columns.indices where !chosen.contains(column) {
      guard widths[column] <= room else { break }
      room -= widths[column]
      chosen.insert(column)
    }
    return chosen.isEmpty ? [0] : chosen.sorted()
  }
}

/// A value as a table of differences shows it: a text that could be taken for something else stands
/// in quotes.
private func literal(_ cell: Cell) -> String {
  guard case .text(let text) = cell else { return cellText(cell) }
  let isPlain =
    !text.isEmpty && Double(text) == nil && !["∅", "null"].contains(text)
    && text.first != " " && text.last != " " && !text.hasPrefix("'") && !text.hasPrefix("x'")
  return isPlain ? cellText(cell) : "'\(cellText(cell))'"
}

private func indented(_ text: String, by count: Int) -> String {
  let margin = String(repeating: " ", count: count)
  return text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
}
