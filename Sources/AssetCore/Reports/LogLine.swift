/// A line that a program wrote to its output.
package struct LogLine: Equatable, Sendable {
  /// The line without its end.
  package var text: String
  /// Whether only the beginning of a very long line is here.
  package var isCut: Bool

  package init(_ text: String, isCut: Bool = false) {
    self.text = text
    self.isCut = isCut
  }
}
