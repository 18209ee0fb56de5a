package import AssetCore

/// The document of `clean --format json`.
package func json(of report: CleanReport) -> String { jsonText(of: CleanDocument(report)) }

private struct CleanDocument: Encodable {
  struct Output: Encodable {
    var table: String?
    var file: String?
    var outcome: String
    var because: String?
    var by: String?

    init(_ item: CleanReport.Item) {
      switch item.output {
      case .table(let name): table = name
      case .file(let path): file = path
      }
      switch item.fate {
      case .removed: outcome = "removed"
      case .missing: outcome = "missing"
      case .kept(let reason):
        outcome = "kept"
        switch reason {
        case .altered: because = "altered"
        case .history: because = "history"
        case .outside: because = "outside"
        case .declared(let key): (because, by) = ("declared", key.name)
        case .read(by: .asset(let key)): (because, by) = ("read", key.name)
        case .read(by: .view(let name)): (because, by) = ("read", name)
        case .read(by: .project): because = "read"
        }
      }
    }
  }

  struct Entry: Encodable {
    var asset: String
    var outputs: [Output]
  }

  var version = 1
  var command = "clean"
  var project: String
  var dryRun: Bool
  var assets: [Entry]
  var runs: [String]

  init(_ report: CleanReport) {
    project = report.project
    dryRun = report.isDryRun
    assets = report.entries.map {
      Entry(asset: $0.asset.name, outputs: $0.items.map(Output.init))
    }
    runs = report.runs
  }
}
