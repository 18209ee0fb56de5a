import AssetCore
import AssetRendering
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One of the two streams that a command writes to.
struct Terminal: Sendable {
  private let descriptor: Int32

  /// Standard output: results.
  static let output = Terminal(descriptor: STDOUT_FILENO)
  /// Standard error: everything else.
  static let error = Terminal(descriptor: STDERR_FILENO)

  /// Whether somebody sits there who can answer a question.
  static var isAsked: Bool { isatty(STDIN_FILENO) == 1 && error.isTerminal }

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Whether lines can be drawn over.
  var canRedraw: Bool { isTerminal && !isDumb }

  /// The width in columns, if there is a terminal that has one.
  var width: Int? { size.flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

  /// The height in lines, if there is a terminal that has one.
  var height: Int? { size.flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

  private var size: winsize? {
    var size = winsize()
    return isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }

  private var isDumb: Bool { getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false }

  /// The first error that kept a result from standard output; a reader that went away is none.
  static var outputError: Int32? {
    let number = failure.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  private static let failure = Atomic<Int32>(0)

  /// Puts something in the place of standard streams that are closed; writing there fails.
  ///
  /// Otherwise a file that is opened would get the number of one, and what is printed.
  static func occupyClosedStreams() {
    // Opening takes the lowest number that is free. A folder is there without `/dev`, too.
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
      _ = open("/", O_RDONLY)
    }
  }

  /// Writes all of a text, or as much as can be; see ``outputError``.
  ///
  /// - Returns: Whether all was written.
  @discardableResult
  func write(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  /// Appends a text to a file, which is made if it is not there; one that cannot be written is left alone.
  static func append(_ text: String, toFile path: String) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    Terminal(descriptor: descriptor).write(text)
    close(descriptor)
  }

  @discardableResult
  func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var start = 0
    while start < bytes.count, let base = bytes.baseAddress {
      #if canImport(Darwin)
        let written = Darwin.write(descriptor, base + start, bytes.count - start)
      #elseif canImport(Musl)
        let written = Musl.write(descriptor, base + start, bytes.count - start)
      #else
        let written = Glibc.write(descriptor, base + start, bytes.count - start)
      #endif
      if written < 0, errno == EINTR { continue }
      if written <= 0 {
        note(written < 0 ? errno : EIO)
        return false
      }
      start += written
    }
    return true
  }

  /// Keeps what went wrong with results; of messages that cannot be written nobody could be told.
  private func note(_ error: Int32) {
    guard descriptor == STDOUT_FILENO, error != EPIPE else { return }
    _ = Self.failure.compareExchange(expected: 0, desired: error, ordering: .relaxed)
  }

  /// How text on this stream is to look.
  func style(_ color: ColorChoice) -> TextStyle {
    let hasColor =
      switch color {
      case .always: true
      case .never: false
      case .auto:
        canRedraw && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
      }
    return TextStyle(hasColor: hasColor, width: width)
  }
}

extension Clock {
  /// The zone of this machine, or of the variable `TZ`.
  static let local = Clock.zone { time in
    var seconds = time_t(time.milliseconds / 1000)
    var there = tm()
    return localtime_r(&seconds, &there) == nil ? 0 : there.tm_gmtoff
  }
}

/// The values of `--color`.
enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never

  /// The choice that the words of a command line make, whether they can be parsed or not.
  static func named(in arguments: [String]) -> ColorChoice {
    for (index, argument) in arguments.enumerated() {
      if argument.hasPrefix("--color=") {
        return ColorChoice(rawValue: String(argument.dropFirst("--color=".count))) ?? .auto
      }
      if argument == "--color", index + 1 < arguments.count {
        return ColorChoice(rawValue: arguments[index + 1]) ?? .auto
      }
    }
    return .auto
  }
}
