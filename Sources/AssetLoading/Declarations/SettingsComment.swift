import AssetCore

/// The settings of an asset that stand in a comment of its file.
///
/// The comment begins with `@asset` and is written in whichever form the language has:
/// `/* @asset … */`, `"""@asset … """` (or `'''`), or lines that all start with `#`, `--` or `//`.
enum SettingsComment {
  /// Finds the comment; `nil` if the file has none.
  static func find(in source: SourceText) throws(LoadingProblem) -> YAMLSource? {
    guard source.text.utf8.contains(UInt8(ascii: "@")) else { return nil }
    // Columns count characters, so lines are kept as they are written.
    let lines = source.text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      guard let opening = Opening(of: line) else { continue }
      guard opening.word == "@asset" else {
        throw .unknownSetting(
          opening.word, at: Place(file: source.file, line: index + 1), nearest: "@asset")
      }
      switch opening.kind {
      case .block(let end):
        return try block(from: index, opening, endingWith: end, lines, source)
      case .lines(let prefix):
        return prefixed(from: index, opening, prefix: prefix, lines, source)
      }
    }
    return nil
  }

  /// The text without the comment, which counts by what it says and not by how it is written.
  static func without(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    // Lines that end in another way are other code.
    let returns = text.count { $0 == "\r\n" }
    guard returns == 0 || returns == lines.count - 1 else { return text }
    for (index, line) in lines.enumerated() {
      guard let opening = Opening(of: line) else { continue }
      var rest = lines[(index + 1)...]
      switch opening.kind {
      case .lines(let prefix):
        rest = rest.drop { $0.drop { $0 == " " || $0 == "\t" }.hasPrefix(prefix) }
      case .block(let end):
        var tail = opening.rest
        while tail.firstRange(of: end) == nil, let next = rest.popFirst() { tail = next }
        guard let close = tail.firstRange(of: end) else { return text }
        rest = [tail[close.upperBound...]] + rest
      }
      return (lines[..<index] + rest).joined(separator: returns == 0 ? "\n" : "\r\n")
    }
    return text
  }

  private struct Opening {
    enum Kind {
      case block(end: String)
      case lines(prefix: String)
    }

    let kind: Kind
    /// `@asset`, or what somebody wrote for it.
    let word: String
    /// What stands behind `@asset` on the same line.
    let rest: Substring

    init?(of line: Substring) {
      let text = line.drop { $0 == " " || $0 == "\t" }
      let forms: [(String, Kind)] = [
        ("/*", .block(end: "*/")), ("\"\"\"", .block(end: "\"\"\"")), ("'''", .block(end: "'''")),
        ("#", .lines(prefix: "#")), ("--", .lines(prefix: "--")), ("//", .lines(prefix: "//")),
      ]
      for (opening, kind) in forms where text.hasPrefix(opening) {
        let inner = text.dropFirst(opening.count).drop { $0 == " " }
        let word = inner.prefix { $0 == "@" || $0.isLetter }
        guard ["@asset", "@assets"].contains(word.lowercased()) else { continue }
        self.kind = kind
        self.word = String(word)
        self.rest = inner.dropFirst(word.count)
        return
      }
      return nil
    }
  }

  private static func block(
    from first: Int, _ opening: Opening, endingWith end: String, _ lines: [Substring],
    _ source: SourceText
  ) throws(LoadingProblem) -> YAMLSource {
    if let close = opening.rest.firstRange(of: end) {
      return YAMLSource(
        file: source.file, text: String(opening.rest[..<close.lowerBound]), lineOffset: first,
        columnOffsets: [lines[first].count - opening.rest.count])
    }
    let rest = opening.rest.drop { $0 == " " }
    var body = rest.isEmpty ? [] : [rest]
    let offset = body.isEmpty ? first + 1 : first
    let columnOffsets = body.isEmpty ? [] : [lines[first].count - rest.count]
    for line in lines[(first + 1)...] {
      if let close = line.firstRange(of: end) {
        body.append(line[..<close.lowerBound])
        return YAMLSource(
          file: source.file, text: body.joined(separator: "\n"), lineOffset: offset,
          columnOffsets: columnOffsets)
      }
      body.append(line)
    }
    throw .unclosedHeader(at: Place(file: source.file, line: first + 1, column: 1))
  }

  private static func prefixed(
    from first: Int, _ opening: Opening, prefix: String, _ lines: [Substring], _ source: SourceText
  ) -> YAMLSource {
    var body = [opening.rest.drop { $0 == " " }]
    for line in lines[(first + 1)...] {
      let text = line.drop { $0 == " " || $0 == "\t" }
      guard text.hasPrefix(prefix) else { break }
      let inner = text.dropFirst(prefix.count)
      body.append(inner.hasPrefix(" ") ? inner.dropFirst() : inner)
    }
    return YAMLSource(
      file: source.file, text: body.joined(separator: "\n"), lineOffset: first,
      columnOffsets: zip(lines[first...], body).map { $0.count - $1.count })
  }
}

extension Substring {
  /// The first place of a text, character by character.
  fileprivate func firstRange(of other: String) -> Range<Index>? {
    let wanted = Array(other)
    var start = startIndex
    while start < endIndex {
      if self[start...].starts(with: wanted) {
        return start..<index(start, offsetBy: wanted.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
