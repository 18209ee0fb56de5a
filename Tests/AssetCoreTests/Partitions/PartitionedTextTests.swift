import AssetCore
import Testing

@Suite struct PartitionedTextTests {
  private let text = PartitionedText([
    .text("select "), .parameter(.key), .text(" where d >= "), .parameter(.start),
    .text(" and d < "), .parameter(.end),
  ])

  @Test func `each partition has a text of its own`() throws {
    let day = try #require(try partitions(.day, "2024-01-02", "2024-01-02").first)

    #expect(
      text.text(for: day, literal: \.canonicalText)
        == "select '2024-01-02' where d >= '2024-01-02' and d < '2024-01-03'")
  }

  @Test func `a parameter that a partition does not have stays`() {
    let list = PartitionList(
      PartitionScheme(column: "r", .values([.text("O'Neil")])), at: moment("2024-01-01"))

    #expect(
      text.text(for: list[0], literal: \.canonicalText)
        == "select 'O''Neil' where d >= :partition_start and d < :partition_end")
  }
}
