import AssetCore
import AssetWarehouse
import Testing

@testable import AssetExecution

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What was read: the columns, and all rows.
struct ReadTable: Equatable {
  var columns: [String]
  var types: [String?]
  var rows: [[Value]]
}

/// A temporary folder of files with rows, removed with the last reference.
final class RowFolder {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "rows-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// A file of the folder, there or not, which messages call by its name.
  func file(_ name: String) -> RowFile {
    RowFile(path: folder.appending(path: name).path, shownPath: name)
  }

  func write(_ text: String, to name: String) throws -> RowFile {
    try write(Array(text.utf8), to: name)
  }

  func write(_ bytes: [UInt8], to name: String) throws -> RowFile {
    try Data(bytes).write(to: folder.appending(path: name))
    return file(name)
  }

  /// Replaces what a file holds, and keeps the file, as a program that writes to it would.
  func overwrite(_ name: String, with text: String) throws {
    let handle = try #require(fopen(file(name).path, "w"))
    fputs(text, handle)
    fclose(handle)
  }

  func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }
}

extension RowFiles {
  func table(within limits: ReadingLimits = ReadingLimits()) throws -> ReadTable {
    var source = try open(within: limits)
    var rows: [[Value]] = []
    while let row = try source.next() { rows.append(row) }
    #expect(try source.next() == nil)
    return ReadTable(
      columns: source.columns.map(\.name), types: source.columns.map(\.type), rows: rows)
  }
}

/// Reads a text as the file `t.csv`, or `t.jsonl`.
func readTable(
  _ text: String, _ format: RowFileFormat = .csv, csv: CSVFormat = CSVFormat(),
  types: [String: ColumnType] = [:]
) throws -> ReadTable {
  try readTable(Array(text.utf8), format, csv: csv, types: types)
}

func readTable(
  _ bytes: [UInt8], _ format: RowFileFormat = .csv, csv: CSVFormat = CSVFormat(),
  types: [String: ColumnType] = [:],
  within limits: ReadingLimits = ReadingLimits()
) throws -> ReadTable {
  let folder = try RowFolder()
  let file = try folder.write(bytes, to: format == .jsonLines ? "t.jsonl" : "t.csv")
  return try RowFiles([file], csv: csv, types: types, format: format).table(within: limits)
}

/// What reading throws, or nothing.
func rowFileProblems(_ read: () throws -> ReadTable) -> [Diagnostic] {
  do {
    _ = try read()
    return []
  } catch let error as any DiagnosableError {
    return error.diagnostics
  } catch {
    Issue.record("not an error for users: \(error)")
    return []
  }
}
