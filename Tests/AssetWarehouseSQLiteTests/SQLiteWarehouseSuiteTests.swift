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
      return WarehousePair(mine: file.warehouse, other: file.another())
    }
  }

  @Test func `so is the fake one that other tests run on`() async throws {
    try await warehouseSuite(mergesRows: false) {
      let warehouse = FakeWarehouse()
      return WarehousePair(mine: warehouse, other: warehouse.another())
    }
  }
}
