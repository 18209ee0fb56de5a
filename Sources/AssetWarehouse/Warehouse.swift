package import AssetCore

/// A database that holds the project's tables, behind what assetctl asks of one.
///
/// An adapter promises that readers see a table's old content or its new one, never something
/// between; that what a publication says about a table was committed together with the table; and
/// that one of its digests is equal to another just when the rows under that consumption are.
/// Every adapter passes `warehouseSuite`.
package protocol Warehouse: Sendable {
  /// A text that changes whenever the content of any table does, found without reading tables.
  ///
  /// It is `nil` while that cannot be told, for example because the last write is too recent.
  ///
  /// - Parameter database: A database beside the warehouse, as ``AssetCore/TableName`` names it, of
  ///   whose tables it tells then; `nil` for the warehouse itself.
  /// - Throws: A ``WarehouseError`` if that cannot be found out.
  /// - Returns: The text.
  func stamp(of database: String?) async throws -> String?

  /// Waits until the present content has a stamp, if it is still the content that was observed and
  /// published through this object.
  ///
  /// - Returns: The stamp; `nil` if somebody else has written, or if waiting would take long.
  func settledStamp() async throws -> String?

  /// What the publications in the warehouse say is there.
  func publications() async throws -> [Publication]

  /// The views of the warehouse, whoever made them, by name, each with all tables and views that it shows,
  /// in lower case.
  func views() async throws -> [String: Set<String>]

  /// The tables and views of the warehouse whose content may change although nobody writes to them, such as
  /// views, virtual tables, and what triggers write.
  ///
  /// - Returns: By name in lower case, the names of what each follows; `*` for anything.
  func followers() async throws -> [String: Set<String>]

  /// Looks at the present content of tables, all in one snapshot; tables beside the warehouse in one
  /// for each database, which is only read and never held up for longer than that.
  ///
  /// A database beside the warehouse that cannot be read makes what is asked of it unknown, and
  /// nothing else.
  /// A request for no consumption reads no row, and gives the columns alone. Otherwise the details hold
  /// the number of rows, and a digest of each column that some consumption reads.
  ///
  /// From the first look on `publish` notices when somebody else writes to the warehouse; once it has,
  /// all that was looked at has to be looked at again.
  func observe(_ requests: [TableRequest]) async throws -> [AssetKey: Observation]

  /// Builds, digests and publishes tables, or parts of one, in their order and all in one transaction.
  ///
  /// They may read the same databases beside the warehouse, and no others.
  ///
  /// - Parameter candidates: What to publish.
  /// - Throws: A ``WarehouseError``, or what sealing throws; then the old content of all of them is still
  ///   published. In particular ``WarehouseError/changedMeanwhile`` when somebody else has written since
  ///   `observe`.
  func publish(_ candidates: [TableCandidate]) async throws

  /// Publishes a kept version of a table again, with the record that it was published with, all in one
  /// transaction.
  ///
  /// What was published until then becomes a kept version; nothing is dropped.
  ///
  /// - Parameters:
  ///   - asset: The asset whose table it is.
  ///   - materialization: The version to publish.
  ///   - indexes: The columns of each index to make, as far as the version has them.
  /// - Throws: ``WarehouseError/missingVersion`` if the version is not kept any more.
  func restore(_ asset: AssetKey, materialization: String, indexes: [[String]]) async throws

  /// Opens a warehouse that begins as this one is and whose changes nobody else ever sees: they are
  /// undone when it is closed, or when the process ends.
  ///
  /// In it `publish` keeps at least one version of each table, so that old and new can be compared.
  /// Until it is closed, nobody else can write.
  func trial() async throws -> any Warehouse
  /// Looks at a table all of whose partitions are as they should be or stay as they are, and first takes
  /// out rows that are of none; in one transaction, which also notes what the table holds.
  ///
  /// - Parameters:
  ///   - request: The table, and under which consumptions it is digested.
  ///   - slices: What rows to keep; `nil` for all of them.
  /// - Throws: A ``WarehouseError``; then nothing has changed. In particular
  ///   ``WarehouseError/changedMeanwhile`` when somebody else has written since `observe`.
  /// - Returns: What is there.
  func settle(_ request: TableRequest, keeping slices: [RowSlice]?) async throws -> Observation

  /// Answers queries that only read, all of one snapshot of what is published.
  ///
  /// - Parameters:
  ///   - databases: The databases beside the warehouse that they may read.
  ///   - body: Asks them.
  /// - Throws: What the body throws, or a ``WarehouseError`` if a database cannot be read.
  /// - Returns: What the body gives.
  func read<T: Sendable>(
    with databases: Set<String>, _ body: @escaping @Sendable (any TableReading) throws -> T
  ) async throws -> T

  /// Writes a table's rows, ordered by all the columns that are written, into a sink.
  ///
  /// - Parameters:
  ///   - request: The table, and under which consumptions what is written is digested; if these are
  ///     all of one slice, just its rows are written.
  ///   - columns: The columns to write, in order; `nil` for all of them.
  ///   - sink: Makes what the rows are written to.
  /// - Throws: A ``WarehouseError``, and what the sink throws.
  /// - Returns: The digests of the rows that were written, under the request's consumptions.
  func export(
    _ request: TableRequest, columns: [String]?,
    into sink: @escaping @Sendable ([Column]) throws -> any RowSink
  ) async throws -> [Consumption: ContentDigest]

  /// Asks the database which columns of which tables carrying out a query would read.
  ///
  /// This is for queries that the analysis of their text cannot parse. The answer lasts: it guards
  /// against columns that come or go, so that whatever would make the query read something else, or
  /// give other rows, changes a digest under one of these consumptions.
  ///
  /// - Parameters:
  ///   - query: One query that only reads.
  ///   - tables: The tables that it may read; all of them exist.
  /// - Throws: A ``WarehouseError`` if the database refuses the query.
  /// - Returns: What is read of each of the tables, of a table that is not read the row count at most;
  ///   and of any other table that is read, which a query should not. `nil` if the database cannot tell.
  func reads(of query: String, tables: Set<TableName>) async throws -> [TableName: Consumption]?

  /// Asks the database which columns its program for a query reads, as the tables are now.
  ///
  /// What the analysis of the query's text finds is held against it. It may be more than the result
  /// depends on, and is less than what decides the result once columns come or go.
  ///
  /// - Parameters:
  ///   - query: One query that only reads.
  ///   - tables: The tables that it may read; all of them exist.
  /// - Throws: A ``WarehouseError`` if the database refuses the query.
  /// - Returns: What is read of each table; the whole of what is no plain table. `nil` if the database
  ///   cannot tell.
  func programReads(
    of query: String, tables: Set<TableName>
  ) async throws -> [TableName: Consumption]?

  /// Removes the table or view that was published for an asset, its kept versions and its
  /// publication, in one transaction.
  ///
  /// A table that holds something else than what was published stays, but its publication goes. What
  /// another materialization published since stays as it is.
  ///
  /// - Parameters:
  ///   - asset: What was published.
  ///   - materialization: The one that published it; empty for all partitions of a table together.
  ///   - isDryRun: Whether to say only what would be done.
  /// - Throws: A ``WarehouseError`` if the warehouse cannot be written.
  /// - Returns: What became of it.
  func withdraw(
    _ asset: AssetKey, materialization: String, isDryRun: Bool
  ) async throws -> Withdrawal

  /// The first rows of a table, in no particular order.
  func preview(table: TableName, limit: Int) async throws -> TablePreview

  /// Builds tables one after another in an empty database of the same kind, and forgets them again.
  ///
  /// Queries mean there what they mean in the warehouse, which is neither read nor written for it and
  /// need not exist. A table that cannot be built is missing for those behind it.
  ///
  /// - Parameter builds: What to build; indexes and consumptions do not count.
  /// - Throws: A ``WarehouseError`` if there can be no such database, `CancellationError`.
  /// - Returns: For each table its columns and rows, the latter in the order in which the query gives
  ///   them, or why it could not be built.
  func rehearse(_ builds: [TableBuild]) async throws -> [Result<TableRows, WarehouseError>]

  /// Ends all connections. Nothing may be asked afterwards.
  func close() async
}

/// A table to look at, and the consumptions whose digests are wanted.
package struct TableRequest: Sendable, Equatable {
  package var key: AssetKey
  package var table: TableName
  package var consumptions: Set<Consumption>
  /// Whether a publication vouches for it; sources have none.
  package var isPublished: Bool
  /// The column whose newest time is wanted, too.
  package var timeColumn: String?

  package init(
    key: AssetKey, table: TableName, consumptions: Set<Consumption>, isPublished: Bool = true,
    timeColumn: String? = nil
  ) {
    self.key = key
    self.table = table
    self.consumptions = consumptions
    self.isPublished = isPublished
    self.timeColumn = timeColumn
  }
}

/// What the warehouse keeps about a table that assetctl published, committed with the table.
package struct Publication: Sendable, Equatable {
  package var asset: AssetKey
  package var materialization: String
  /// The ``AssetCore/Materialization`` as JSON, so that the state store can be rebuilt from here.
  package var record: String

  package init(asset: AssetKey, materialization: String, record: String) {
    self.asset = asset
    self.materialization = materialization
    self.record = record
  }
}

/// The rows that a materialization published, as far as they are still there.
package struct TableVersion: Sendable, Equatable {
  package var publication: Publication
  /// The digest of its rows when they were published.
  package var digest: ContentDigest
  /// The table that holds them now.
  package var table: String
  package var isPublished: Bool

  package init(
    _ publication: Publication, digest: ContentDigest, table: String, isPublished: Bool
  ) {
    self.publication = publication
    self.digest = digest
    self.table = table
    self.isPublished = isPublished
  }
}

/// What became of a table that was to be removed.
package enum Withdrawal: Equatable, Sendable {
  case removed
  /// There was none, or none that was published.
  case missing
  /// It is not what was published, and stays.
  case altered
}

/// A table to build.
package struct TableBuild: Sendable {
  package enum Content: Sendable {
    case table(query: String)
    case view(query: String)
    /// Rows to load; opened inside the transaction.
    case rows(@Sendable () throws -> any RowSource)
    /// The published table with the rows that a query gives brought into it; the table must be what the
    /// materialization published.
    case incremental(query: String, IncrementalRule, since: String)
    /// The versions of the rows that a query gives, with those that are kept already.
    case snapshot(query: String, SnapshotRule, SnapshotTime)
  }

  /// When the versions of a snapshot begin, and whether there are any.
  package struct SnapshotTime: Sendable {
    package var now: Timestamp
    /// Whether a history is published, which must never be lost.
    package var goesOn: Bool

    package init(now: Timestamp, goesOn: Bool) {
      self.now = now
      self.goesOn = goesOn
    }
  }

  /// A part of a table that is built while the others stay.
  package struct Part: Sendable {
    /// The rows that are its own; it must give no others.
    package var slice: RowSlice
    /// Whether the table is to have just the columns of this part; otherwise it keeps those that it has.
    package var decidesColumns: Bool
    /// What the parts of the table may hold, if rows of none of these slices are to go.
    package var keptSlices: [RowSlice]?

    package init(
      _ slice: RowSlice, decidesColumns: Bool = false, keeping slices: [RowSlice]? = nil
    ) {
      self.slice = slice
      self.decidesColumns = decidesColumns
      keptSlices = slices
    }
  }

  /// The columns that tell rows apart.
  package struct RowKey: Sendable {
    package var columns: [String]
    /// Whether several rows may have the same.
    package var mayRepeat: Bool
    /// The column that tells when a row is from, which must not be null.
    package var time: String?

    package init(_ columns: [String], mayRepeat: Bool = false, time: String? = nil) {
      self.columns = columns
      self.mayRepeat = mayRepeat
      self.time = time
    }
  }

  package var key: AssetKey
  package var content: Content
  /// The declared types by lower-case column name.
  package var types: [String: ColumnType]
  package var indexes: [[String]]
  /// The tables that the query may read.
  package var inputs: Set<TableName>
  /// The tables among them that stand beside the warehouse, to be looked at just as the query reads
  /// them: whoever writes them does not wait.
  package var observing: [TableRequest]
  /// The consumptions whose digests are wanted.
  package var consumptions: Set<Consumption>
  /// The databases beside the warehouse that `seal` may read.
  package var checkedDatabases: Set<String>
  /// Whether the types are to be kept to by every value, where the database can make sure of that.
  package var isStrict: Bool
  /// What tells the rows apart of a table that later builds go on from; checked of what a query gives.
  package var rowKey: RowKey?
  /// Whether the table must have the columns that the published one has.
  package var keepsColumns: Bool
  /// The table to keep the candidate as if `seal` throws, in the place of what it held before.
  package var quarantine: String?
  /// How many earlier versions of the table to keep, the newest ones; of a part none are kept.
  package var keptVersions: Int
  /// Which part of its table is built, under the key of which it is published; `nil` for all of it.
  ///
  /// What is digested, and told of it, is of its rows alone.
  package var part: Part?

  package init(
    key: AssetKey, content: Content, types: [String: ColumnType] = [:], indexes: [[String]] = [],
    inputs: Set<TableName> = [], observing: [TableRequest] = [],
    consumptions: Set<Consumption> = [.whole], checkedDatabases: Set<String> = [],
    isStrict: Bool = false, rowKey: RowKey? = nil, keepsColumns: Bool = false,
    quarantine: String? = nil, keptVersions: Int = 0, part: Part? = nil
  ) {
    self.key = key
    self.content = content
    self.types = types
    self.indexes = indexes
    self.inputs = inputs
    self.observing = observing
    self.consumptions = consumptions
    self.checkedDatabases = checkedDatabases
    self.isStrict = isStrict
    self.rowKey = rowKey
    self.keepsColumns = keepsColumns
    self.quarantine = quarantine
    self.keptVersions = keptVersions
    self.part = part
  }
}

/// A table to build and to publish.
package struct TableCandidate: Sendable {
  /// Gets what was built, before anyone can see it, and what reads it, and gives the record that is
  /// committed with it.
  ///
  /// What it throws rolls the table back.
  package typealias Seal = @Sendable (BuiltTable, any TableReading) throws -> Publication

  package var build: TableBuild
  package var seal: Seal

  package init(_ build: TableBuild, seal: @escaping Seal) {
    self.build = build
    self.seal = seal
  }
}

extension Warehouse {
  /// Builds, digests and publishes one table in one transaction.
  package func publish(_ build: TableBuild, seal: @escaping TableCandidate.Seal) async throws {
    try await publish([TableCandidate(build, seal: seal)])
  }
}

/// A table that was built and is not yet visible.
package struct BuiltTable: Sendable {
  package var digests: [Consumption: ContentDigest]
  package var details: ContentDetails
  /// What ``TableBuild/observing`` asked for.
  package var observed: [AssetKey: Content]
  /// What became of the rows that were there, if it went on from them.
  package var changes: RowChanges?

  package init(
    digests: [Consumption: ContentDigest], details: ContentDetails,
    observed: [AssetKey: Content] = [:], changes: RowChanges? = nil
  ) {
    self.digests = digests
    self.details = details
    self.observed = observed
    self.changes = changes
  }

  /// What will be there once it is visible.
  package var content: Content { Content(digests, details: details) }
}

/// The first rows of a table.
package struct TablePreview: Sendable, Equatable {
  package var columns: [String]
  package var rows: [[Value]]
  /// Whether there are more rows than these.
  package var isCut: Bool

  package init(columns: [String], rows: [[Value]], isCut: Bool) {
    self.columns = columns
    self.rows = rows
    self.isCut = isCut
  }
}

/// All rows of a table.
package struct TableRows: Sendable, Equatable {
  package var columns: [Column]
  package var rows: [[Value]]

  package init(columns: [Column], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }
}
