package import AssetCore

/// Why an asset has its status: the asset, then what explains it, each with its reasons.
package func text(of report: WhyReport, style: TextStyle = .plain) -> String {
  report.chain.map { text(of: $0, style: style) }.joined(separator: "\n")
}

private func text(of link: WhyReport.Link, style: TextStyle) -> String {
  let name = style.paint(printable(link.asset.name), .strong)
  let status = style.paint(link.status.kind.rawValue, link.status.kind.role)
  var text = "\(name) is \(status)\n"
  if let message = link.status.message { text += "  \(printable(message))\n" }
  if let partitions = link.partitions {
    text += "  " + partitionsSentence(partitions, of: link) + "\n"
  }
  for reason in link.reasons {
    let isWhole = link.partitions?.unfinished.isEmpty == true && reason.cause == .outputAltered
    let why = isWhole ? rowsOfNoPartition : sentence(for: reason.cause)
    text += "  because \(printable(why))\(rowsText(of: reason))\n"
    if let files = reason.files { text += filesText(files) }
    for change in reason.changes { text += changeText(change) }
  }
  if !link.proof.isEmpty {
    text += "  because nothing changed since it was materialized:\n"
    text += factsText(
      link.proof.map { proof in
        let part = proof.consumption.map { $0 == .whole ? "" : " (\(consumptionText($0)))" } ?? ""
        return Diagnostic.Fact("  " + printable(proof.what) + part, shortDigest(proof.digest))
      })
  }
  if let time = link.lastMaterialized {
    let run = link.lastRun.map { " in the run \($0)" } ?? ""
    let causes =
      link.lastCauses.isEmpty ? "" : ", because: \(printable(causesText(link.lastCauses)))"
    text += "  last materialized \(style.moment(time))\(run)\(causes)\n"
  }
  return text
}

/// How many partitions of an asset are what, and where the reasons of others stand.
private func partitionsSentence(_ partitions: PartitionsReport, of link: WhyReport.Link) -> String {
  guard !partitions.unfinished.isEmpty else {
    return partitions.count == 1
      ? "its only partition is fresh"
      : "all its \(grouped(partitions.count)) partitions are fresh; see the proof of one with "
        + "`assetctl why \(link.asset)@PARTITION`"
  }
  let counts = "of its \(counted(partitions.count, "partition")): \(partitionCounts(partitions))"
  if link.status.kind == .waiting { return counts }
  let shown = partitions.explaining(link.status)
  guard let other = partitions.unfinished.first(where: { !shown.contains($0) }) else {
    return counts
  }
  return counts + "; see another one with `assetctl why \(link.asset)@\(printable(other.name))`"
}

private func sentence(for cause: StaleCause) -> String {
  switch cause {
  case .neverMaterialized: "it was never materialized"
  case .inputStale(let key): "it waits for `\(key)`"
  case .forced: "that was asked for"
  case .fullRefresh(let cause): sentence(for: cause) + ": full refresh"
  case .goingOn(let cause): sentence(for: cause)
  default: cause.text
  }
}

/// How many rows there were and are, to stand behind a cause.
private func rowsText(of reason: WhyReport.Reason) -> String {
  guard let before = reason.rowsBefore, let now = reason.rowsNow else { return "" }
  return before == now
    ? "; \(counted(now, "row")) as before"
    : "; \(counted(before, "row")) before, \(grouped(now)) now"
}

/// The files that came, went and changed, the first few of each by name.
private func filesText(_ files: FileChanges) -> String {
  let kinds = [("came", files.added), ("went", files.removed), ("changed", files.changed)]
  return kinds.map { word, paths in
    var lines = paths.prefix(FileChanges.mostNamed).map(printable)
    let rest = paths.count - lines.count
    if rest > 0 { lines.append("and \(grouped(rest)) more") }
    return lines.enumerated().map { index, line in
      "    " + padded(index == 0 ? word : "", to: 7) + "  \(line)\n"
    }.joined()
  }.joined()
}

private func changeText(_ change: WhyReport.Change) -> String {
  func shown(_ value: String?) -> String {
    guard let value else { return "(nothing)" }
    return change.what == "digest" ? shortDigest(value) : printable(value)
  }
  return
    "    \(printable(change.what))\n      before  \(shown(change.before))\n      now     \(shown(change.now))\n"
}
