package import AssetCore

/// What a step writes down while it goes on, so that a crash at any point can be understood.
///
/// The state store keeps it; tests keep it in memory.
package struct StepJournal: Sendable {
  /// Notes that a program is about to be started; the number names the attempt.
  package var begin:
    @Sendable (_ asset: AssetKey, _ at: Timestamp, [StaleCause], Provenance) throws -> Int64
  /// Notes what is about to be published.
  package var noteCandidate:
    @Sendable (Materialization, _ definition: CanonicalForm, _ attempt: Int64) throws -> Void
  /// The record that is committed together with a table.
  package var encode: @Sendable (Materialization) throws -> String
  /// What numbers of an asset are compared with, the newest first, at most so many: its last
  /// materializations, or those of the partitions before it.
  package var past: @Sendable (AssetKey, _ limit: Int) throws -> [Materialization]

  package init(
    begin: @escaping @Sendable (AssetKey, Timestamp, [StaleCause], Provenance) throws -> Int64,
    noteCandidate: @escaping @Sendable (Materialization, CanonicalForm, Int64) throws -> Void,
    encode: @escaping @Sendable (Materialization) throws -> String,
    past: @escaping @Sendable (AssetKey, Int) throws -> [Materialization] = { _, _ in [] }
  ) {
    self.begin = begin
    self.noteCandidate = noteCandidate
    self.encode = encode
    self.past = past
  }
}
