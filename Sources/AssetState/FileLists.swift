package import AssetCore
import Foundation
import GRDB

extension StateStore {
  /// Which files there were of a set, and what each held, when all together had this digest.
  ///
  /// - Parameters:
  ///   - set: The path or pattern of the set.
  ///   - digest: The digest of all of them; `nil` for the last list that was made.
  /// - Throws: A ``StateError`` if the store cannot be read.
  /// - Returns: The list; `nil` if it is not known.
  package func fileList(of set: String, _ digest: ContentDigest? = nil) throws -> FileList? {
    try read { database in
      let condition = digest.map { _ in " and digest = ?" } ?? ""
      let bytes = try Data.fetchOne(
        database,
        sql: "select files from file_list where file_set = ?\(condition) order by id desc limit 1",
        arguments: StatementArguments([set] + (digest.map { [$0.rawValue] } ?? [])))
      return bytes.flatMap { FileList(encoded: Array($0)) }
    }
  }

  /// Remembers a list of files as the last one of its set.
  ///
  /// Of others those are kept that something published was made from.
  package func remember(_ list: FileList, of set: String, _ digest: ContentDigest) throws {
    try writeWithoutWaiting { database in
      try database.execute(
        sql: "insert or replace into file_list (file_set, digest, files) values (?, ?, ?)",
        arguments: [set, digest.rawValue, Data(list.encoded)])
      try database.execute(
        sql: """
          delete from file_list
          where file_set = ? and digest <> ? and digest not in (
            select i.digest
            from asset_state s
            join materialization_input i on i.materialization_id = s.materialization_id)
          """, arguments: [set, digest.rawValue])
    }
  }
}

extension FileList {
  /// Path, stamp and digest of each file, each with a zero byte behind it.
  fileprivate var encoded: [UInt8] {
    var bytes: [UInt8] = []
    for (path, file) in files.sorted(by: { PathText.precedes($0.key, $1.key) }) {
      for text in [path, file.stamp, file.digest.rawValue] {
        bytes += text.utf8
        bytes.append(0)
      }
    }
    return bytes
  }

  fileprivate init?(encoded bytes: [UInt8]) {
    let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
    guard parts.count % 3 == 1, parts.last?.isEmpty == true else { return nil }
    self.init()
    for index in stride(from: 0, to: parts.count - 1, by: 3) {
      let texts = parts[index..<index + 3].map { String(decoding: $0, as: UTF8.self) }
      files[texts[0]] = Entry(stamp: texts[1], digest: ContentDigest(rawValue: texts[2]))
    }
  }
}
