package import AssetCore
import Foundation
import GRDB

extension StateStore {
  /// What is known of the past of every asset, in one read.
  ///
  /// The materializations come without their columns, column lineage and metrics; those are details that
  /// no decision looks at (``materializations(of:limit:)`` has them).
  package func history() throws -> [AssetKey: AssetHistory] {
    try read { database in
      var inputs: [String: [InputName: ConsumedInput]] = [:]
      let inputRows = try Row.fetchCursor(
        database,
        sql: """
          select i.materialization_id, i.input, i.consumption, i.names, i.digest, i.details,
            i.whole_reason, json_valid(i.details)
          from asset_state s
          join materialization_input i on i.materialization_id = s.materialization_id
          where s.target = ?
          """, arguments: [target])
      var texts = ConsumptionTexts()
      while let row = try inputRows.next() {
        var input = ConsumedInput(
          try texts.consumption(try row.text(2), names: try row.textIfAny(3)),
          ContentDigest(rawValue: try row.text(4)), details: try row.jsonIfAny(5, isValid: 7))
        input.wholeBecause = try row.textIfAny(6)
        inputs[try row.text(0), default: [:]][InputName(encoded: try row.text(1))] = input
      }
      var history: [AssetKey: AssetHistory] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          select s.asset, m.id, m.run_id, m.finished_at, m.duration_ms, m.definition, m.content,
            m.rows, a.run_id, a.started_at, a.outcome, a.error, a.provenance, m.files,
            m.continuation, s.materialization_id, s.attempt_id
          from asset_state s
          left join materialization m on m.id = s.materialization_id
          left join attempt a on a.id = s.attempt_id
          where s.target = ?
          """, arguments: [target])
      while let row = try rows.next() {
        let key = try row.key(0)
        var entry = AssetHistory()
        if let id = try row.textIfAny(1) {
          entry.last = Materialization(
            id: id, asset: key, run: try row.run(2), finishedAt: try row.time(3),
            durationMilliseconds: try row.integer(4),
            provenance: Provenance(
              definition: DefinitionDigest(rawValue: try row.text(5)), inputs: inputs[id] ?? [:]),
            product: Product(
              digest: ContentDigest(rawValue: try row.text(6)), rows: try row.countIfAny(7),
              files: try row.decodedIfAny(13), continuation: try row.decodedIfAny(14)))
        } else if try row.textIfAny(15) != nil {
          // What is published has no record any more.
          throw row.damage(15)
        }
        if try row.integerIfAny(16) != nil, try row.textIfAny(8) == nil { throw row.damage(16) }
        if let run = try row.textIfAny(8) {
          entry.lastAttempt = Attempt(
            run: run, startedAt: try row.time(9), outcome: try row.outcomeIfAny(10),
            error: try row.textIfAny(11), provenance: try row.decodedIfAny(12))
        }
        history[key] = entry
      }
      return history
    }
  }

  /// The materializations of an asset, the newest first, with all their details.
  package func materializations(of key: AssetKey, limit: Int) throws -> [Materialization] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          select * from materialization where target = ? and asset = ?
          order by finished_at desc, id desc limit ?
          """, arguments: [target, key.name, limit]
      ).map { try materialization($0, in: database) }
    }
  }

  /// The last materializations of an asset's partitions, the newest first, with all their details.
  package func materializations(
    ofPartitionsOf key: AssetKey, limit: Int
  ) throws -> [Materialization] {
    try read { database in
      let range = Self.partitionNames(of: key)
      return try Row.fetchAll(
        database,
        sql: """
          select * from materialization where target = ? and asset > ? and asset < ?
          order by finished_at desc, id desc limit ?
          """, arguments: [target, range.lowerBound, range.upperBound, limit]
      ).map { try materialization($0, in: database) }
    }
  }

  /// What is published of the partitions of time before one, the nearest first.
  ///
  /// - Parameters:
  ///   - key: The partition.
  ///   - limit: How many are wanted.
  ///   - isWanted: Whether a partition of that key is one of those that there are.
  /// - Throws: A ``StateError`` if the store cannot be read.
  /// - Returns: The materializations, with all their details.
  package func materializations(
    ofPartitionsBefore key: AssetKey, limit: Int, where isWanted: (AssetKey) -> Bool
  ) throws -> [Materialization] {
    try read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          select m.* from asset_state s join materialization m on m.id = s.materialization_id
          where s.target = ? and s.asset > ? and s.asset < ? order by s.asset desc
          """, arguments: [target, Self.partitionNames(of: key.asset).lowerBound, key.name])
      var found: [Materialization] = []
      while found.count < limit, let row = try rows.next() {
        guard isWanted(try row.key("asset")) else { continue }
        found.append(try materialization(row, in: database))
      }
      return found
    }
  }

  /// What the checks of an asset's partitions gave when those were made that are published.
  package func checks(ofPartitionsOf key: AssetKey) throws -> [AssetKey: [CheckResult]] {
    try read { database in
      let range = Self.partitionNames(of: key)
      let rows = try Row.fetchCursor(
        database,
        sql: """
          select s.asset, m.checks
          from asset_state s join materialization m on m.id = s.materialization_id
          where s.target = ? and s.asset > ? and s.asset < ? and m.checks is not null
          """, arguments: [target, range.lowerBound, range.upperBound])
      var checks: [AssetKey: [CheckResult]] = [:]
      while let row = try rows.next() {
        checks[try row.key(0)] = try row.decoded(1)
      }
      return checks
    }
  }

  /// Between which names those of an asset's partitions lie, as the store compares names.
  private static func partitionNames(of key: AssetKey) -> Range<String> {
    // Names are compared in lower case, and no letter lies between the two signs then.
    "\(key.name)@"..<"\(key.name)["
  }

  /// The canonical form of a definition, if one with this digest was ever materialized.
  package func definition(_ digest: DefinitionDigest) throws -> CanonicalForm? {
    try read { database in
      try Row.fetchOne(
        database, sql: "select form from definition where digest = ?", arguments: [digest.rawValue]
      )?.decoded(0)
    }
  }

  func materialization(_ row: Row, in database: Database) throws -> Materialization {
    let id = try row.text("id")
    var inputs: [InputName: ConsumedInput] = [:]
    var texts = ConsumptionTexts()
    for input in try Row.fetchAll(
      database,
      sql: """
        select *, json_valid(details) as is_valid from materialization_input
        where materialization_id = ?
        """, arguments: [id])
    {
      var consumed = ConsumedInput(
        try texts.consumption(
          try input.text("consumption"), names: try input.textIfAny("names")),
        ContentDigest(rawValue: try input.text("digest")),
        details: try input.jsonIfAny("details", isValid: "is_valid"))
      consumed.wholeBecause = try input.textIfAny("whole_reason")
      inputs[InputName(encoded: try input.text("input"))] = consumed
    }
    return Materialization(
      id: id, asset: try row.key("asset"), run: try row.run("run_id"),
      finishedAt: try row.time("finished_at"),
      durationMilliseconds: try row.integer("duration_ms"),
      provenance: Provenance(
        definition: DefinitionDigest(rawValue: try row.text("definition")), inputs: inputs),
      product: Product(
        digest: ContentDigest(rawValue: try row.text("content")),
        rows: try row.countIfAny("rows"), columns: try row.decodedIfAny("columns"),
        files: try row.decodedIfAny("files"), metrics: try row.decodedIfAny("metrics"),
        metadata: try row.decodedIfAny("metadata"), checks: try row.decodedIfAny("checks"),
        summaries: try row.decodedIfAny("summaries"),
        continuation: try row.decodedIfAny("continuation"),
        changes: try row.decodedIfAny("changes")),
      columnLineage: try row.decodedIfAny("column_lineage"))
  }
}

extension ConsumedInput {
  /// An input with the details that the store keeps as a text, which is hardly ever decoded.
  fileprivate init(
    _ consumption: Consumption, _ digest: ContentDigest, details: String?
  ) {
    if let details {
      self.init(consumption, digest, encoded: EncodedDetails(details) { try? fromJSON($0) })
    } else {
      self.init(consumption, digest)
    }
  }
}

/// Writes a value as JSON text, the same text for the same value.
package func toJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Reads a value that ``toJSON(_:)`` wrote.
package func fromJSON<T: Decodable>(_ text: String) throws -> T {
  try JSONDecoder().decode(T.self, from: Data(text.utf8))
}
