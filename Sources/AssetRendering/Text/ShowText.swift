package import AssetCore

/// All that is known of an asset.
package func text(of report: ShowReport, style: TextStyle = .plain) -> String {
  let asset = report.asset
  var facts: [Diagnostic.Fact] = [
    .init("kind", kindText(asset)), .init("declared in", asset.place.file),
  ]
  func add(_ label: String, _ text: String?) {
    if let text, !text.isEmpty { facts.append(.init(label, text)) }
  }
  add("description", asset.description)
  add("owner", asset.owner)
  add("group", asset.group)
  add("tags", asset.tags.joined(separator: ", "))
  if asset.isSource, let table = asset.tableName {
    add("table", table.name)
    add("database", table.database)
  }
  add("files", asset.dataFiles.joined(separator: ", "))
  if case .program(let program) = asset.recipe {
    add("runs", program.command.joined(separator: " "))
  }
  add("outputs", asset.outputs.joined(separator: ", "))
  add("readers", report.readers.map(\.name).joined(separator: ", "))
  add("status", statusText(report.status))
  if let freshness = report.freshness {
    add("freshness", (freshness.outcome == .pass ? "" : "late: ") + freshness.inWords)
  }
  var text = style.paint(asset.key.name, .strong) + "\n" + factsText(facts)
  if !report.inputs.isEmpty {
    text += "\n" + style.paint("inputs", .strong) + "\n"
    text += indentedTable(report.inputs.map { [$0.input.name, consumptionText($0)] })
  }
  text += columnsText(report, style: style)
  text += reportText(report, style: style)
  text += historyText(report, style: style)
  return text
}

private func statusText(_ status: AssetStatus) -> String {
  let why = explanation(of: status)
  return status.kind.rawValue + (why.isEmpty ? "" : ": " + why)
}

private func columnsText(_ report: ShowReport, style: TextStyle) -> String {
  let declared = report.asset.columns
  let produced = report.materializations.first?.product.columns
  var rows = (produced ?? []).map { column in
    let known = declared.first { $0.name.lowercased() == column.name.lowercased() }
    return [column.name, column.type, known?.description ?? ""]
  }
  if rows.isEmpty {
    rows = declared.map { [$0.name, $0.type?.rawValue ?? "", $0.description ?? ""] }
  }
  guard !rows.isEmpty else { return "" }
  return "\n" + style.paint("columns", .strong) + "\n" + indentedTable(rows)
}

/// What the program told of the last materialization, and what its checks gave.
private func reportText(_ report: ShowReport, style: TextStyle) -> String {
  guard let product = report.materializations.first?.product else { return "" }
  var text = ""
  if let metrics = product.metrics, !metrics.isEmpty {
    let before = report.materializations.dropFirst().first?.product.metrics ?? [:]
    let rows = metrics.sorted { $0.key < $1.key }.map { name, value in
      [name, rounded(value), before[name].map { comparison(value, with: $0) } ?? ""]
    }
    text += "\n" + style.paint("metrics", .strong) + "\n" + indentedTable(rows)
  }
  let metadata = (product.metadata ?? [:]).filter { product.metrics?[$0.key] == nil }
  if !metadata.isEmpty {
    let rows = metadata.sorted { $0.key < $1.key }.map { [$0.key, metadataText($0.value)] }
    text += "\n" + style.paint("metadata", .strong) + "\n" + indentedTable(rows)
  }
  if let checks = product.checks, !checks.isEmpty {
    let rows = checks.map { check in
      [check.name, check.passed ? "passed" : "did not pass", check.message ?? ""]
    }
    text += "\n" + style.paint("checks", .strong) + "\n" + indentedTable(rows)
  }
  return text
}

/// How a metric moved: `12.5 before, 3.1 % less`.
private func comparison(_ value: Double, with before: Double) -> String {
  guard value != before else { return "as before" }
  let text = "\(rounded(before)) before"
  guard before != 0 else { return text }
  let share = abs((value - before) / before) * 100
  let percent = (share * 10).rounded() / 10
  return text + ", \(percent) % \(value < before ? "less" : "more")"
}

private func metadataText(_ value: MetadataValue) -> String {
  switch value {
  case .null: "null"
  case .boolean(let value): value ? "true" : "false"
  case .integer(let value): String(value)
  case .number(let value): rounded(value)
  case .text(let text): text
  case .list, .object: compactJSON(of: value)
  }
}

private func historyText(_ report: ShowReport, style: TextStyle) -> String {
  guard !report.materializations.isEmpty else { return "" }
  let rows = report.materializations.map { materialization in
    let product = materialization.product
    let metrics = (product.metrics ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key) \(rounded($0.value))" }
    return [
      momentText(materialization.finishedAt), product.rows.map { counted($0, "row") } ?? "",
      durationText(materialization.durationMilliseconds), shortDigest(product.digest.rawValue),
      materialization.run, metrics.joined(separator: ", "),
    ]
  }
  return "\n" + style.paint("materializations", .strong) + "\n" + indentedTable(rows)
}

/// A number to four digits after the point, without trailing zeros.
private func rounded(_ number: Double) -> String {
  let scaled = (number * 10_000).rounded() / 10_000
  return scaled == scaled.rounded() && abs(scaled) < 1e15 ? String(Int64(scaled)) : String(scaled)
}

private func indentedTable(_ rows: [[String]]) -> String {
  aligned(rows.map { [""] + $0 })
}
