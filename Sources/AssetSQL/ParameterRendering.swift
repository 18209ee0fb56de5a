package import AssetCore

extension VarValue {
  /// The value as a literal that every SQL database reads.
  package var sqlLiteral: String {
    switch self {
    case .boolean(let value): value ? "1" : "0"
    default: canonicalText
    }
  }
}

/// Puts literals in the place of a query's parameters.
///
/// Everything else stays as it is, byte for byte, except that the semicolons behind the query are
/// dropped and that a space is added where a literal would otherwise run into its neighbour:
/// `5-:n` with `-1` must not become a comment. Nothing is replaced inside of strings, quoted names
/// and comments, for there are no parameters in them. The text may end in a `--` comment, so
/// whoever puts it into another statement adds a line break.
///
/// ```swift
/// let query = "select * from orders where day > :since;"
/// render(query, analysis: try analyze(query, dialect: .sqlite)) { _ in "'2026-01-01'" }
/// // "select * from orders where day > '2026-01-01'"
/// ```
///
/// - Parameters:
///   - sql: The text that was analysed.
///   - analysis: What ``analyze(_:dialect:)`` gave for that very text.
///   - replacing: Gives the literal for a parameter, quoted as the database wants it, or `nil` if
///     the parameter shall stay.
/// - Returns: The text with the literals in it.
package func render(
  _ sql: String, analysis: QueryAnalysis, replacing: (ParameterReference) -> String?
) -> String {
  let bytes = Array(sql.utf8)
  var rendered: [UInt8] = []
  rendered.reserveCapacity(bytes.count)
  var position = 0
  var own = analysis.ownNames[...]
  /// Tables that stand in a query of their own name are told from it by their schema.
  func qualify(before end: Int) {
    while let offset = own.first, offset < end {
      rendered.append(contentsOf: bytes[position..<offset])
      rendered.append(contentsOf: "main.".utf8)
      position = offset
      own.removeFirst()
    }
  }
  for parameter in analysis.parameters {
    guard let literal = replacing(parameter).map({ Array($0.utf8) }) else { continue }
    qualify(before: parameter.range.lowerBound)
    rendered.append(contentsOf: bytes[position..<parameter.range.lowerBound])
    position = parameter.range.upperBound
    if let last = rendered.last, needsSpace(between: last, and: literal) {
      rendered.append(UInt8(ascii: " "))
    }
    rendered.append(contentsOf: literal)
    if position < bytes.count, !" \t\n\r),;]".utf8.contains(bytes[position]) {
      rendered.append(UInt8(ascii: " "))
    }
  }
  qualify(before: bytes.count)
  for terminator in analysis.terminators {
    rendered.append(contentsOf: bytes[position..<terminator.lowerBound])
    position = terminator.upperBound
  }
  rendered.append(contentsOf: bytes[position...])
  return String(decoding: rendered, as: UTF8.self)
}

private func needsSpace(between last: UInt8, and literal: [UInt8]) -> Bool {
  guard let first = literal.first else { return false }
  if " \t\n\r(,[".utf8.contains(last) { return false }
  let isSigned = first == Ascii.minus || first == Ascii.plus
  return isSigned || !"=<>".utf8.contains(last)
}
