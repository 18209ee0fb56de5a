import AssetCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes a document as JSON, on lines of its own, its keys sorted; the same text for the same
/// value.
func jsonText(of document: some Encodable) -> String {
  jsonText(of: document, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
}

/// Writes a document as JSON on one line, its keys sorted.
func compactJSONText(of document: some Encodable) -> String {
  jsonText(of: document, [.sortedKeys, .withoutEscapingSlashes])
}

/// Writes a document of a form that is not ours, with the keys as they are.
func foreignJSONText(of document: some Encodable) -> String {
  jsonText(of: document, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes], .useDefaultKeys)
}

private func jsonText(
  of document: some Encodable, _ formatting: JSONEncoder.OutputFormatting,
  _ keys: JSONEncoder.KeyEncodingStrategy = .convertToSnakeCase
) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = formatting
  encoder.keyEncodingStrategy = keys
  guard let data = try? encoder.encode(document) else {
    preconditionFailure("documents hold nothing that JSON cannot say")
  }
  return String(decoding: data, as: UTF8.self) + "\n"
}

/// Writes a value as JSON on one line, its keys sorted.
func compactJSON(of value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
}

/// A stale cause, as documents have it.
struct CauseDocument: Encodable {
  var cause: String
  var input: String?
  var columns: [String]?
  var cursor: String?
  var fullRefresh: Bool?
  var rowsBefore: Int?
  var rowsNow: Int?
  var files: FilesDocument?
  var changes: [ChangeDocument]?

  init(_ cause: StaleCause, changes: [WhyReport.Change]? = nil) {
    self.cause = cause.name
    input = cause.input?.text
    columns = cause.columns
    cursor = cause.cursor
    fullRefresh = cause.isFullRefresh
    self.changes = changes.map { $0.map(ChangeDocument.init) }
  }

  init(_ reason: WhyReport.Reason) {
    self.init(reason.cause, changes: reason.changes)
    rowsBefore = reason.rowsBefore
    rowsNow = reason.rowsNow
    files = reason.files.map(FilesDocument.init)
  }
}

/// The files that changed of a folder or a pattern, as documents have them.
struct FilesDocument: Encodable {
  struct Part: Encodable {
    var count: Int
    /// The first of them.
    var paths: [String]

    init(_ paths: [String]) {
      count = paths.count
      self.paths = Array(paths.prefix(FileChanges.mostNamed))
    }
  }

  var added: Part
  var removed: Part
  var changed: Part

  init(_ files: FileChanges) {
    added = Part(files.added)
    removed = Part(files.removed)
    changed = Part(files.changed)
  }
}

/// What is consumed of an input, as documents have it.
struct InputDocument: Encodable {
  var input: String
  /// `"*"` for the whole, a list of columns, or `[]` for the row count alone.
  var consumes: Consumption
  /// The rows, if a partition does not read all of them.
  var `where`: String?
  var wholeBecause: String?
  var allRowsBecause: String?

  init(_ report: InputReport) {
    input = report.input.name
    consumes = report.consumes.ofAllRows
    `where` = rowsText(of: report.consumes)
    wholeBecause = report.wholeBecause
    allRowsBecause = report.allRowsBecause
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

struct UnusualDurationDocument: Encodable {
  var durationMs: Int64
  var usualMs: Int64

  init(_ duration: UnusualDuration) {
    durationMs = duration.milliseconds
    usualMs = duration.usualMilliseconds
  }
}

/// A value of a row, as documents have it.
struct CellDocument: Encodable {
  var cell: Cell

  init(_ cell: Cell) { self.cell = cell }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch cell {
    case .null: try container.encodeNil()
    case .integer(let number): try container.encode(number)
    // JSON has no infinity; a text says it.
    case .real(let number) where !number.isFinite: try container.encode("\(number)")
    case .real(let number): try container.encode(number)
    case .text(let text), .blob(let text): try container.encode(text)
    }
  }
}
