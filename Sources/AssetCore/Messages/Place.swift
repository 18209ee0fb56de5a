/// A position in a file that the user wrote.
///
/// Places are ordered by file, then line, then column, which is the order in which problems are
/// shown.
package struct Place: Hashable, Sendable, Codable {
  /// The path of the file, relative to the project's folder.
  package var file: String
  /// The line, counted from 1; `nil` when the whole file is meant.
  package var line: Int?
  /// The column in characters, counted from 1; `nil` when the whole line is meant.
  package var column: Int?

  package init(file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension Place: Comparable {
  package static func < (left: Place, right: Place) -> Bool {
    (left.file, left.line ?? 0, left.column ?? 0) < (right.file, right.line ?? 0, right.column ?? 0)
  }
}

extension Place: CustomStringConvertible {
  /// The place as editors and terminals know how to follow it: `file:line:column`.
  package var description: String {
    ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
  }
}
