import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Foundation
import Testing

@Suite struct SQLiteWarehouseSuiteTests {
  @Test func `a SQLite file is a warehouse`() async throws {
    var files: [TemporaryWarehouse] = []
    try await warehouseSuite {
      let file = try TemporaryWarehouse()
      files.append(file)
      let folder = (file.path as NSString).deletingLastPathComponent
      return WarehousePair(mine: file.warehouse, other: file.another()) { table, columns, rows in
        let database = try SQLiteShell(folder + "/" + (table.database ?? ""))
        let values = rows.map { "(" + $0.map { "'\($0)'" }.joined(separator: ", ") + ")" }
        try database.execute(
          """
          drop table if exists \(table.name);
          create table \(table.name) (\(columns.joined(separator: " text, ")) text);
          insert into \(table.name) values \(values.joined(separator: ", "))
          """)
      }
    }
  }

  @Test func `so is the fake one that other tests run on`() async throws {
    try await warehouseSuite(mergesRows: false) {
      let warehouse = FakeWarehouse()
      return WarehousePair(mine: warehouse, other: warehouse.another()) { table, columns, rows in
        warehouse[table.fakeName] = rows.map { row in
          zip(columns, row).map { "\($0)=\($1)" }.joined(separator: " ")
        }.joined(separator: "\n")
      }
    }
  }
}
