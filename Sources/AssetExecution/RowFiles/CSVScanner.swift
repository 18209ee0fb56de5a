import AssetCore

/// A field of the current record, as offsets into its window.
struct CSVField {
  var start: Int
  var end: Int
  /// Whether it stands in quotes; these are outside of the offsets.
  var isQuoted = false
  /// Whether quotes are doubled inside, so that the content is not the bytes as they stand.
  var hasDoubledQuotes = false
}

/// Splits one CSV file into records and fields, by RFC 4180, without copying a byte.
///
/// Lines end with LF or CRLF, the last one with or without. A blank line is a record of one empty
/// field; blank lines at the end of the file are no records. How many fields a record should have,
/// and what they mean, is for the reader to say.
struct CSVScanner {
  let window: FileWindow
  /// The fields of the current record, in order; valid until `next()`.
  private(set) var fields: [CSVField] = []

  private let delimiter: UInt8
  private var recordLength = 0
  private var recordLines = 0
  /// Blank lines that were read over and have yet to be given as records.
  private var blanks = 0

  init(_ file: RowFile, delimiter: UInt8, limits: ReadingLimits) throws {
    window = try FileWindow(file, limits: limits)
    self.delimiter = delimiter
  }

  /// Goes to the next record.
  ///
  /// - Returns: Whether there is one.
  mutating func next() throws -> Bool {
    window.advance(by: recordLength, lines: recordLines)
    fields.removeAll(keepingCapacity: true)
    recordLength = 0
    recordLines = 1
    if blanks == 0 { try readOverBlankLines() }
    guard blanks > 0 else { return try scan() }
    blanks -= 1
    fields.append(CSVField(start: 0, end: 0))
    return true
  }

  /// Gives what a field says, with doubled quotes made single, for as long as `body` runs.
  func withContent<Result>(
    of field: CSVField, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    let raw = UnsafeBufferPointer(
      start: window.bytes + field.start, count: field.end - field.start)
    guard field.hasDoubledQuotes else { return try body(raw) }
    var content: [UInt8] = []
    content.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
      content.append(raw[index])
      index += raw[index] == .quote ? 2 : 1
    }
    return try content.withUnsafeBufferPointer(body)
  }

  /// The place where a field begins, its quote included.
  func place(of field: CSVField) -> Place {
    window.place(at: field.isQuoted ? field.start - 1 : field.start)
  }

  private mutating func readOverBlankLines() throws {
    while true {
      guard try window.count > 0 || window.more() else {
        blanks = 0
        return
      }
      if window.bytes[0] == .lineFeed {
        window.advance(by: 1, lines: 0)
      } else if window.bytes[0] == .carriageReturn, try window.count > 1 || window.more(),
        window.bytes[1] == .lineFeed
      {
        window.advance(by: 2, lines: 0)
      } else {
        return
      }
      blanks += 1
    }
  }
}

// MARK: - One record

extension CSVScanner {
  /// Where the scan of a record stands; held in registers, unlike the window.
  private struct Cursor {
    let window: FileWindow
    var bytes: UnsafePointer<UInt8>
    var count: Int
    var at = 0
    var newlines = 0
    /// All bytes of fields, or-ed: above 0x7F if the record is not ASCII.
    var union: UInt8 = 0

    init(_ window: FileWindow) {
      self.window = window
      bytes = window.bytes
      count = window.count
    }

    /// Makes sure that the byte at `at` is in memory, unless the file has ended.
    @inline(__always)
    mutating func hasByte() throws -> Bool {
      at < count ? true : try refill()
    }

    @inline(never)
    private mutating func refill() throws -> Bool {
      let isMore = try window.more()
      bytes = window.bytes
      count = window.count
      return isMore
    }

    func place(at offset: Int) -> Place { window.place(at: offset) }
  }

  /// Scans the record that the window begins with; at the end of the file there is none.
  private mutating func scan() throws -> Bool {
    var cursor = Cursor(window)
    guard try cursor.hasByte() else {
      recordLines = 0
      return false
    }
    repeat {
      if try cursor.hasByte(), cursor.bytes[cursor.at] == .quote {
        fields.append(try scanQuoted(&cursor))
      } else {
        fields.append(try scanUnquoted(&cursor))
      }
    } while try hasFurtherField(&cursor)
    recordLength = cursor.at
    recordLines = cursor.newlines
    if cursor.union >= 0x80 { try window.checkUTF8(upTo: cursor.at) }
    return true
  }

  /// Goes past what ends a field: a delimiter, a line's end or the end of the file.
  @inline(__always)
  private func hasFurtherField(_ cursor: inout Cursor) throws -> Bool {
    guard try cursor.hasByte() else { return false }
    if cursor.bytes[cursor.at] == delimiter {
      cursor.at += 1
      return true
    }
    if cursor.bytes[cursor.at] == .carriageReturn {
      cursor.at += 1
      guard try cursor.hasByte(), cursor.bytes[cursor.at] == .lineFeed else {
        throw RowFileError.broken(cursor.place(at: cursor.at - 1), .lineFeedAfterReturn)
      }
    }
    cursor.at += 1
    cursor.newlines += 1
    return false
  }

  @inline(__always)
  private func scanUnquoted(_ cursor: inout Cursor) throws -> CSVField {
    let start = cursor.at
    while try cursor.hasByte() {
      let byte = cursor.bytes[cursor.at]
      if byte == delimiter { break }
      if byte == .quote { throw RowFileError.broken(cursor.place(at: cursor.at), .noQuoteInside) }
      if byte <= .carriageReturn {
        if byte == .lineFeed || byte == .carriageReturn { break }
        if byte == 0 { throw RowFileError.broken(cursor.place(at: cursor.at), .noZeroByte) }
      }
      cursor.union |= byte
      cursor.at += 1
    }
    return CSVField(start: start, end: cursor.at)
  }

  private func scanQuoted(_ cursor: inout Cursor) throws -> CSVField {
    cursor.at += 1
    var field = CSVField(start: cursor.at, end: cursor.at, isQuoted: true)
    while try cursor.hasByte() {
      let byte = cursor.bytes[cursor.at]
      cursor.at += 1
      if byte == .quote {
        field.end = cursor.at - 1
        guard try cursor.hasByte() else { return field }
        let next = cursor.bytes[cursor.at]
        if next == .quote {
          field.hasDoubledQuotes = true
          cursor.at += 1
        } else if next == delimiter || next == .lineFeed || next == .carriageReturn {
          return field
        } else {
          throw RowFileError.broken(cursor.place(at: cursor.at), .nothingAfterQuote)
        }
      } else if byte <= .lineFeed {
        if byte == .lineFeed { cursor.newlines += 1 }
        if byte == 0 { throw RowFileError.broken(cursor.place(at: cursor.at - 1), .noZeroByte) }
      }
      cursor.union |= byte
    }
    throw RowFileError.broken(cursor.place(at: field.start - 1), .quoteIsClosed)
  }
}
