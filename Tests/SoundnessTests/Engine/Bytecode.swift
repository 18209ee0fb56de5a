/// The columns that SQLite's program for a query reads, by table, all in lower case.
///
/// A reader of its own, simpler than the warehouse's: it knows tables without indexes, without
/// rowid and with ordinary columns only, and takes a table's every opened cursor for one of it.
extension Engine {
  func bytecodeReads(of sql: String) throws -> [String: Set<String>] {
    let schema = try tablesByRoot()
    var cursors: [String: String] = [:]
    var reads: [String: Set<String>] = [:]
    let program = try answer("explain " + sql).rows
    for row in program {
      let (opcode, cursor, operand) = (row[1], row[2], row[3])
      if opcode == "'OpenRead'" {
        guard let table = schema[operand] else {
          throw Refused(description: "no table has the root page \(operand)")
        }
        cursors[cursor] = table.name
        reads[table.name, default: []] = reads[table.name] ?? []
      } else if opcode.hasPrefix("'Open") || opcode == "'SorterOpen'" || opcode == "'VOpen'" {
        if cursors[cursor] != nil {
          throw Refused(description: "the cursor \(cursor) is opened twice")
        }
      }
    }
    for row in program where row[1] == "'Column'" || row[1] == "'Offset'" {
      guard let name = cursors[row[2]], let index = Int(row[3]),
        let table = schema.values.first(where: { $0.name == name })
      else { continue }
      reads[name]?.insert(table.columns[index])
    }
    return reads
  }

  private func tablesByRoot() throws -> [String: (name: String, columns: [String])] {
    let tables = try answer("select name, rootpage from sqlite_schema where type = 'table'").rows
    return try Dictionary(
      uniqueKeysWithValues: tables.map { row in
        let name = row[0].dropFirst().dropLast()
        let columns = try answer("select lower(name) from pragma_table_info(\(row[0]))").rows
        return (
          row[1], (name.lowercased(), columns.map { String($0[0].dropFirst().dropLast()) })
        )
      })
  }
}
