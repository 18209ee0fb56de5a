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
  add("files", asset.shownFiles.joined(separator: ", "))
  if case .program(let program) = asset.recipe {
    add("runs", program.command.joined(separator: " "))
  }
  for (label, fact) in continuingFacts(report) { add(label, fact) }
  if let partition = asset.partition {
    add("rows", sliceText(partition.slice))
  } else if let scheme = asset.partitions {
    add("cut by", schemeText(scheme))
  }
  add("outputs", asset.outputs.joined(separator: ", "))
  add("readers", report.readers.map(\.name).joined(separator: ", "))
  add("status", statusText(report.status))
  if let partitions = report.partitions { facts += partitionFacts(partitions) }
  add("duration", report.unusualDuration.map(unusualText))
  if let freshness = report.freshness {
    add("freshness", (freshness.outcome == .pass ? "" : "late: ") + freshness.inWords)
  }
  var text = style.paint(printable(asset.key.name), .strong) + "\n" + factsText(facts)
  if !report.inputs.isEmpty {
    text += "\n" + style.paint("inputs", .strong) + "\n"
    text += indentedTable(report.inputs.map { [$0.input.name, consumptionText($0)] })
  }
  text += queryText(asset, style: style)
  text += columnsText(report, style: style)
  text += reportText(report, style: style)
  text += checksText(report, style: style)
  text += logsText(report, style: style)
  text += historyText(report, style: style)
  return text
}

/// How a table goes on from the rows that it has.
private func continuingFacts(_ report: ShowReport) -> [(label: String, fact: String)] {
  if let rule = report.asset.incremental {
    let key = rule.uniqueKey.isEmpty ? "" : " by " + listed(rule.uniqueKey)
    let strategy = ("strategy", rule.strategy.rawValue + key)
    guard let cursor = rule.cursor else { return [strategy, ("goes on from", "its own rows")] }
    let input = cursor.input.map { $0.name + "." } ?? ""
    let value = report.published?.product.cursor?.value
    return [
      strategy,
      ("cursor", input + cursor.column + (value.map { ", now at \($0.text)" } ?? "")),
    ]
  }
  if let rule = report.asset.snapshot {
    let what =
      switch rule.comparison {
      case .allColumns: "all columns"
      case .columns(let columns): listed(columns)
      case .updatedAt(let column): "`updated_at`, \(column)"
      }
    return [("versions", "by \(listed(rule.uniqueKey)), told apart by \(what)")]
  }
  return []
}

private func statusText(_ status: AssetStatus) -> String {
  let why = explanation(of: status)
  return status.kind.rawValue + (why.isEmpty ? "" : ": " + why)
}

/// The query as it is written, without the settings in front of it.
private func queryText(_ asset: Asset, style: TextStyle) -> String {
  guard case .query(let query) = asset.recipe else { return "" }
  var text = Substring(query.text)
  let start = text.drop(while: \.isWhitespace)
  if start.hasPrefix("/*"), start.dropFirst(2).drop(while: { $0 == " " }).hasPrefix("@asset"),
    let end = start.firstRange(of: "*/")
  {
    text = start[end.upperBound...]
  }
  let lines = text.trimmingPrefix(while: \.isNewline)
    .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    .map { withoutControls(String($0)) }
  let shown = lines.reversed().drop { $0.allSatisfy(\.isWhitespace) }.reversed()
  guard !shown.isEmpty else { return "" }
  return "\n" + style.paint("query", .strong) + "\n"
    + shown.map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
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

/// What the program told of the last materialization.
private func reportText(_ report: ShowReport, style: TextStyle) -> String {
  guard let published = report.published else { return "" }
  let product = published.product
  var text = ""
  if let metrics = product.metrics, !metrics.isEmpty {
    let earlier = report.materializations.drop { $0.id != published.id }.dropFirst()
      .first { $0.asset == published.asset }
    let before = earlier?.product.metrics ?? [:]
    let rows = metrics.sorted { $0.key < $1.key }.map { name, value in
      [
        name, metricText(value),
        comparisonText(MetricComparison(name, value, previous: before[name])),
      ]
    }
    text += "\n" + style.paint("metrics", .strong) + "\n" + indentedTable(rows)
  }
  let metadata = (product.metadata ?? [:]).filter { product.metrics?[$0.key] == nil }
  if !metadata.isEmpty {
    let rows = metadata.sorted { $0.key < $1.key }.map { [$0.key, metadataText($0.value)] }
    text += "\n" + style.paint("metadata", .strong) + "\n" + indentedTable(rows)
  }
  return text
}

/// What the checks gave when the asset was made last; if that failed, what kept it back comes first.
private func checksText(_ report: ShowReport, style: TextStyle) -> String {
  let isWhole = report.partitions == nil
  let attempt = isWhole ? report.failedAttempt.flatMap { $0.checks.isEmpty ? nil : $0 } : nil
  let checks =
    attempt?.checks
    ?? (isWhole ? report.published?.product.checks ?? [] : report.partitionChecks)
  guard !checks.isEmpty else { return "" }
  let title =
    attempt.map { "checks of the attempt that failed, \(style.moment($0.at)) in the run \($0.run)" }
    ?? "checks"
  var text = "\n" + style.paint(title, .strong) + "\n"
  // Aligned together, and the rows that a check found below its line.
  let lines = indentedTable(
    checks.map { check in
      let word =
        check.passed ? "passed" : attempt == nil || !check.isFatal ? "did not pass" : "failed"
      return [check.name, word, check.message ?? ""]
    }
  ).split(separator: "\n")
  for (line, check) in zip(lines, checks) {
    text += line + "\n"
    if attempt != nil, !check.passed, let sample = check.sample {
      text += sampleText(sample, check)
    }
  }
  return text
}

func metadataText(_ value: MetadataValue) -> String {
  switch value {
  case .null: "null"
  case .boolean(let value): value ? "true" : "false"
  case .integer(let value): String(value)
  case .number(let value): metricText(value)
  case .text(let text): text
  case .list, .object: compactJSON(of: value)
  }
}

/// The warnings and errors that the program logged, and how much else there is.
private func logsText(_ report: ShowReport, style: TextStyle) -> String {
  report.logs.map { log in
    let isPublished = log.outcome == .materialized || log.outcome == .unchanged
    let title = isPublished ? "log messages" : "log messages of the last attempt, \(log.outcome)"
    let warnings = log.logged.messages.filter(\.isWarning)
    let shown = warnings.suffix(mostMessages)
    var text = "\n" + style.paint(title, .strong) + "\n"
    text += indentedTable(
      shown.map { [style.moment($0.time), $0.level, cut(printable($0.text), toWidth: 500)] })
    let rest = log.logged.messages.count - shown.count
    if rest > 0 {
      let noun = shown.isEmpty ? "message" : "other message"
      text += "  \(counted(rest, noun)): `assetctl logs \(log.run) \(report.asset.key)`\n"
    }
    if log.logged.leftOut > 0 {
      let count = counted(log.logged.leftOut, "earlier message")
      text += "  \(count) \(log.logged.leftOut == 1 ? "was" : "were") not kept\n"
    }
    return text
  }.joined()
}

/// How many warnings of an attempt are shown.
private let mostMessages = 20

private func historyText(_ report: ShowReport, style: TextStyle) -> String {
  guard !report.materializations.isEmpty else { return "" }
  let rows = report.materializations.map { materialization -> [String] in
    let part = report.partitions == nil ? [] : [materialization.asset.partition ?? ""]
    let product = materialization.product
    // Only after a rollback it is not the newest.
    let isOlder =
      report.partitions == nil && report.isPublished(materialization)
      && materialization.id != report.materializations.first?.id
    let metrics = (product.metrics ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key) \(metricText($0.value))" }
    return part + [
      style.moment(materialization.finishedAt), product.rows.map { counted($0, "row") } ?? "",
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
