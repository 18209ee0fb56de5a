package import AssetCore

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
  for parameter in analysis.parameters {
    guard let literal = replacing(parameter).map({ Array($0.utf8) }) else { continue }
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
  for terminator in analysis.terminators {
    rendered.append(contentsOf: bytes[position..<terminator.lowerBound])
    position = terminator.upperBound
  }
  rendered.append(contentsOf: bytes[position...])
  return String(decoding: rendered, as: UTF8.self)
}

/// Finds the places in a query that stand for the values of a partition.
///
/// - Parameters:
///   - sql: One query, in which other parameters have been replaced.
///   - dialect: The dialect that it is written in.
/// - Returns: The pieces that the query is made of; put together they are the query.
/// - Throws: What ``analyze(_:dialect:)`` throws.
package func partitionedText(
  of sql: String, dialect: SQLDialect
) throws(SQLError) -> PartitionedText {
  let source = try tokenize(sql, dialect: dialect)
  var pieces: [PartitionedText.Piece] = []
  var position = 0
  for token in source.tokens {
    guard let parameter = source.partitionParameter(token) else { continue }
    // The spaces keep the value apart from its neighbours, whatever it is.
    let before = String(decoding: source.bytes[position..<token.start], as: UTF8.self)
    pieces += [.text((position > 0 ? " " : "") + before + " "), .parameter(parameter)]
    position = token.end
  }
  let rest = String(decoding: source.bytes[position...], as: UTF8.self)
  return PartitionedText(pieces + [.text((position > 0 ? " " : "") + rest)])
}

private func needsSpace(between last: UInt8, and literal: [UInt8]) -> Bool {
  guard let first = literal.first else { return false }
  if " \t\n\r(,[".utf8.contains(last) { return false }
  let isSigned = first == Ascii.minus || first == Ascii.plus
  return isSigned || !"=<>".utf8.contains(last)
}
