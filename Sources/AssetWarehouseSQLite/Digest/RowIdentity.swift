import GRDBSQLite

/// The SQL function `assetctl_identity(value, …)`: a blob of 16 bytes that is the same for the same
/// values with the same types, and for no others.
enum RowIdentity {
  /// Makes the function known to a connection.
  static func install(on handle: OpaquePointer) {
    sqlite3_create_function_v2(
      handle, "assetctl_identity", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, nil,
      { context, count, values in
        let identity = withUnsafeTemporaryAllocation(of: CellHash.self, capacity: Int(count) + 1) {
          cells in
          var tally = ColumnTally()
          for index in 0..<Int(count) { cells[index] = RowHash.cell(values?[index], &tally) }
          cells[Int(count)] = CellHash(a: UInt64(count), b: UInt64(count))
          let places = 0...Int(count)
          return withUnsafeTemporaryAllocation(of: Int.self, capacity: places.count) { list in
            for place in places { list[place] = place }
            guard let first = cells.baseAddress else { return UInt128(0) }
            return RowHash.row(first, UnsafeBufferPointer(list))
          }
        }
        withUnsafeBytes(of: identity.littleEndian) { bytes in
          // SQLite copies the bytes before the call returns.
          sqlite3_result_blob(
            context, bytes.baseAddress, Int32(bytes.count),
            unsafeBitCast(-1, to: sqlite3_destructor_type.self))
        }
      }, nil, nil, nil)
  }
}
