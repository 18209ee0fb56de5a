/// One typed reason to be stale.
package enum StaleCause: Hashable, Sendable {
  case neverMaterialized
  case definitionChanged
  /// The rows of these columns changed; `nil` when the input is consumed as a whole.
  case inputChanged(InputName, columns: [String]?)
  /// Nothing but rows ahead of the cursor were added to the input of an incremental table.
  case inputExtended(InputName, cursor: String)
  /// Rows at or behind the cursor changed, so that an incremental table is built anew.
  case inputRewritten(InputName, columns: [String]?, cursor: String)
  case inputAdded(InputName)
  case inputRemoved(InputName)
  case outputMissing
  case outputAltered
  /// A volatile asset is older than it may be.
  case expired
  /// The last attempt has no end: assetctl was killed during it.
  case attemptUnfinished
  /// The last attempt failed, though nothing but a request was a reason for it, and nothing has changed
  /// since.
  case attemptFailed
  case forced
  /// The input is itself stale, so that this is decided once it is materialized.
  case inputStale(AssetKey)
  /// A cause for which an incremental table is built anew, whose inputs it then reads from their beginning.
  indirect case fullRefresh(StaleCause)
  /// A cause for which a table is carried on whose query reads the rows that it has.
  indirect case goingOn(StaleCause)

  /// The name in JSON and in the docs.
  package var name: String {
    switch self {
    case .neverMaterialized: "never_materialized"
    case .definitionChanged: "definition_changed"
    case .inputChanged, .inputExtended, .inputRewritten: "input_changed"
    case .inputAdded: "input_added"
    case .inputRemoved: "input_removed"
    case .outputMissing: "output_missing"
    case .outputAltered: "output_altered"
    case .expired: "expired"
    case .attemptUnfinished: "attempt_unfinished"
    case .attemptFailed: "attempt_failed"
    case .forced: "forced"
    case .inputStale: "input_stale"
    case .fullRefresh(let cause), .goingOn(let cause): cause.name
    }
  }

  /// The input that the cause is about.
  package var input: InputName? {
    switch self {
    case .inputChanged(let name, _), .inputAdded(let name), .inputRemoved(let name),
      .inputExtended(let name, _), .inputRewritten(let name, _, _):
      name
    case .inputStale(let key): .asset(key)
    case .fullRefresh(let cause), .goingOn(let cause): cause.input
    default: nil
    }
  }

  /// The columns of an input that changed.
  package var columns: [String]? {
    switch self {
    case .inputChanged(_, let columns), .inputRewritten(_, let columns, _): columns
    case .fullRefresh(let cause), .goingOn(let cause): cause.columns
    default: nil
    }
  }

  /// Where the cursor of an incremental table stood.
  package var cursor: String? {
    switch self {
    case .inputExtended(_, let cursor), .inputRewritten(_, _, let cursor): cursor
    default: nil
    }
  }

  /// Whether an incremental table is built anew; `nil` for causes of other assets, and where there is
  /// nothing yet to go on from.
  package var isFullRefresh: Bool? {
    switch self {
    case .inputExtended, .goingOn: false
    case .inputRewritten, .fullRefresh: true
    default: nil
    }
  }

  /// The cause by itself, whatever follows from it for an incremental table.
  package var base: StaleCause {
    switch self {
    case .fullRefresh(let cause), .goingOn(let cause): cause
    default: self
    }
  }

  /// The cause as one of an incremental table that was materialized before.
  var ofIncremental: StaleCause {
    isPending || isFullRefresh != nil ? self : .fullRefresh(self)
  }

  /// The cause as one of a table whose query reads the rows that it has: what its author makes of them
  /// holds as long as the query and the table are what they were.
  var ofOwnRows: StaleCause {
    switch self {
    case .inputChanged, .expired, .attemptUnfinished, .attemptFailed: .goingOn(self)
    default: ofIncremental
    }
  }

  /// The input that holds something else than was read of it.
  package var changedInput: InputName? { name == "input_changed" ? input : nil }
}

extension [StaleCause] {
  /// Whether an incremental table that is stale for these causes can go on from the rows that it has.
  package var allowGoingOn: Bool { !isEmpty && allSatisfy { $0.isFullRefresh == false } }
}

extension StaleCause {
  /// The cause of a name, as far as it is one.
  package init?(
    name: String, input: InputName?, columns: [String]?, cursor: String? = nil,
    isFullRefresh: Bool? = nil
  ) {
    guard
      let base = Self.base(
        named: name, input, columns: columns, cursor: cursor, isFullRefresh: isFullRefresh)
    else { return nil }
    switch isFullRefresh {
    case true?: self = base.ofIncremental
    case false? where base.isFullRefresh == nil: self = .goingOn(base)
    default: self = base
    }
  }

  private static func base(
    named name: String, _ input: InputName?, columns: [String]?, cursor: String?,
    isFullRefresh: Bool?
  ) -> StaleCause? {
    let plain: [StaleCause] = [
      .neverMaterialized, .definitionChanged, .outputMissing, .outputAltered, .expired,
      .attemptUnfinished, .attemptFailed, .forced,
    ]
    if let cause = plain.first(where: { $0.name == name }) { return cause }
    switch (name, input) {
    case ("input_changed", let input?):
      guard let cursor else { return .inputChanged(input, columns: columns) }
      return isFullRefresh == true
        ? .inputRewritten(input, columns: columns, cursor: cursor)
        : .inputExtended(input, cursor: cursor)
    case ("input_added", let input?): return .inputAdded(input)
    case ("input_removed", let input?): return .inputRemoved(input)
    case ("input_stale", .asset(let key)?): return .inputStale(key)
    default: return nil
    }
  }
}
