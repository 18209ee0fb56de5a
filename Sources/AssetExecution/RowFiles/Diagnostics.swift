package import AssetCore

// The wording of every `RowFileError`, and nothing else.

extension RowFileError {
  package var diagnostics: [Diagnostic] {
    if case .unknownColumns(let names, let file) = self {
      return names.map { unknownColumn($0, file) }
    }
    return [diagnostic]
  }

  private var diagnostic: Diagnostic {
    switch self {
    case .unreadable(let file, let reason):
      Diagnostic(
        "`\(file)` cannot be read: \(reason)", hint: "see who may read the file, and where it is")
    case .unwritable(let file, let reason):
      Diagnostic(
        "`\(file)` cannot be written: \(reason)",
        hint: writingHint(for: reason, otherwise: "let its folder be written"))
    case .nameNotUTF8(let name, let folder):
      Diagnostic(
        "`\(folder)` holds a file whose name is not UTF-8 (`\(name)`); give it another name")
    case .changedWhileRead(let file):
      Diagnostic(
        "`\(file)` changed while it was read", hint: "run it again when nothing writes to the file")
    case .noHeader(let file):
      Diagnostic(
        "`\(file)` is empty, so that its columns have no names", at: Place(file: file),
        hint: "write a header with the columns' names as the first line")
    case .noObjects(let file):
      Diagnostic(
        "`\(file)` has no keys, so that its columns are not known", at: Place(file: file),
        hint: "declare the columns with their types")
    case .broken(let place, let rule):
      rule.diagnostic(at: place)
    case .notJSON(let place, let expected):
      Diagnostic(
        "the line is not JSON here", at: place, facts: [.init("expected", expected.text)],
        hint: "write one JSON object on each line")
    case .rowTooLong(let place, let limit):
      Diagnostic(
        "the row is longer than \(limit >> 20) MiB", at: place,
        hint: "look for a quote that is opened in this row and never closed")
    case .raggedRow(let place, let fields, let header):
      Diagnostic(
        "the row has \(count(fields, "field")), but the header has \(header)", at: place,
        hint: "complete the row, or put fields that hold a delimiter in quotes")
    case .unnamedColumn(let place, let number):
      Diagnostic("column \(number) has no name", at: place, hint: "name every column")
    case .repeatedColumn(let place, let name, let earlier):
      Diagnostic(
        name == earlier
          ? "two columns have the name `\(name)`"
          : "`\(name)` and `\(earlier)` are one name, as case does not count", at: place,
        hint: "rename one of the two")
    case .repeatedKey(let place, let key):
      Diagnostic("the object has the key `\(key)` twice", at: place, hint: "keep one of the two")
    case .differentHeader(let header, let first):
      Diagnostic(
        "`\(header.file)` and `\(first.file)` have different headers",
        at: Place(file: header.file, line: 1), facts: differences(header, first),
        hint: "give all files of one table the same columns in the same order")
    case .unknownColumns(let names, let file):
      unknownColumn(names.first ?? "", file)
    case .notOfType(let place, let column, let type):
      Diagnostic(
        "a value of `\(column)` is not of its declared type `\(type.rawValue)`", at: place,
        facts: [.init("expected", type.rule)],
        hint: "correct the value, or declare `\(column)` as `text`")
    }
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func unknownColumn(_ name: String, _ file: FileHeader) -> Diagnostic {
    let nearest = nearestName(to: name, in: file.columns)
    return Diagnostic(
      "a type is declared for `\(name)`, which is no column of `\(file.file)`",
      at: Place(file: file.file), facts: [.init("columns", file.columns.joined(separator: ", "))],
      hint: nearest.map { "did you mean `\($0)`?" } ?? "remove `\(name)` from the declared columns")
  }

  private func differences(_ header: FileHeader, _ first: FileHeader) -> [Diagnostic.Fact] {
    let missing = first.columns.filter { !header.columns.contains($0) }
    let further = header.columns.filter { !first.columns.contains($0) }
    let facts = [("missing", missing), ("further", further)].filter { !$0.1.isEmpty }
    guard !facts.isEmpty else {
      return [
        .init("expected", first.columns.joined(separator: ", ")),
        .init("found", header.columns.joined(separator: ", ")),
      ]
    }
    return facts.map { .init($0.0, $0.1.joined(separator: ", ")) }
  }
}

extension SyntaxRule {
  fileprivate func diagnostic(at place: Place) -> Diagnostic {
    switch self {
    case .utf8:
      Diagnostic(
        "the file is not UTF-8 here", at: place,
        hint: "save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`")
    case .noZeroByte:
      Diagnostic(
        "a zero byte stands in the text", at: place,
        hint: "remove it; a file with many of them is UTF-16 and must be saved as UTF-8")
    case .quoteIsClosed:
      Diagnostic(
        "a quote is opened here and never closed", at: place,
        hint: "close it, and double the quotes that belong to the field: `\"\"`")
    case .nothingAfterQuote:
      Diagnostic(
        "text stands behind a closing quote", at: place,
        hint: "double the quotes that belong to the field: `\"\"`")
    case .noQuoteInside:
      Diagnostic(
        "a quote stands inside of an unquoted field", at: place,
        hint: "put the whole field in quotes, and double those that belong to it: `\"\"`")
    case .lineFeedAfterReturn:
      Diagnostic(
        "a carriage return stands without a line feed", at: place,
        hint: "end lines with LF or CRLF, and put fields that hold line ends in quotes")
    }
  }
}

extension JSONExpectation {
  fileprivate var text: String {
    switch self {
    case .object: "an object, which begins with `{`"
    case .key: "a key in double quotes"
    case .colon: "`:`"
    case .commaOrBrace: "`,` or `}`"
    case .commaOrBracket: "`,` or `]`"
    case .value: "a string, a number, an object, an array, `true`, `false` or `null`"
    case .digit: "a digit"
    case .endOfLine: "the end of the line, as each has one object"
    case .closingQuote: "the string's closing quote"
    case .escape:
      "one of `\"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t`, or `u` with four hexadecimal digits"
    case .surrogatePair: "both halves of a surrogate pair, high and low"
    case .escapedControl: "control characters as escapes, such as `\\n`"
    case .depth(let limit): "at most \(limit) levels of objects and arrays"
    }
  }
}

extension ColumnType {
  /// The rule that a value of the type keeps in a file.
  fileprivate var rule: String {
    switch self {
    case .text: "text"
    case .integer: "digits with or without a sign, of at most 64 bits"
    case .real: "a decimal number"
    case .numeric: "a decimal number"
    case .boolean: "`true`, `false`, `t`, `f`, `yes`, `no`, `1` or `0`"
    case .date: "`YYYY-MM-DD`"
    case .timestamp: "`YYYY-MM-DD HH:MM[:SS[.fff]]`, with or without `Z` or `±HH:MM`"
    case .blob: "hexadecimal digits, two for a byte"
    }
  }
}
