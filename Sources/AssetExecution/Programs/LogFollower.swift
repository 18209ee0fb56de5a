package import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// Reads a log while a program writes to it.
///
/// Programs write straight to their logs and nothing stands between, so that what follows a log
/// neither slows its program down nor loses anything. A log that is not there yet is empty.
package struct LogFollower: Sendable {
  private let path: String
  private var offset: Int64 = 0

  /// Follows the file at an absolute path from its beginning.
  package init(path: String) { self.path = path }

  /// Hands over what was appended since the last call, in pieces.
  ///
  /// What is appended meanwhile waits for the next call, so that it ends also while a program goes
  /// on writing.
  ///
  /// - Parameters:
  ///   - limit: The most bytes to read.
  ///   - body: Takes a piece; it is valid only during the call.
  package mutating func read(
    upTo limit: Int64 = .max, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
    else { return }
    defer { try? file.close() }
    guard let size = try? file.seek(offset: 0, from: .end), size > offset else { return }
    let end = min(size, limit < size - offset ? offset + limit : size)
    withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
      while offset < end {
        let piece = UnsafeMutableRawBufferPointer(
          rebasing: buffer[..<min(buffer.count, Int(end - offset))])
        let count = (try? file.read(fromAbsoluteOffset: offset, into: piece)) ?? 0
        guard count > 0 else { return }
        offset += Int64(count)
        body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      }
    }
  }

  /// The end of a log as text, without reading more than that of it.
  ///
  /// - Parameters:
  ///   - path: The absolute path of the log.
  ///   - count: The most bytes to read.
  /// - Returns: The text; empty for a log that is not there.
  package static func tail(of path: String, bytes count: Int = 4096) -> String {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
    else { return "" }
    defer { try? file.close() }
    let size = (try? file.seek(offset: 0, from: .end)) ?? 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized =
        (try? file.read(
          fromAbsoluteOffset: max(0, size - Int64(count)),
          into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
    }
    // The beginning may lie inside of a character.
    return String(decoding: bytes.drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
  }
}

/// Splits what a program writes into lines.
///
/// Of a line it keeps no more than its beginning, so that memory stays as it is whatever a program
/// prints; what is no UTF-8 becomes the replacement character.
package struct LogLines: Sendable {
  /// The most bytes that are kept of a line.
  package static let longestLine = 16_384

  private var line: [UInt8] = []
  private var isCut = false

  package init() {}

  /// Takes the next bytes, and gives the lines that they complete.
  package mutating func take(_ bytes: UnsafeRawBufferPointer, _ body: (LogLine) -> Void) {
    var start = 0
    while let end = lineEnd(in: bytes, from: start) {
      append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      give(body)
      start = end + 1
    }
    append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
  }

  /// The next line feed, found as fast as memory can be read.
  private func lineEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress, start < bytes.count else { return nil }
    return memchr(base + start, 0x0A, bytes.count - start).map { UnsafeRawPointer($0) - base }
  }

  /// Gives the last line if it has no end.
  package mutating func finish(_ body: (LogLine) -> Void) {
    if !line.isEmpty || isCut { give(body) }
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard !isCut else { return }
    let count = min(bytes.count, Self.longestLine - line.count)
    line.append(contentsOf: bytes[..<count])
    guard count < bytes.count else { return }
    isCut = true
    guard isContinuation(bytes[count]) else { return }
    // Half a character is none.
    while let last = line.last, isContinuation(last) { line.removeLast() }
    if !line.isEmpty { line.removeLast() }
  }

  private mutating func give(_ body: (LogLine) -> Void) {
    if line.last == UInt8(ascii: "\r"), !isCut { line.removeLast() }
    body(LogLine(String(decoding: line, as: UTF8.self), isCut: isCut))
    line.removeAll(keepingCapacity: true)
    isCut = false
  }

  private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
