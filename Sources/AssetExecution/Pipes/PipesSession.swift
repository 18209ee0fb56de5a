import AssetCore
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// The two files by which a program and assetctl talk as Dagster Pipes does: one that tells the program
/// what it is to make, and one that it writes its messages to.
final class PipesSession: Sendable {
  private struct State {
    var report = PipesReport()
    /// How much of the messages was read, and the beginning of a line that is not complete.
    var offset: Int64 = 0
    var begun: [UInt8] = []
    /// How many lines were complete.
    var lines = 0
  }

  private let asset: AssetKey
  private let mask: SecretMask
  private let messages: String
  private let kept: MessageLog
  /// The environment in which `dagster-pipes` finds the two files.
  let environment: [String: String]
  private let state = Mutex(State())

  /// Writes the context and makes room for messages.
  ///
  /// - Parameters:
  ///   - asset: What the program is to make.
  ///   - partition: Which part of that; `nil` for all of it.
  ///   - run: The run that it is part of.
  ///   - definition: The version of its code.
  ///   - folder: The absolute path of a folder for the files, which is there.
  ///   - secrets: What is masked in all that the program says.
  ///   - kept: Keeps what the program logs.
  /// - Throws: A ``StepError`` if the files cannot be written.
  init(
    _ asset: AssetKey, partition: Partition? = nil, run: String, definition: String,
    in folder: String, secrets: [String], keeping kept: MessageLog
  ) throws {
    self.asset = asset
    self.kept = kept
    mask = SecretMask(secrets)
    messages = folder + "/pipes-messages.jsonl"
    let context = folder + "/pipes-context.json"
    let encoder = JSONEncoder()
    do {
      try encoder.encode(
        PipesContext(asset: asset.name, partition, run: run, definition: definition)
      )
      .write(to: URL(fileURLWithPath: context))
      try Data().write(to: URL(fileURLWithPath: messages))
      environment = [
        "DAGSTER_PIPES_CONTEXT": pipesParameter(Array(try encoder.encode(["path": context]))),
        "DAGSTER_PIPES_MESSAGES": pipesParameter(Array(try encoder.encode(["path": messages]))),
      ]
    } catch {
      throw StepError.unwritable(path: folder, reason: "\(error)")
    }
  }

  /// Writes what the program logs to its log, until the task is cancelled.
  func follow(into log: String) async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(100))
      read(into: log)
    }
  }

  /// What the program has reported, when it has ended.
  func finish(into log: String) -> PipesReport {
    read(into: log, isAll: true)
    let report = state.withLock { $0.report }
    return mask.isEmpty ? report : report.masked(mask.masked)
  }

  private func read(into log: String, isAll: Bool = false) {
    state.withLock { state in
      guard let file = try? FileDescriptor.open(FilePath(messages), .readOnly) else { return }
      defer { try? file.close() }
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      while true {
        let count = buffer.withUnsafeMutableBytes { bytes in
          (try? file.read(fromAbsoluteOffset: state.offset, into: bytes)) ?? 0
        }
        guard count > 0 else { break }
        state.offset += Int64(count)
        write(take(buffer[..<count], &state), to: log)
      }
      if isAll, !state.begun.isEmpty { write(take([.lineFeed], &state), to: log) }
    }
  }

  /// Takes note of the lines that a piece completes, each byte of it looked at once.
  ///
  /// - Returns: What they say for the log.
  private func take(_ piece: ArraySlice<UInt8>, _ state: inout State) -> String {
    var text = ""
    let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    var rest = piece
    while let end = rest.firstIndex(of: .lineFeed) {
      state.begun += rest[..<end]
      rest = rest[(end + 1)...]
      state.lines += 1
      let said = state.begun.withUnsafeBufferPointer { line in
        line.allSatisfy(\.isSpace) ? nil : state.report.note(line, number: state.lines, of: asset)
      }
      if let said {
        let message = LogMessage(mask.masked(said.level), mask.masked(said.text), at: now)
        kept.append(message)
        text += "[\(message.level)] \(message.text)\n"
      }
      state.begun.removeAll(keepingCapacity: true)
    }
    state.begun += rest
    return text
  }

  private func write(_ text: String, to log: String) {
    guard !text.isEmpty,
      let file = try? FileDescriptor.open(
        FilePath(log), .writeOnly, options: [.create, .append, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    else { return }
    defer { try? file.close() }
    _ = try? file.writeAll(Array(text.utf8))
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool { [0x20, 0x09, 0x0D].contains(self) }
}

/// What `dagster-pipes` expects to be told, which it calls `PipesContextData`.
private struct PipesContext: Encodable {
  var assetKeys: [String]
  var codeVersions: [String: String]
  var provenance: [String: String?]
  var partition: Partition?
  var run: String

  init(asset: String, _ partition: Partition?, run: String, definition: String) {
    self.partition = partition
    assetKeys = [asset]
    codeVersions = [asset: definition]
    provenance = [asset: nil]
    self.run = run
  }

  enum CodingKeys: String, CodingKey {
    case assetKeys = "asset_keys"
    case codeVersions = "code_version_by_asset_key"
    case provenance = "provenance_by_asset_key"
    case partitionKey = "partition_key"
    case partitionRange = "partition_key_range"
    case partitionWindow = "partition_time_window"
    case run = "run_id"
    case job = "job_name"
    case retry = "retry_number"
    case extras
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(assetKeys, forKey: .assetKeys)
    try container.encode(codeVersions, forKey: .codeVersions)
    try container.encode(provenance, forKey: .provenance)
    let range = partition.map { ["start": $0.key, "end": $0.key] }
    let window = partition?.span.map {
      ["start": $0.lowerBound.rfc3339, "end": $0.upperBound.rfc3339]
    }
    try container.encode(partition?.key, forKey: .partitionKey)
    try container.encode(range, forKey: .partitionRange)
    try container.encode(window, forKey: .partitionWindow)
    try container.encode(run, forKey: .run)
    try container.encodeNil(forKey: .job)
    try container.encode(0, forKey: .retry)
    try container.encode([String: String](), forKey: .extras)
  }
}
