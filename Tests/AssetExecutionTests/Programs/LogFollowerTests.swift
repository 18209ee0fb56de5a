import AssetCore
import Foundation
import Testing

@testable import AssetExecution

@Suite struct LogFollowerTests {
  /// A log in a folder of its own, and what was read of it.
  private final class Log {
    let path: String
    var follower: LogFollower
    var lines = LogLines()

    init() {
      path = NSTemporaryDirectory() + "assetctl-test-" + UUID().uuidString + ".log"
      follower = LogFollower(path: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func append(_ bytes: [UInt8]) throws {
      if !FileManager.default.fileExists(atPath: path) { try Data().write(to: url) }
      let file = try FileHandle(forWritingTo: url)
      defer { try? file.close() }
      try file.seekToEnd()
      try file.write(contentsOf: Data(bytes))
    }

    func append(_ text: String) throws { try append(Array(text.utf8)) }

    func read(upTo limit: Int64 = .max) -> [LogLine] {
      var read: [LogLine] = []
      follower.read(upTo: limit) { bytes in lines.take(bytes) { read.append($0) } }
      return read
    }

    func finish() -> [LogLine] {
      var read = read()
      lines.finish { read.append($0) }
      return read
    }

    private var url: URL { URL(fileURLWithPath: path) }
  }

  @Test func `what is appended comes as lines, each once it is complete`() throws {
    let log = Log()
    #expect(log.read() == [])

    try log.append("one\ntw")
    #expect(log.read() == [LogLine("one")])
    #expect(log.read() == [])

    try log.append("o\r\n\nthree")
    #expect(log.read() == [LogLine("two"), LogLine("")])
    #expect(log.finish() == [LogLine("three")])
    #expect(log.finish() == [])
  }

  @Test func `a character that is written in two halves is one`() throws {
    let log = Log()
    let bytes = Array("für 東京 👩‍🚀\n".utf8)

    var lines: [LogLine] = []
    for byte in bytes {
      try log.append([byte])
      lines += log.read()
    }

    #expect(lines == [LogLine("für 東京 👩‍🚀")])
  }

  @Test func `bytes that are no text are replaced`() throws {
    let log = Log()

    try log.append([0x61, 0xFF, 0xC3, 0x0A, 0x00, 0x62])

    #expect(log.finish() == [LogLine("a\u{FFFD}\u{FFFD}"), LogLine("\0b")])
  }

  @Test func `of a huge line the beginning is kept, and the next one is whole`() throws {
    let log = Log()
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)

    var lines: [LogLine] = []
    for _ in 0..<8 {
      try log.append(piece)
      lines += log.read()
    }
    try log.append("\nnext\n")
    lines += log.read()

    let kept = String(repeating: "x", count: LogLines.longestLine)
    #expect(lines == [LogLine(kept, isCut: true), LogLine("next")])
  }

  @Test(arguments: 0..<4) func `a line is never cut inside of a character`(offset: Int) {
    var lines = LogLines()
    let start = String(repeating: "x", count: LogLines.longestLine - offset)

    var read: [LogLine] = []
    Array((start + "👍👍").utf8).withUnsafeBytes { bytes in lines.take(bytes) { read.append($0) } }
    lines.finish { read.append($0) }

    #expect(read == [LogLine(start, isCut: true)])
  }

  @Test func `a line of just the longest length is whole`() {
    var lines = LogLines()
    let line = String(repeating: "x", count: LogLines.longestLine)

    var read: [LogLine] = []
    Array((line + "\n").utf8).withUnsafeBytes { bytes in lines.take(bytes) { read.append($0) } }

    #expect(read == [LogLine(line)])
  }

  @Test func `a limit leaves the rest for the next time`() throws {
    let log = Log()
    try log.append("one\ntwo\nthree\n")

    #expect(log.read(upTo: 5) == [LogLine("one")])
    #expect(log.read(upTo: 5) == [LogLine("two")])
    #expect(log.read(upTo: 5) == [LogLine("three")])
  }

  @Test func `the tail of a log is its end, and begins with a whole character`() throws {
    let log = Log()
    #expect(LogFollower.tail(of: log.path) == "")

    try log.append("ä12\n34")

    #expect(LogFollower.tail(of: log.path) == "ä12\n34")
    #expect(LogFollower.tail(of: log.path, bytes: 6) == "12\n34")
    #expect(LogFollower.tail(of: log.path, bytes: 2) == "34")
  }
}
