package import AssetCore

/// Rows as a table; numbers stand to the right, null is shown as `∅`.
package func text(of report: PreviewReport, style: TextStyle = .plain) -> String {
  let numeric = Set(
    report.columns.indices.filter { column in
      report.rows.allSatisfy { row in
        switch row[column] {
        case .integer, .real, .null: true
        case .text, .blob: false
        }
      }
    })
  let rows = report.rows.map { $0.map(cellText) }
  let table = aligned(
    [report.columns] + rows, rightAligned: numeric, style: style,
    role: { row, column in
      row == 0 ? .strong : report.rows[row - 1][column] == .null ? .quiet : nil
    })
  if report.rows.isEmpty { return table + "(no rows)\n" }
  return table + (report.isCut ? "(there are more rows; see them with `-n`)\n" : "")
}

/// A value as tables show it; long texts are cut.
func cellText(_ cell: Cell) -> String {
  switch cell {
  case .null: "∅"
  case .integer(let number): String(number)
  case .real(let number): String(number)
  case .blob(let digits): "x'\(digits.prefix(64))'"
  case .text(let text): text.count > 60 ? text.prefix(59) + "…" : text
  }
}
