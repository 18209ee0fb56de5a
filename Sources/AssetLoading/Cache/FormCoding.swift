import AssetCore

// The written form of how the table of a query comes to be; a change here is a new
// `DeclarationCache.format`.

extension ByteWriter {
  mutating func write(_ form: QueryRecipe.Form) {
    write(form.materialized.rawValue)
    switch form {
    case .table, .view: break
    case .incremental(let rule):
      write(rule.strategy.rawValue)
      write(rule.uniqueKey) { $0.write($1) }
      write(rule.cursor) { writer, cursor in
        writer.write(cursor.input) { $0.write($1.name) }
        writer.write(cursor.column)
      }
      write(rule.onSchemaChange.rawValue)
    case .snapshot(let rule):
      write(rule.uniqueKey) { $0.write($1) }
      switch rule.comparison {
      case .allColumns: write(0)
      case .columns(let columns):
        write(1)
        write(columns) { $0.write($1) }
      case .updatedAt(let column):
        write(2)
        write(column)
      }
      write(rule.endsDeleted)
    }
  }
}

extension ByteReader {
  mutating func form() throws(Mismatch) -> QueryRecipe.Form {
    let materialized: Materialized = try raw()
    switch materialized {
    case .table: return .table
    case .view: return .view
    case .incremental:
      return .incremental(
        IncrementalRule(
          strategy: try raw(), uniqueKey: try texts(),
          cursor: try optional { (reader) throws(Mismatch) in
            IncrementalRule.Cursor(
              input: try reader.optional { (reader) throws(Mismatch) in
                AssetKey(trusted: try reader.text())
              }, column: try reader.text())
          },
          onSchemaChange: try raw()))
    case .snapshot:
      let key = try texts()
      let comparison: SnapshotRule.Comparison
      switch try integer() {
      case 0: comparison = .allColumns
      case 1: comparison = .columns(try texts())
      case 2: comparison = .updatedAt(try text())
      default: throw Mismatch()
      }
      return .snapshot(
        SnapshotRule(uniqueKey: key, comparison: comparison, endsDeleted: try flag()))
    case .seed: throw Mismatch()
    }
  }
}
