package import AssetCore

/// A status report: a line for each asset that is not fresh and each source that is late, and the
/// counts.
///
/// - Parameters:
///   - report: The report.
///   - isVerbose: Whether to show fresh assets, too, and what each asset consumes.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(
  of report: StatusReport, isVerbose: Bool = false, style: TextStyle = .plain
) -> String {
  var text = ""
  if isVerbose {
    for entry in report.entries { text += verboseText(of: entry, style: style) }
  } else {
    text = table(of: report.entries.flatMap(lines), style: style)
  }
  return text + (text.isEmpty ? "" : "\n") + summary(of: report) + "\n"
    + undeclaredText(report.undeclared)
}

/// What is wrong in a status report, and nothing else: a line for each asset that failed or is unknown
/// and each source that is late.
package func failuresText(of report: StatusReport, style: TextStyle = .plain) -> String {
  let wrong = report.entries.flatMap { entry in
    lines(of: entry).filter { line in
      line.cells.first == "late" || [.failed, .unknown].contains(entry.status.kind)
    }
  }
  return table(of: wrong, style: style)
}

private func table(
  of lines: [(cells: [String], role: TextStyle.Role)], style: TextStyle
) -> String {
  aligned(
    lines.map(\.cells), style: style,
    role: { row, column in column == 0 ? lines[row].role : nil })
}

/// The lines of an entry: what is to be done about it or is unusual of it, and whether its data is late.
private func lines(of entry: StatusReport.Entry) -> [(cells: [String], role: TextStyle.Role)] {
  var lines: [(cells: [String], role: TextStyle.Role)] = []
  let (name, status) = (entry.asset.key.name, entry.status)
  if status.kind != .fresh || entry.unusualDuration != nil {
    lines.append(([status.kind.rawValue, name, explanation(of: entry)], status.kind.role))
  }
  if let freshness = entry.freshness, entry.isLate {
    lines.append((["late", name, freshness.inWords], freshness.outcome.role))
  }
  return lines
}

/// A duration that is not the usual one, in words.
func unusualText(_ duration: UnusualDuration) -> String {
  "took \(durationText(duration.milliseconds)), usually \(durationText(duration.usualMilliseconds))"
}

/// Why a status is what it is, on one line.
func explanation(of status: AssetStatus) -> String {
  switch status.kind {
  case .fresh: ""
  case .stale, .waiting: causesText(status.causes)
  case .failed, .unknown: status.message ?? ""
  }
}

/// Why an asset is what it is, and what is unusual of it, on one line.
func explanation(of entry: StatusReport.Entry) -> String {
  [statusExplanation(of: entry), entry.unusualDuration.map(unusualText) ?? ""]
    .filter { !$0.isEmpty }.joined(separator: "; ")
}

/// Why an asset is what it is, of one with partitions after how many of them are what.
private func statusExplanation(of entry: StatusReport.Entry) -> String {
  let why = explanation(of: entry.status)
  guard let partitions = entry.partitions else { return why }
  guard !partitions.unfinished.isEmpty else {
    return entry.status.causes == [.outputAltered] ? rowsOfNoPartition : why
  }
  let isAll = partitions.count(entry.status.kind) == partitions.count
  let counts = isAll ? counted(partitions.count, "partition") : partitionCounts(partitions)
  return counts + (why.isEmpty ? "" : ": ") + why
}

private func verboseText(of entry: StatusReport.Entry, style: TextStyle) -> String {
  let status = entry.status
  var text = style.paint(status.kind.rawValue, status.kind.role)
  text += "  " + style.paint(entry.asset.key.name, .strong)
  let why = explanation(of: entry)
  if !why.isEmpty { text += "  " + printable(why) }
  text += "\n"
  var facts: [Diagnostic.Fact] = []
  if let freshness = entry.freshness {
    facts.append(.init(entry.isLate ? "late" : "freshness", freshness.inWords))
  }
  if let time = entry.lastMaterialized {
    let rows = entry.rows.map { ", " + counted($0, "row") } ?? ""
    facts.append(.init("last materialized", style.moment(time) + rows))
  }
  if let partitions = entry.partitions { facts += partitionFacts(partitions) }
  for input in entry.inputs ?? [] {
    facts.append(.init("consumes", "`\(input.input)`: \(consumptionText(input))"))
  }
  for file in entry.asset.dataFiles + entry.asset.givenFiles.map(\.text) {
    facts.append(.init("consumes", "`\(file)`"))
  }
  return text + factsText(facts)
}

/// What is consumed of an input, in words, and for a whole table why.
func consumptionText(_ input: InputReport) -> String {
  let rows = input.allRowsBecause.map { "; all rows in each partition, because \($0)" } ?? ""
  guard input.consumes == .whole, input.isTable else {
    return consumptionText(input.consumes) + rows
  }
  guard let reason = input.wholeBecause, reason != input.allRowsBecause else {
    return "the whole table" + rows
  }
  return "the whole table, because \(reason)" + rows
}

/// What is consumed of something, in words.
func consumptionText(_ consumption: Consumption) -> String {
  switch consumption {
  case .whole, .values: "all of it"
  case .columns([], _): "the number of rows"
  case .columns(let columns, _): columns.joined(separator: ", ")
  case .nothing: "nothing"
  case .slice(_, let inner), .filtered(_, let inner):
    consumptionText(inner.ofAllRows) + (rowsText(of: consumption).map { " where " + $0 } ?? "")
  }
}

/// Which rows are read, as SQL says it; `nil` for all of them.
func rowsText(of consumption: Consumption) -> String? {
  let slice = consumption.slice.map(sliceText)
  guard let filter = consumption.filter else { return slice }
  return slice.map { "\($0) and (\(filter.sql))" } ?? filter.sql
}

/// The rows of a slice, as SQL says it.
func sliceText(_ slice: RowSlice) -> String {
  slice.condition(on: slice.column, literal: \.canonicalText)
}

func summary(of report: StatusReport) -> String {
  let late = report.entries.count(where: \.isLate)
  return assetSummary(of: report)
    + (late == 0 ? "" : ", \(counted(late, "source")) \(late == 1 ? "is" : "are") late")
}

private func assetSummary(of report: StatusReport) -> String {
  let count = report.count
  if count == 0 { return "there are no assets" }
  if report.count(.fresh) == count {
    return count == 1 ? "the asset is fresh" : "all \(grouped(count)) assets are fresh"
  }
  return AssetStatus.Kind.allCases.compactMap { kind in
    let number = report.count(kind)
    return number == 0 ? nil : "\(grouped(number)) \(kind.rawValue)"
  }.joined(separator: ", ")
}
