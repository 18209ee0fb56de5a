import Foundation

/// What a command said and how it ended.
package struct CommandResult: Equatable, Sendable {
  package var exitCode: Int32
  /// Standard output.
  package var output: String
  /// Standard error.
  package var errors: String

  package init(exitCode: Int32, output: String = "", errors: String = "") {
    self.exitCode = exitCode
    self.output = output
    self.errors = errors
  }

  /// Standard output as JSON.
  package var json: JSONValue {
    get throws { try JSONValue(parsing: output) }
  }

  /// The value of a member for each element of the list `assets`, by the asset's name.
  ///
  /// ```swift
  /// try project.assetctl("status", "--format", "json").assets("status")  // ["daily": "fresh"]
  /// ```
  package func assets(_ member: String) throws -> [String: String] {
    let pairs = try json["assets"].elements.map { ($0["asset"].text, $0[member].text) }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The names of the assets whose member has a value, sorted.
  package func assets(where member: String, is value: String) throws -> [String] {
    try assets(member).filter { $0.value == value }.keys.sorted()
  }

  /// The causes of each asset that has any, as `cause` or `cause input`.
  package var causes: [String: [String]] {
    get throws {
      var causes: [String: [String]] = [:]
      for asset in try json["assets"].elements where !asset["causes"].elements.isEmpty {
        causes[asset["asset"].text] = asset["causes"].elements.map { cause in
          [cause["cause"], cause["input"]].map(\.text).filter { !$0.isEmpty }
            .joined(separator: " ")
        }
      }
      return causes
    }
  }
}

/// What differs from run to run, and the words that stand for it in expected texts.
enum Replacements {
  /// Patterns and their replacements, in the order in which they are applied.
  nonisolated(unsafe) private static let patterns: [(Regex<Substring>, String)] = [
    (/[0-9]{8}-[0-9]{6}-[0-9a-f]{4}/, "<run>"),
    (
      /[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} (?:UTC|[+-][0-9]{2}:[0-9]{2})/,
      "<time>"
    ),
    (/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/, "<time>"),
    (/(?:rows1|def1|sha256):[0-9a-f]{12,}/, "<digest>"),
    (/\b[0-9]+(?:\.[0-9])? (?:ms|s)\b/, "<duration>"),
    // Only a run that took long says this, and any may on a slow machine.
    (/; longest: .*/, ""),
  ]

  /// The text with run names, times, digests, durations and the project's folder replaced, and
  /// columns two spaces apart.
  static func apply(to text: String, folder: String) -> String {
    let text = text.replacing(folder, with: "<folder>")
    let replaced = patterns.reduce(text) { $0.replacing($1.0, with: $1.1) }
    // Columns are as wide as the longest of such values.
    return replaced.replacing(/(\S) {3,}/) { "\($0.output.1)  " }
  }
}
