import AssetTestSupport
import Foundation
import Testing

/// A store with a row that cannot be read is told of, whatever is in the row.
@Suite(.timeLimit(.minutes(15))) struct DamagedStoreTests {
  private static func project() async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/raw.csv": "region,n\neast,5\nwest,6\n",
      "assets/part.sql": """
      /* @asset
      partitions: {column: region, values: [east, west]}
      checks: [{unique: region}]
      */
      select region, n from raw where region = :partition_key
      """,
      "assets/t.sql":
        "/* @asset\nkeep: 2\nchecks: [{expression: n < 100}]\n*/\nselect sum(n) as n from part",
      "assets/f.sh": "# @asset\n# inputs: [t]\n# outputs: [build/f]\necho f > $ASSETCTL_OUTPUT\n",
      "assets/bad.sh": "# @asset\n# outputs: [build/bad]\nexit 3\n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 1)
    return project
  }

  private static let commands = [
    ["status"], ["runs"], ["show", "t"], ["why", "part"], ["logs", "last"], ["clean", "--dry-run"],
    ["materialize"],
  ]

  private func expectTold(
    _ damage: String, in made: TemporaryProject, atOnce: Bool = false
  ) async throws {
    let project = try made.copy()
    try await project.sqlite(damage, in: ".assetctl/state.sqlite")
    for command in Self.commands {
      let result = try await project.assetctl(command)
      #expect(
        [0, 1, 2, 3, 64].contains(result.exitCode),
        "\(command) after \(damage): exit \(result.exitCode) \(result.errors)")
      guard atOnce, command == ["status"] else { continue }
      #expect(result.exitCode == 2, "\(command) after \(damage)")
      #expect(
        result.errors.contains(".assetctl/state.sqlite` is damaged"), "\(damage): \(result.errors)")
      #expect(result.errors.contains("hint: restore it from a copy or move it away"))
    }
  }

  @Test func `what decides on an asset is never left out because it is damaged`() async throws {
    let made = try await Self.project()
    for damage in [
      "update materialization set finished_at = 'nonsense'",
      "update materialization set finished_at = 9223372036854775807 where asset = 't'",
      "update materialization set rows = -1 where asset = 't'",
      "update materialization set files = '{' where asset = 'f'",
      "update materialization set content = x'00' where asset = 't'",
      "delete from materialization where asset = 't'",
      "update attempt set started_at = 'nonsense'",
      "update attempt set outcome = 'neither' where asset = 'bad'",
      "update attempt set provenance = '[' where asset = 'bad'",
      "delete from attempt where asset = 'bad'",
      "update materialization_input set consumption = 'x'",
      "update materialization_input set details = substr(details, 2) where details is not null",
      "update asset_state set asset = '{' where asset = 't'",
    ] {
      try await expectTold(damage, in: made, atOnce: true)
    }
  }

  @Test func `no value of any column ends a command otherwise`() async throws {
    let made = try await Self.project()
    let columns = try await made.sqlite(
      """
      select t.name, c.name from sqlite_schema t, pragma_table_info(t.name) c
      where t.type = 'table' and t.name not like 'sqlite%'
        and not (c.pk > 0 and c.type = 'INTEGER' collate nocase) order by 1, 2
      """, in: ".assetctl/state.sqlite"
    ).map { ($0[0].text, $0[1].text) }
    #expect(columns.count > 50)
    let values = [
      "null", "'nonsense'", "-1", "9223372036854775807", "x'00ff'", "'../../x'", "'{'",
      "substr(COLUMN, 1, length(COLUMN) - 1)",
    ]
    // Each column with two of the values, others every time.
    for (table, column) in columns {
      for value in values.shuffled().prefix(2) {
        let value = value.replacing("COLUMN", with: "\"\(column)\"")
        try await expectTold("update or ignore \"\(table)\" set \"\(column)\" = \(value)", in: made)
      }
    }
  }
}
