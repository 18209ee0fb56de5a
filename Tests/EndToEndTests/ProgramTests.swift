import AssetTestSupport
import Testing

/// What programs are handed, and what becomes of what they write.
@Suite struct ProgramTests {
  private static let numbers = """
    n,text,secret
    2,b,x
    1,"a,a",y
    3,,z

    """

  private func project(_ files: [String: String]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop\nvars: {limit: 5, other: 6}\n",
        "assets/numbers.csv": Self.numbers,
      ]
      .merging(files) { _, new in new })
  }

  @Test func `an exported input has only the declared columns, in a defined order`() async throws {
    let project = try project([
      "assets/copy.sh": """
      # @asset
      # inputs: {numbers: {columns: [text, n]}}
      # outputs: [build/copy.csv]
      cp "$ASSETCTL_INPUT_NUMBERS" "$ASSETCTL_OUTPUT"
      """
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(try project.read("build/copy.csv") == "text,n\n,3\n\"a,a\",1\nb,2\n")
    // Neither another order of rows nor a column that is not declared is seen.
    try project.write("assets/numbers.csv", "n,text,secret\n3,,Z\n2,b,X\n1,\"a,a\",Y\n")
    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(try run.assets("outcome") == ["numbers": "materialized", "copy": "fresh"])
  }

  @Test func `an input can be exported as JSON Lines`() async throws {
    let project = try project([
      "assets/copy.sh": """
      # @asset
      # inputs: {numbers: {columns: [n, text], format: jsonl}}
      # outputs: [build/copy.jsonl]
      cp "$ASSETCTL_INPUT_NUMBERS" "$ASSETCTL_OUTPUT"
      """
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(
      try project.read("build/copy.jsonl") == """
        {"n":1,"text":"a,a"}
        {"n":2,"text":"b"}
        {"n":3,"text":null}

        """)
  }

  @Test func `a program knows its names and just the vars that it names`() async throws {
    let project = try project([
      "assets/env.sh": """
      # @asset
      # outputs: [build/env.txt, build/more/second-one.txt]
      echo "$PWD|$ASSETCTL_ASSET|$ASSETCTL_RUN|$ASSETCTL_VAR_LIMIT" > "$ASSETCTL_OUTPUT"
      env | grep -c '^ASSETCTL_VAR_' >> "$ASSETCTL_OUTPUT"
      [ "$ASSETCTL_OUTPUT" = "$ASSETCTL_OUTPUT_ENV" ] || exit 1
      [ -e build/env.txt ] && exit 1
      echo two > "$ASSETCTL_OUTPUT_SECOND_ONE"
      """
    ])

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 0)
    let parts = try project.read("build/env.txt").split(separator: "|")
    #expect(parts[0] == project.folder)
    #expect(parts[1] == "env")
    #expect(parts[2].wholeMatch(of: /\d{8}-\d{6}-[0-9a-f]{4}/) != nil)
    #expect(parts[3] == "5\n1\n")
    #expect(try project.read("build/more/second-one.txt") == "two\n")
    // The value of a var that it does not name is nothing to it.
    let other = try await project.assetctl("status", "--var", "other=7")
    let named = try await project.assetctl("status", "--var", "limit=7")
    #expect([other.exitCode, named.exitCode] == [0, 3])
  }

  @Test func `two outputs are one asset`() async throws {
    let project = try project([
      "assets/pair.sh": """
      # @asset
      # outputs: [build/a.txt, build/b.txt]
      echo a > "$ASSETCTL_OUTPUT_A"
      echo b > "$ASSETCTL_OUTPUT_B"
      """
    ])
    try await project.assetctl("materialize")

    try project.write("build/b.txt", "c")

    #expect(
      try await project.assetctl("status", "--format", "json").causes
        == ["pair": ["output_altered"]])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try project.read("build/b.txt") == "b\n")
  }

  @Test(
    arguments: [
      #"printf 'n,text\n1,a\n2,\n' > "$ASSETCTL_OUTPUT""#,
      #"printf '{"n": 1, "text": "a"}\n{"n": 2, "text": null}\n' > "$ASSETCTL_OUTPUT""#,
    ])
  func `a program's rows become a table`(command: String) async throws {
    let project = try project([
      "assets/made.sh": "# @asset\n# kind: table\n\(command)\n",
      "assets/reader.sql": "select n + 1 as m, text is null as is_empty from made",
    ])

    let run = try await project.assetctl("materialize", "reader", "--format", "json")

    #expect(run.exitCode == 0)
    #expect(try await project.sqlite("select * from reader order by 1") == [[2, 0], [3, 1]])
    #expect(try await project.assetctl("status", "reader").exitCode == 0)
  }

  @Test func `a program may stand in a YAML file, as a list of words`() async throws {
    let project = try project([
      "assets/all.yml": """
      assets:
        - name: shouted
          run: [bash, -c, 'tr a-z A-Z < "$ASSETCTL_INPUT_NUMBERS" > "$ASSETCTL_OUTPUT"']
          inputs: {numbers: {columns: [text]}}
          outputs: [build/shouted.txt]
      """
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(try project.read("build/shouted.txt") == "TEXT\n\"\"\n\"A,A\"\nB\n")
  }

  @Test func `a model tells its metrics`() async throws {
    let project = try project([
      "assets/model.sh": """
      # @asset
      # kind: model
      # outputs: [build/model.json]
      echo '{"weights": [1, 2], "metrics": {"rmse": 39.7, "mae": 2}}' > "$ASSETCTL_OUTPUT"
      """
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)

    let show = try await project.assetctl("show", "model", "--format", "json")
    #expect(
      try show.json["materializations"][0]["metrics"] == ["rmse": 39.7, "mae": 2])
    #expect(try await Schemas.problems(in: [("show", show)], of: project) == [])
  }

  @Test func `a file is an input of a program`() async throws {
    let project = try project([
      "assets/first.sh": "# @asset\n# outputs: [build/first.txt]\necho 1 > \"$ASSETCTL_OUTPUT\"\n",
      "assets/second.sh": """
      # @asset
      # inputs: [first]
      # outputs: [build/second.txt]
      cat "$ASSETCTL_INPUT_FIRST" > "$ASSETCTL_OUTPUT"
      """,
    ])
    try await project.assetctl("materialize")

    try project.edit("assets/first.sh", "echo 1", to: "echo 2")

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(try run.assets(where: "outcome", is: "materialized") == ["first", "second"])
    #expect(try project.read("build/second.txt") == "2\n")
  }

  @Test func `code files and declared variables are part of the definition`() async throws {
    let project = try project([
      "assets/lib/part.txt": "1",
      "assets/made.sh": """
      # @asset
      # outputs: [build/made.txt]
      # code: [assets/lib/*.txt]
      # env: [SHOP_SIZE]
      cat assets/lib/part.txt > "$ASSETCTL_OUTPUT"; echo "$SHOP_SIZE" >> "$ASSETCTL_OUTPUT"
      """,
    ])
    try await project.assetctl("materialize")

    let other = try await project.assetctl("status", environment: ["SHOP_SIZE": "3"])
    try project.write("assets/lib/part.txt", "2")
    let edited = try await project.assetctl("status", "made", "--format", "json")

    #expect(other.exitCode == 3)
    #expect(try edited.causes == ["made": ["definition_changed"]])
  }

  @Test func `a secret is masked in the log, and is not part of the definition`() async throws {
    let project = try project([
      "assets/made.sh": """
      # @asset
      # outputs: [build/made.txt]
      # secrets: [SHOP_TOKEN]
      echo "using $SHOP_TOKEN"; echo "failing with $SHOP_TOKEN" >&2
      echo "${#SHOP_TOKEN}" > "$ASSETCTL_OUTPUT"
      [ -n "$FAIL" ] && exit 1; true
      """
    ])

    let failed = try await project.assetctl(
      "materialize", "made", environment: ["SHOP_TOKEN": "hunter22", "FAIL": "1"])
    let run = try await project.assetctl(
      "materialize", environment: ["SHOP_TOKEN": "hunter22"])
    let other = try await project.assetctl("status", environment: ["SHOP_TOKEN": "correct horse"])

    #expect(failed.output.contains("failing with ***"))
    #expect(run.exitCode == 0)
    #expect(other.exitCode == 0)
    #expect(
      try await project.assetctl("logs", "last", "made", environment: ["SHOP_TOKEN": "x"]).output
        == "using ***\nfailing with ***\n")
    #expect(try project.read("build/made.txt") == "8\n")
    for file in project.files(under: ".assetctl") {
      #expect(try !project.read(file).contains("hunter22"), "\(file)")
    }
    let missing = try await project.assetctl("status")
    #expect(missing.exitCode == 2)
  }
}
