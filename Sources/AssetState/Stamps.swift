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
        stamps[try row.text(0)] = FileStamp(
          stamp: try row.text(1), digest: ContentDigest(rawValue: try row.text(2)))
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

  /// What tables were found to hold when their database had this stamp, or `nil` if it has changed
  /// since.
  ///
  /// - Parameters:
  ///   - stamp: The present stamp.
  ///   - table: A table beside the warehouse, which is remembered by itself; `nil` for all tables of the
  ///     warehouse.
  /// - Throws: A ``StateError`` if the store cannot be read.
  /// - Returns: What is known, by the names of tables as ``TableName/folded`` has them.
  package func tableContents(
    at stamp: String, of table: TableName? = nil
  ) throws -> [String: Content]? {
    let scope = scope(of: table)
    return try read { database in
      guard try isKnown(stamp, of: scope, in: database) else { return nil }
      var texts = ConsumptionTexts()
      var contents: [String: Content] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          select name, digests, details, json_valid(details) from table_content where target = ?
          """,
        arguments: [scope])
      while let row = try rows.next() {
        let digests = try texts.digests(try row.text(1))
        contents[try row.text(0)] =
          if let details = try row.jsonIfAny(2, isValid: 3) {
            Content(digests, encoded: EncodedDetails(details) { try? fromJSON($0) })
          } else {
            Content(digests)
          }
      }
      return contents
    }
  }

  /// Remembers what tables hold while their database has this stamp, beside what is known of others.
  package func remember(
    _ contents: [String: Content], at stamp: String, of table: TableName? = nil
  ) throws {
    let scope = scope(of: table)
    try writeWithoutWaiting { database in
      if try !isKnown(stamp, of: scope, in: database) {
        try database.execute(
          sql: "insert or replace into warehouse_stamp values (?, ?)", arguments: [scope, stamp])
        try database.execute(
          sql: "delete from table_content where target = ?", arguments: [scope])
      }
      for (name, content) in contents {
        let details = try content.encodedDetails ?? content.details.map(toJSON)
        try database.execute(
          sql: "insert or replace into table_content values (?, ?, ?, ?)",
          arguments: [
            scope, name, try ConsumptionTexts.text(of: content.digests), details,
          ])
      }
    }
  }

  /// Lets what is known of some tables of the warehouse count on after a write that did not change them, and
  /// forgets the others.
  ///
  /// - Parameters:
  ///   - old: The stamp before the write; if what is known is of another one, nothing happens.
  ///   - new: The stamp after it.
  ///   - names: The tables that it did not change, as ``TableName/folded`` has them.
  /// - Throws: A ``StateError`` if the store cannot be written.
  package func keepTableContents(at old: String, as new: String, of names: Set<String>) throws {
    try writeWithoutWaiting { database in
      guard try isKnown(old, of: target, in: database) else { return }
      try database.execute(
        sql: "update warehouse_stamp set stamp = ?2 where target = ?1", arguments: [target, new])
      let known = try String.fetchAll(
        database, sql: "select name from table_content where target = ?", arguments: [target])
      for name in known where !names.contains(name) {
        try database.execute(
          sql: "delete from table_content where target = ? and name = ?", arguments: [target, name])
      }
    }
  }

  /// What a stamp is about: the target, or a table beside its warehouse.
  ///
  /// No name of a target holds a line break.
  private func scope(of table: TableName?) -> String {
    guard let table, let file = table.database else { return target }
    return [target, file, table.name].joined(separator: "\n")
  }

  private func isKnown(_ stamp: String, of scope: String, in database: Database) throws -> Bool {
    try String.fetchOne(
      database, sql: "select stamp from warehouse_stamp where target = ?", arguments: [scope])
      == stamp
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
        // What cannot be read is parsed anew, as is all that has another seal.
        guard let path = try? row.text(0), let key = try? row.text(1),
          let declarations = try? row.bytes(2)
        else { continue }
        entries[path] = (key: key, declarations: declarations)
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
