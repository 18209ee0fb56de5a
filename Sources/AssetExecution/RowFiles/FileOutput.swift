#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is written from its start in large pieces.
final class FileOutput {
  private static let pieceSize = 1 << 20

  private let file: RowFile
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Makes the file, or empties it.
  init(_ file: RowFile) throws {
    descriptor = open(file.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    self.file = file
    guard descriptor >= 0 else { throw failure() }
    buffer.reserveCapacity(Self.pieceSize + 4096)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Lets `body` append to what will be written.
  func append(_ body: (inout [UInt8]) -> Void) throws {
    precondition(descriptor >= 0, "nothing is written to a file that is finished")
    body(&buffer)
    if buffer.count >= Self.pieceSize { try flush() }
  }

  /// Writes what is left and closes the file, if need be after its bytes are on the disk.
  func finish(isSynced: Bool) throws {
    guard descriptor >= 0 else { return }
    try flush()
    if isSynced, fsync(descriptor) != 0 { throw failure() }
    let closing = descriptor
    descriptor = -1
    guard close(closing) == 0 else { throw failure() }
  }

  private func flush() throws {
    var start = 0
    while start < buffer.count {
      let written = buffer.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start)
      }
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw failure() }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure() -> RowFileError {
    .unwritable(file: file.shownPath, reason: lastSystemError())
  }
}

extension [UInt8] {
  mutating func append(text: String) {
    append(contentsOf: text.utf8)
  }

  /// Appends the lower-case hexadecimal digits of a blob.
  mutating func append(hexadecimal bytes: [UInt8]) {
    for byte in bytes {
      append(Self.hexadecimalDigits[Int(byte >> 4)])
      append(Self.hexadecimalDigits[Int(byte & 15)])
    }
  }

  static let hexadecimalDigits = Array("0123456789abcdef".utf8)
}
