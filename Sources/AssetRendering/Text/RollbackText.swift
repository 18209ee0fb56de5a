package import AssetCore

/// What a rollback did, and what follows from it.
package func text(of report: RollbackReport, style: TextStyle = .plain) -> String {
  let name = style.paint(report.asset.name, .strong)
  let rows = report.to.product.rows.map { counted($0, "row") } ?? "it"
  let time = style.moment(report.to.finishedAt)
  var text = "\(name) is as the run \(report.to.run) made it at \(time)"
  text += ": \(rows)"
  if let before = report.from?.product.rows { text += ", \(grouped(before)) before the rollback" }
  text += "\n"
  switch report.status.kind {
  case .fresh: text += "it is fresh\n"
  case .stale, .waiting, .failed:
    let why = explanation(of: report.status)
    text += "it is \(report.status.kind.rawValue)" + (why.isEmpty ? "" : ": \(printable(why))")
    if report.status.kind != .waiting {
      let next = report.goesOn ? "goes on from it" : "makes it anew"
      text += "; the next `assetctl materialize` \(next)"
    }
    text += "\n"
  case .unknown: text += "its status is unknown: \(printable(report.status.message ?? ""))\n"
  }
  if let kept = report.keptHistory {
    text += "what it was before is kept: `assetctl rollback \(report.asset) --to \(kept.run)` "
    text += "brings it back\n"
  }
  return text
}

/// The versions of a table, the newest first.
package func text(of report: VersionsReport, style: TextStyle = .plain) -> String {
  guard !report.versions.isEmpty else { return "no version of `\(report.asset)` is there\n" }
  let rows = report.versions.map { version in
    let record = version.materialization
    return [
      record.run, style.moment(record.finishedAt),
      record.product.rows.map { counted($0, "row") } ?? "",
      shortDigest(record.product.digest.rawValue), version.isPublished ? "published" : "kept",
    ]
  }
  return aligned(
    [["RUN", "MADE", "ROWS", "CONTENT", ""]] + rows, style: style,
    role: { row, _ in row == 0 ? .quiet : nil })
}
