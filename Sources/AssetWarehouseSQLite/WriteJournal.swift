import AssetCore
import AssetWarehouse
import GRDBSQLite

/// Notes what a connection writes: whatever a statement makes, changes or drops is told to the
/// authorizer when it is prepared, with all that triggers do.
final class WriteJournal {
  /// What was written; names are in it from the time when a statement was prepared.
  var writes = WarehouseWrites()

  func install(on handle: OpaquePointer) {
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        let name: UnsafePointer<CChar>?
        switch action {
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE, SQLITE_CREATE_TABLE, SQLITE_DROP_TABLE,
          SQLITE_CREATE_VIEW, SQLITE_DROP_VIEW, SQLITE_CREATE_VTABLE, SQLITE_DROP_VTABLE:
          name = first
        case SQLITE_ALTER_TABLE: name = second
        default: return SQLITE_OK
        }
        if let name {
          Unmanaged<WriteJournal>.fromOpaque(context).takeUnretainedValue().writes
            .note(String(cString: name))
        }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
