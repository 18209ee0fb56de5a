import AssetTestSupport
import Testing

/// Programs that make a table partition by partition.
@Suite(.timeLimit(.minutes(10))) struct PartitionProgramTests {
  private static let header = """
    # @asset
    # kind: table
    # partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-04}
    # inputs: {events: {columns: [day, n], window: {before: 1}}}

    """

  private static let program =
    header + """
      echo "$ASSETCTL_PARTITION_KEY $ASSETCTL_PARTITION_START $ASSETCTL_PARTITION_END" >> ran
      if [ "$ASSETCTL_PARTITION_KEY" = "$(cat bad 2> /dev/null)" ]; then echo oh >&2; exit 3; fi
      awk -F, -v day="$ASSETCTL_PARTITION_KEY" '
        BEGIN { print "day,rows,n" } NR > 1 { rows += 1; n += $2 } END { print day "," rows "," n }
      ' "$ASSETCTL_INPUT_EVENTS" > "$ASSETCTL_OUTPUT"

      """

  @Test func `a program is told its partition and gets the rows of its window`() async throws {
    let made = try await PartitionProject([
      "assets/made.sh": Self.program, "assets/total.sql": "select sum(n) as n from made",
    ])
    #expect(
      try await made.rows("made") == [
        ["2024-01-01", 1, 1], ["2024-01-02", 2, 3], ["2024-01-03", 2, 5], ["2024-01-04", 2, 7],
      ])
    #expect(
      try made.project.read("ran").split(separator: "\n").sorted()
        == (1...4).map { "2024-01-0\($0) 2024-01-0\($0) 2024-01-0\($0 + 1)" })
    try await made.project.sqlite("update events set n = 100 where day = '2024-01-02'")

    let run = try await made.materialize()

    #expect(
      try run.made == [
        "daily@2024-01-02", "made@2024-01-02", "made@2024-01-03", "total",
      ])
    #expect(try await made.rows("total") == [[212]])
    try await made.expectFresh()
  }

  @Test func `a program that fails for one day fails for that day alone`() async throws {
    let made = try await PartitionProject([
      "assets/made.sh": Self.program,
      "assets/next.sql": PartitionProject.file(
        "partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-04}",
        "select day, n from made where \(PartitionProject.ownRows)"),
    ])
    try made.project.write("bad", "2024-01-03")
    try await made.project.sqlite("update events set n = 100 where day = '2024-01-02'")

    let run = try await made.materialize()
    let log = try await made.project.assetctl("logs", "last", "made")

    #expect(run.exitCode == 1)
    #expect(
      try run.partitions(by: "outcome").filter { $0.key != "daily" } == [
        "made": ["materialized": ["2024-01-02"], "failed": ["2024-01-03"]],
        "next": ["materialized": ["2024-01-02"], "skipped": ["2024-01-03"]],
      ])
    #expect(log.output.contains("oh"), "\(log.output)\(log.errors)")
    #expect(
      try await made.rows("made")[1...2] == [["2024-01-02", 2, 101], ["2024-01-03", 2, 5]])
    try made.project.write("bad", "")
    #expect(try await made.materialize("--retry").made == ["made@2024-01-03", "next@2024-01-03"])
    try await made.expectFresh()
  }

  @Test func `keys that are no names of files are handed over as they are`() async throws {
    let keys = ["a/b", "x y", "it's", "p@q", "%41", "ö", "..", "-n", "$HOME", "a\\\\b", "null"]
    let list = keys.map { "\"\($0)\"" }.joined(separator: ", ")
    let made = try await PartitionProject([
      "assets/made.py": """
      \"\"\"@asset
      kind: table
      partitions: {column: name, values: [\(list), 7]}
      inputs: {events: {columns: [n]}}
      \"\"\"
      import csv, os
      with open(os.environ["ASSETCTL_OUTPUT"], "w", newline="") as file:
          csv.writer(file).writerows([["name", "size"], [os.environ["ASSETCTL_PARTITION_KEY"], 1]])
      print("made " + os.environ["ASSETCTL_PARTITION_KEY"])
      assert "ASSETCTL_PARTITION_START" not in os.environ

      """
    ])
    let names = try await made.rows("made", "name, size").map { $0[0].text }
    #expect(
      names.sorted() == (keys.map { $0.replacing("\\\\", with: "\\") } + ["7"]).sorted())
    let logs = try await made.project.assetctl("logs", "last")
    for name in names { #expect(logs.output.contains("made \(name)"), "\(logs.output)") }
  }
}
