import AssetCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes a document as JSON, on lines of its own, its keys sorted; the same text for the same
/// value.
func jsonText(of document: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  guard let data = try? encoder.encode(document) else {
    preconditionFailure("documents hold nothing that JSON cannot say")
  }
  return String(decoding: data, as: UTF8.self) + "\n"
}

/// A stale cause, as documents have it.
struct CauseDocument: Encodable {
  var cause: String
  var input: String?
  var columns: [String]?
  var changes: [ChangeDocument]?

  init(_ cause: StaleCause, changes: [WhyReport.Change]? = nil) {
    self.cause = cause.name
    input = cause.input?.text
    if case .inputChanged(_, let columns) = cause { self.columns = columns }
    self.changes = changes.map { $0.map(ChangeDocument.init) }
  }
}

struct ChangeDocument: Encodable {
  var what: String
  var before: String?
  var now: String?

  init(_ change: WhyReport.Change) {
    what = change.what
    before = change.before
    now = change.now
  }
}
