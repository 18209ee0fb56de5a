import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much of a file is looked at in one go.
struct ReadingLimits: Sendable {
  /// The bytes that are asked of the system at a time.
  var chunk = 1 << 20
  /// The longest row; without it one quote that is never closed would load the whole file.
  var row = 64 << 20
}

/// The part of a file that is in memory: it begins with the current record and grows on demand.
///
/// Offsets are counted from the start of the record, and stay right when more bytes are read. The
/// window knows at which line the record begins, and therefore the place of each of its bytes.
final class FileWindow {
  let file: RowFile
  /// The line that the current record begins at, counted from 1.
  private(set) var line: Int
  /// The bytes from the start of the record up to what has been read; valid until `more()`.
  private(set) var bytes: UnsafePointer<UInt8>
  private(set) var count = 0

  /// `nil` for rows that are in memory, all of them.
  private let descriptor: Int32?
  private let limits: ReadingLimits
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var start = 0

  /// Opens the file and skips a byte order mark.
  init(_ file: RowFile, limits: ReadingLimits) throws {
    self.file = file
    self.limits = limits
    line = file.firstLine
    descriptor = try file.text == nil ? Self.descriptor(of: file) : nil
    capacity = max(file.text?.count ?? limits.chunk, 1)
    storage = .allocate(capacity: capacity)
    bytes = UnsafePointer(storage)
    if let text = file.text {
      text.withUnsafeBufferPointer { source in
        if let start = source.baseAddress { storage.update(from: start, count: source.count) }
      }
      count = text.count
    }
    while count < 3, try more() {}
    if count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { advance(by: 3, lines: 0) }
  }

  private static func descriptor(of file: RowFile) throws -> Int32 {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw RowFileError.unreadable(file: file.shownPath, reason: lastSystemError())
    }
    return descriptor
  }

  deinit {
    if let descriptor { close(descriptor) }
    storage.deallocate()
  }

  /// Ends the record: the next one begins `offset` bytes and `lines` lines further on.
  func advance(by offset: Int, lines: Int) {
    start += offset
    count -= offset
    line += lines
    bytes = UnsafePointer(storage + start)
  }

  /// Reads on, keeping the record.
  ///
  /// - Returns: Whether there was anything; `false` is the end of the file.
  func more() throws -> Bool {
    guard let descriptor else { return false }
    guard count < limits.row else {
      throw RowFileError.rowTooLong(Place(file: file.shownPath, line: line), limit: limits.row)
    }
    makeRoom()
    while true {
      let room = min(limits.chunk, capacity - start - count)
      let got = read(descriptor, storage + start + count, room)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        throw RowFileError.unreadable(file: file.shownPath, reason: lastSystemError())
      }
      count += got
      return got > 0
    }
  }

  private func makeRoom() {
    guard start + count == capacity else { return }
    if count > capacity / 2 {
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      larger.update(from: storage + start, count: count)
      storage.deallocate()
      storage = larger
      capacity *= 2
    } else {
      storage.update(from: storage + start, count: count)
    }
    start = 0
    bytes = UnsafePointer(storage)
  }

  /// The place of a byte of the current record, with the column in characters.
  func place(at offset: Int) -> Place {
    var place = Place(file: file.shownPath, line: line, column: 1)
    for index in 0..<min(offset, count) {
      if bytes[index] == .lineFeed {
        place.line = (place.line ?? 0) + 1
        place.column = 1
      } else if bytes[index] & 0xC0 != 0x80 {
        place.column = (place.column ?? 0) + 1
      }
    }
    return place
  }

  /// Refuses a record that is not UTF-8; only one with a byte above ASCII needs to be looked at.
  func checkUTF8(upTo end: Int) throws {
    let record = UnsafeBufferPointer(start: bytes, count: end)
    guard let offset = firstInvalidUTF8(in: record) else { return }
    throw RowFileError.broken(place(at: offset), .utf8)
  }
}

/// The system's own words for what its last call met, such as `No such file or directory`.
func lastSystemError() -> String { systemError(errno) }

/// The system's words for an error number.
func systemError(_ number: Int32) -> String { String(cString: strerror(number)) }
