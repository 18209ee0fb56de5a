/// What a check found in a candidate.
package struct CheckResult: Hashable, Sendable, Codable {
  package enum Severity: String, Sendable, Codable {
    /// A candidate that does not pass is not published.
    case error
    /// It is published all the same.
    case warn
  }

  /// What the check is called, such as `metric(rmse)`.
  package var name: String
  package var passed: Bool
  package var severity: Severity
  /// What was found, in words; `nil` if there is nothing to say.
  package var message: String?
  /// What the program told with it.
  package var metadata: Metadata
  /// How many rows, or values, do not fulfil it; `nil` where that is not counted.
  package var failures: Int?
  /// Some of the rows that do not fulfil it.
  package var sample: RowSample?

  package init(
    name: String, passed: Bool, severity: Severity = .error, message: String? = nil,
    metadata: Metadata = [:], failures: Int? = nil, sample: RowSample? = nil
  ) {
    self.name = name
    self.passed = passed
    self.severity = severity
    self.message = message
    self.metadata = metadata
    self.failures = failures
    self.sample = sample
  }

  /// Whether it keeps the candidate from being published.
  package var isFatal: Bool { !passed && severity == .error }

  /// Which of some checks failed, and by how much, in a few words:
  /// ``the check `unique(id)` failed: 3 rows``.
  package static func failureText(_ results: [CheckResult]) -> String {
    let failed = results.filter(\.isFatal)
    if let check = failed.first, failed.count == 1 {
      return "the check `\(check.name)` failed" + (check.message.map { ": \($0)" } ?? "")
    }
    let names = failed.prefix(3).map { check in
      "`\(check.name)`" + (check.message.map { " (\($0))" } ?? "")
    }
    let more = failed.count - names.count
    return "\(counted(failed.count, "check")) failed: " + names.joined(separator: ", ")
      + (more > 0 ? " and \(grouped(more)) more" : "")
  }
}

/// A few of many rows, for people to look at.
package struct RowSample: Hashable, Sendable, Codable {
  package var columns: [String]
  package var rows: [[MetadataValue]]

  package init(columns: [String], rows: [[MetadataValue]]) {
    self.columns = columns
    self.rows = rows
  }

  /// How many rows are kept of those that fail a check.
  package static let limit = 20
}

/// What a program told of what it made, by label.
package typealias Metadata = [String: MetadataValue]

/// A value of any JSON type.
package enum MetadataValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([MetadataValue])
  case object([String: MetadataValue])

  /// The value as a number, if it is one.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .null, .boolean, .text, .list, .object: nil
    }
  }
}

extension MetadataValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([MetadataValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: MetadataValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }
}
