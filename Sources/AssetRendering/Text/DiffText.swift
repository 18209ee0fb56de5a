package import AssetCore

/// What is otherwise, an asset after the other.
///
/// - Parameters:
///   - report: The report.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(of report: DiffReport, style: TextStyle = .plain) -> String {
  let parts = report.entries.filter { !$0.isLeftOut && $0.result?.outcome != .fresh }
    .map { entryText(of: $0, style: style) }
  guard report.isTrial else { return parts.joined(separator: "\n") }
  return (parts + [summary(of: report) + "\n"]).joined(separator: "\n")
}

private func entryText(of diff: AssetDiff, style: TextStyle) -> String {
  let name = style.paint(diff.asset.name, .strong)
  if let result = diff.result, diff.after == nil {
    return text(of: result, nameWidth: 0, style: style)
  }
  var text = name + "  " + headline(of: diff) + "\n"
  text += factsText(facts(of: diff, style))
  if let rows = diff.rows { text += rowsText(rows, style: style) }
  for warning in diff.result?.warnings ?? [] {
    text += indentedText(AssetRendering.text(of: warning, style: style))
  }
  if let hint = hint(of: diff) { text += "\n\(style.paint("hint:", .strong)) \(hint)\n" }
  return text
}

private func headline(of diff: AssetDiff) -> String {
  guard let after = diff.after else { return "" }
  let now = after.product.rows.map { counted($0, "row") }
  guard let before = diff.before else {
    return ["new", now].compactMap { $0 }.joined(separator: ", ")
  }
  guard diff.isDifferent else { return (now.map { "\($0), " } ?? "") + "nothing changed" }
  if let rows = diff.rows {
    let parts = [
      rows.added > 0 ? "\(counted(rows.added, "row")) added" : nil,
      rows.removed > 0 ? "\(counted(rows.removed, "row")) removed" : nil,
      rows.changed > 0 ? "\(counted(rows.changed, "row")) changed" : nil,
    ].compactMap { $0 }
    return (parts.isEmpty ? "the same rows" : parts.joined(separator: ", "))
      + ", \(rows.same == 0 ? "none" : grouped(rows.same)) as before"
  }
  guard let now, let old = before.product.rows else { return "changed" }
  return "\(now), \(grouped(old)) before"
}

private func facts(of diff: AssetDiff, _ style: TextStyle) -> [Diagnostic.Fact] {
  guard let after = diff.after else { return [] }
  var facts: [Diagnostic.Fact] = []
  if diff.result == nil { facts.append(.init("now", origin(after, style))) }
  guard let before = diff.before else { return facts }
  facts.append(.init("before", origin(before, style)))
  guard diff.isDifferent else { return facts }
  let changes = after.product.columnChanges(since: before.product)
  facts += changes.map { .init("column", columnText($0)) }
  if diff.rows == nil, let merged = diff.merged {
    facts.append(.init("rows", changesText(merged)))
  }
  if let rows = diff.rows {
    if !rows.key.isEmpty { facts.append(.init("paired by", rows.key.joined(separator: ", "))) }
  } else if let columns = after.product.changedColumns(since: before.product) {
    let text =
      columns.isEmpty
      ? "none has other values; they stand in other rows" : columns.joined(separator: ", ")
    facts.append(.init("columns with other values", text))
  }
  for change in after.product.fileChanges(since: before.product) {
    facts.append(.init("file", "`\(change.path)`: \(fileText(change))"))
  }
  for change in after.product.metricChanges(since: before.product) {
    let values = [change.before, change.after].map { $0.map { numberText($0, places: 6) } ?? "∅" }
    facts.append(.init("metric", "\(change.metric): \(values[0]) → \(values[1])"))
  }
  return facts
}

private func origin(_ record: Materialization, _ style: TextStyle) -> String {
  "made \(style.moment(record.finishedAt)) in the run \(record.run)"
}

private func columnText(_ change: ColumnChange) -> String {
  switch change {
  case .added(let name, let type): "`\(name)` was added" + (type.isEmpty ? "" : " (\(type))")
  case .removed(let name, _): "`\(name)` was removed"
  case .retyped(let name, let from, let to):
    "`\(name)` was \(from.isEmpty ? "of no type" : from) and is \(to.isEmpty ? "of no type" : to)"
  }
}

private func fileText(_ change: FileChange) -> String {
  switch (change.before, change.after) {
  case (nil, _): "new"
  case (_, nil): "gone"
  case (let old?, let new?): "\(shortDigest(old.rawValue)) → \(shortDigest(new.rawValue))"
  }
}

/// The counts by column and the sample.
private func rowsText(_ rows: RowDiff, style: TextStyle) -> String {
  var text = ""
  if !rows.columns.isEmpty {
    let lines = rows.columns.map { ["", $0.column, counted($0.rows, "row")] }
    text += "  values changed in\n" + aligned(lines.map { [""] + $0 })
  }
  let sample = rows.sample
  if !sample.changed.isEmpty {
    let lines = sample.changed.map { change in
      change.key.map(cellText)
        + [change.cells.map { "\($0.column): \(changeText($0))" }.joined(separator: ", ")]
    }
    text += section("changed", .attention, rows.key, lines, of: rows.changed, style)
  }
  if !sample.added.isEmpty {
    let lines = sample.added.map { $0.map(cellText) }
    text += section("added", .good, sample.addedColumns, lines, of: rows.added, style)
  }
  if !sample.removed.isEmpty {
    let lines = sample.removed.map { $0.map(cellText) }
    text += section("removed", .bad, sample.removedColumns, lines, of: rows.removed, style)
  }
  return text
}

private func section(
  _ title: String, _ role: TextStyle.Role, _ columns: [String], _ rows: [[String]],
  of count: Int, _ style: TextStyle
) -> String {
  var text = "  " + style.paint(title, role) + "\n"
  text += aligned(([columns] + rows).map { ["", ""] + $0 })
  if count > rows.count { text += "    and \(grouped(count - rows.count)) more\n" }
  return text
}

/// The two values of a cell, written so that they can be told apart.
private func changeText(_ cell: DiffSample.ChangedCell) -> String {
  let texts = [cell.before, cell.after].map(cellText)
  guard texts[0] == texts[1] else { return "\(texts[0]) → \(texts[1])" }
  return "\(exactText(cell.before)) → \(exactText(cell.after))"
}

/// A value as a literal, as far as that tells it from others.
private func exactText(_ cell: Cell) -> String {
  switch cell {
  case .text("•••"): "•••"
  case .text(let text): "'\(text)'"
  case .null, .integer, .real, .blob: cellText(cell)
  }
}

private func hint(of diff: AssetDiff) -> String? {
  guard diff.rows == nil, diff.obstacle == .notKept else { return nil }
  return diff.keptVersions == 0
    ? "the rows before are not kept; `keep: 1` among the settings of `\(diff.asset)` keeps them "
      + "from the next materialization on"
    : "the rows of one of the two are not kept (any more)"
}

private func summary(of report: DiffReport) -> String {
  let entries = report.entries.filter { $0.result?.outcome != .fresh }
  guard !entries.isEmpty else { return "nothing is to be materialized\nnothing was published" }
  let left = entries.filter(\.isLeftOut)
  let tried = entries.filter { !$0.isLeftOut }
  let failed = tried.count(where: \.hasFailed)
  let different = tried.count(where: \.isDifferent)
  let same = tried.count - failed - different
  let parts = [
    different > 0 ? "\(grouped(different)) would change" : nil,
    same > 0 ? "\(grouped(same)) would come out the same" : nil,
    failed > 0 ? "\(grouped(failed)) would fail or be skipped" : nil,
  ].compactMap { $0 }
  var text = parts.joined(separator: ", ")
  if !left.isEmpty {
    let names = left.prefix(10).map { "`\($0.asset)`" } + (left.count > 10 ? ["others"] : [])
    text += (text.isEmpty ? "" : "\n") + "left out, as programs are not run: \(listed(names))"
  }
  return text + "\nnothing was published"
}

private func indentedText(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
}
