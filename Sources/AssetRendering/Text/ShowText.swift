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
  add("files", asset.dataFiles.joined(separator: ", "))
  if case .program(let program) = asset.recipe {
    add("runs", program.command.joined(separator: " "))
  }
  add("outputs", asset.outputs.joined(separator: ", "))
  add("readers", report.readers.map(\.name).joined(separator: ", "))
  add("status", statusText(report.status))
  add("duration", report.unusualDuration.map(unusualText))
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
  let produced = report.published?.product.columns
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
  guard let published = report.published else { return "" }
  let product = published.product
  var text = ""
  if let metrics = product.metrics, !metrics.isEmpty {
    let earlier = report.materializations.drop { $0.id != published.id }.dropFirst().first
    let before = earlier?.product.metrics ?? [:]
    let rows = metrics.sorted { $0.key < $1.key }.map { name, value in
      [name, numberText(value, places: 4), before[name].map { comparison(value, with: $0) } ?? ""]
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
  let text = "\(numberText(before, places: 4)) before"
  guard before != 0 else { return text }
  let share = abs((value - before) / before) * 100
  let percent = (share * 10).rounded() / 10
  return text + ", \(percent) % \(value < before ? "less" : "more")"
}

func metadataText(_ value: MetadataValue) -> String {
  switch value {
  case .null: "null"
  case .boolean(let value): value ? "true" : "false"
  case .integer(let value): String(value)
  case .number(let value): numberText(value, places: 4)
  case .text(let text): text
  case .list, .object: compactJSON(of: value)
  }
}

private func historyText(_ report: ShowReport, style: TextStyle) -> String {
  guard !report.materializations.isEmpty else { return "" }
  let rows = report.materializations.map { materialization in
    let product = materialization.product
    // Only after a rollback it is not the newest.
    let isOlder =
      materialization.id == report.published?.id
      && materialization.id != report.materializations.first?.id
    let metrics = (product.metrics ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key) \(numberText($0.value, places: 4))" }
    return [
      momentText(materialization.finishedAt), product.rows.map { counted($0, "row") } ?? "",
      durationText(materialization.durationMilliseconds), shortDigest(product.digest.rawValue),
      materialization.run,
      ((isOlder ? ["published"] : []) + metrics).joined(separator: ", "),
    ]
  }
  return "\n" + style.paint("materializations", .strong) + "\n" + indentedTable(rows)
}

private func indentedTable(_ rows: [[String]]) -> String {
  aligned(rows.map { [""] + $0 })
}
