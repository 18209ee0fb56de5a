package import AssetCore
import Foundation
import GRDB

/// The digest of a file together with what its folder entry said when it was read.
package struct FileStamp: Equatable, Sendable {
  package var stamp: String
  package var digest: ContentDigest

  package init(stamp: String, digest: ContentDigest) {
    self.stamp = stamp
    self.digest = digest
  }
}

extension StateStore {
  /// The remembered digests of files, by path.
  package func fileStamps() throws -> [String: FileStamp] {
    try read { database in
      var stamps: [String: FileStamp] = [:]
      let rows = try Row.fetchCursor(database, sql: "select path, stamp, digest from file_stamp")
      while let row = try rows.next() {
        stamps[row[0]] = FileStamp(stamp: row[1], digest: ContentDigest(rawValue: row[2]))
      }
      return stamps
    }
  }

  /// Remembers digests of files beside those that are already known.
  package func remember(_ stamps: [String: FileStamp]) throws {
    guard !stamps.isEmpty else { return }
    try writeWithoutWaiting { database in
      for (path, stamp) in stamps {
        try database.execute(
          sql: "insert or replace into file_stamp values (?, ?, ?)",
          arguments: [path, stamp.stamp, stamp.digest.rawValue])
      }
    }
  }

  /// The digests of tables that were found when the warehouse had this stamp, or `nil` if it has
  /// changed since.
  package func tableDigests(at stamp: String) throws -> [AssetKey: [Consumption: ContentDigest]]? {
    try read { database in
      let known = try String.fetchOne(
        database, sql: "select stamp from warehouse_stamp where target = ?", arguments: [target])
      guard known == stamp else { return nil }
      var digests: [AssetKey: [Consumption: ContentDigest]] = [:]
      let rows = try Row.fetchCursor(
        database, sql: "select asset, consumption, digest from table_digest where target = ?",
        arguments: [target])
      while let row = try rows.next() {
        let text: String = row[1]
        let consumption: Consumption = text == "\"*\"" ? .whole : try fromJSON(text)
        digests[AssetKey(trusted: row[0]), default: [:]][consumption] = ContentDigest(
          rawValue: row[2])
      }
      return digests
    }
  }

  /// Remembers what tables hold while the warehouse has this stamp.
  package func remember(
    _ digests: [AssetKey: [Consumption: ContentDigest]], at stamp: String
  ) throws {
    try writeWithoutWaiting { database in
      try database.execute(
        sql: "insert or replace into warehouse_stamp values (?, ?)", arguments: [target, stamp])
      try database.execute(sql: "delete from table_digest where target = ?", arguments: [target])
      for (key, content) in digests {
        for (consumption, digest) in content {
          try database.execute(
            sql: "insert into table_digest values (?, ?, ?, ?)",
            arguments: [target, key.name, try toJSON(consumption), digest.rawValue])
        }
      }
    }
  }
}

extension StateStore {
  /// What files were found to declare, by path; what the key and the bytes mean is the loader's
  /// business.
  package func declarations() throws -> [String: (key: String, declarations: [UInt8])] {
    try read { database in
      var entries: [String: (key: String, declarations: [UInt8])] = [:]
      let rows = try Row.fetchCursor(
        database, sql: "select path, key, declarations from declaration")
      while let row = try rows.next() {
        let data: Data = row[2]
        entries[row[0]] = (key: row[1], declarations: Array(data))
      }
      return entries
    }
  }

  /// Remembers what files declare.
  package func remember(
    declarations entries: [String: (key: String, declarations: [UInt8])]
  ) throws {
    guard !entries.isEmpty else { return }
    try writeWithoutWaiting { database in
      for (path, entry) in entries {
        try database.execute(
          sql: "insert or replace into declaration values (?, ?, ?)",
          arguments: [path, entry.key, Data(entry.declarations)])
      }
    }
  }
}
