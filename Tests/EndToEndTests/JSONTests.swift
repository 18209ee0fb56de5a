import AssetTestSupport
import Testing

/// The documents of `--format json`: whole values where they are small, and each of them against
/// the schema that is shipped for it.
@Suite struct JSONTests {
  @Test func `every document is as its schema says`() async throws {
    let project = try ShopProject.new([
      "assets/raw/sources.yml": """
      sources:
        - name: events
        - {name: visits, database: app.sqlite, freshness: {column: at, error_after: 1h}}
        - {name: old, database: app.sqlite, freshness: {column: at, warn_after: 1h}}
      """,
      "assets/raw/seen.sql": "select count(*) as n from old",
      "assets/raw/log.sh":
        "# @asset\n# kind: table\nprintf 'at,n\\n1,2\\n' > \"$ASSETCTL_OUTPUT\"\n",
    ])
    try await project.sqlite(
      "create table visits (at text)", "create table old as select '2020-01-01' as at",
      in: "app.sqlite")
    var documents = try await documents(of: project)
    try await project.assetctl("materialize", "--exclude", "events")
    documents += try await self.documents(of: project)
    try project.edit(
      "assets/marts/per_customer.sql", "customers.name,", to: "customers.nmae,")
    try project.write("build/report.txt", "drawn by hand")
    documents.append(("materialize", try await project.assetctl("materialize", "--format", "json")))
    documents += try await self.documents(of: project)
    try project.remove("assets/raw/log.sh")
    try project.remove("assets/reports/report.sh")
    documents.append(
      ("diff", try await project.assetctl("materialize", "--dry-run", "--diff", "--format", "json"))
    )
    for line in ["validate", "lineage", "status", "clean --dry-run", "clean"] {
      let words = line.split(separator: " ").map(String.init)
      documents.append((words[0], try await project.assetctl(words + ["--format", "json"])))
    }
    documents += try await testDocuments(of: project)

    let problems = try await Schemas.problems(in: documents, of: project)

    #expect(problems == [])
    #expect(documents.allSatisfy { $0.result.output.hasSuffix("}\n") })
  }

  @Test func `documents about versions are as their schemas say`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\ndefaults: {keep: 1}",
      "assets/a.csv": "id,name\n1,x\n2,y\n",
      "assets/b.sql": "/* @asset\nchecks: [{unique: id}]\n*/\nselect * from a",
      "assets/kept.sql":
        "/* @asset\nmaterialized: snapshot\nunique_key: id\n*/\nselect * from a",
      "assets/model.sh":
        "# @asset\n# kind: model\n# inputs: [b]\n# outputs: [build/m]\ncp \"$ASSETCTL_INPUT_B\" \"$ASSETCTL_OUTPUT\"\n",
    ])
    try await project.assetctl("materialize")
    try project.write("assets/a.csv", "id,name\n1,z\n3,\n")
    var documents: [(command: String, result: CommandResult)] = []
    for line in [
      "diff materialize --dry-run --diff", "materialize materialize", "diff diff b",
      "diff diff model", "diff diff kept", "rollback rollback kept --list", "rollback rollback b",
      "rollback rollback b --list", "diff diff b",
      "runs runs", "show show b", "status status",
    ] {
      let words = line.split(separator: " ").map(String.init)
      let result = try await project.assetctl(Array(words.dropFirst()) + ["--format", "json"])
      documents.append((words[0], result))
    }

    #expect(try await Schemas.problems(in: documents, of: project) == [])
    #expect(documents.allSatisfy { $0.result.output.hasSuffix("}\n") })
  }

  private func testDocuments(
    of project: TemporaryProject
  ) async throws -> [(command: String, result: CommandResult)] {
    let generated = try await project.assetctl("test", "--generate", "paid", "--format", "json")
    try project.write(
      "tests/more.yml",
      """
      tests:
        - {name: a, asset: paid, given: {orders: [{id: 1, amount: 99}]}, expect: [{id: "x"}, {}]}
        - {name: b, asset: paid, given: {orders: []}, expect: [{no: 1}]}
        - {name: c, asset: best, description: D, given: {per_customer: []}, expect: [{total: 1}]}
      """)
    return [
      ("test", generated), ("test", try await project.assetctl("test", "--format", "json")),
    ]
  }

  private func documents(
    of project: TemporaryProject
  ) async throws -> [(command: String, result: CommandResult)] {
    var documents: [(command: String, result: CommandResult)] = []
    for line in [
      "list", "status", "status -v", "plan", "plan --force", "lineage paid",
      "lineage paid --columns",
      "lineage paid.amount", "lineage orders.amount --downstream", "why best", "why report",
      "why orders", "show per_customer", "show report", "show events", "show visits",
      "show orders",
      "runs", "clean --dry-run", "logs last", "preview per_customer", "preview log",
      "check", "diff per_customer", "diff report", "rollback orders --list",
    ] {
      let words = line.split(separator: " ").map(String.init)
      let result = try await project.assetctl(words + ["--format", "json"])
      // Before the first run there are no logs and no rows, and nothing is said on standard output.
      if result.exitCode != 64, result.exitCode != 2 { documents.append((words[0], result)) }
    }
    return documents
  }

  @Test func `status has a summary and an entry for each asset`() async throws {
    let project = try await ShopProject.materialized()
    try project.edit("assets/raw/customers.csv", "Ada", to: "Ada Lovelace")

    let status = try await project.assetctl("status", "customers", "best", "--format", "json")

    #expect(status.exitCode == 3)
    #expect(status.errors == "")
    #expect(
      try status.json == [
        "version": 1, "command": "status", "project": "shop",
        "summary": ["fresh": 0, "stale": 1, "waiting": 1, "failed": 0, "unknown": 0],
        "assets": [
          [
            "asset": "customers", "kind": "table", "materialized": "seed", "group": "raw",
            "status": "stale", "last_materialized": "<time>", "rows": 3,
            "causes": [["cause": "input_changed", "input": "assets/raw/customers.csv"]],
          ],
          [
            "asset": "best", "kind": "table", "materialized": "view", "group": "marts",
            "status": "waiting", "last_materialized": "<time>", "rows": 1,
            "causes": [["cause": "input_stale", "input": "per_customer"]],
          ],
        ],
        "orphaned": [],
      ])
  }

  @Test func `materialize tells the outcome of each asset`() async throws {
    let project = try ShopProject.new([
      "assets/reports/report.sh": """
      # @asset
      # inputs: [paid]
      # outputs: [build/report.txt]
      echo out of paper; exit 7
      """
    ])

    let run = try await project.assetctl("materialize", "+report", "--format", "json")

    #expect(run.exitCode == 1)
    let report = try run.json["assets"][2]
    #expect(report["asset"] == "report")
    #expect(report["outcome"] == "failed")
    #expect(report["error"] == "the program of `report` ended with exit code 7")
    #expect(report["details"] == ["log: .assetctl/runs/<run>/report.log", "out of paper"])
    #expect(try run.json["outcome"] == "failed")
    #expect(run.errors.contains("materialized") && run.errors.contains("exit code 7"))
  }

  @Test func `a run that had nothing to do has no name`() async throws {
    let project = try await ShopProject.materialized()

    let run = try await project.assetctl("materialize", "orders", "--format", "json").json

    #expect(run["run"] == nil)
    #expect(run["outcome"] == "succeeded")
    #expect(run["assets"] == [["asset": "orders", "outcome": "fresh", "causes": []]])
  }

  @Test func `preview keeps the types of values`() async throws {
    let project = try await ShopProject.materialized([
      "assets/odd.sql": "select 1 as i, 1.5 as r, 'a\"b' as t, null as n, x'00ff' as b"
    ])

    #expect(
      try await project.assetctl("preview", "odd", "--format", "json").json == [
        "version": 1, "command": "preview", "asset": "odd",
        "columns": ["i", "r", "t", "n", "b"], "rows": [[1, 1.5, "a\"b", nil, "00ff"]],
        "is_cut": false,
      ])
  }
}

/// The JSON Schemas that the project ships.
enum Schemas {
  /// Validates documents with the Python package `jsonschema`.
  ///
  /// - Returns: What is wrong with them, or with the schemas themselves.
  static func problems(
    in documents: [(command: String, result: CommandResult)], of project: TemporaryProject
  ) async throws -> [String] {
    let script = """
      import json, pathlib, sys
      from jsonschema import Draft202012Validator
      folder, *rest = sys.argv[1:]
      problems = []
      for path in sorted(pathlib.Path(folder).glob("*.json")):
          Draft202012Validator.check_schema(json.loads(path.read_text()))
      for command, text in zip(rest[::2], rest[1::2]):
          schema = json.loads(pathlib.Path(folder, command + ".schema.json").read_text())
          for error in Draft202012Validator(schema).iter_errors(json.loads(text)):
              problems.append(command + ": " + error.json_path + ": " + error.message)
      print(json.dumps(problems))
      """
    let folder = BuiltProgram.repository + "/docs/schemas"
    let arguments = documents.flatMap { document in
      // Schemas describe documents as they are printed, before tests make them comparable.
      [document.command, Samples.apply(to: document.result.output)]
    }
    return try await project.python(script, [folder] + arguments).json.elements.map(\.text)
  }

  /// Values in place of the words that stand for what differs from run to run.
  private enum Samples {
    static func apply(to text: String) -> String {
      text.replacing("<run>", with: "20261121-091403-5f2a")
        .replacing("<time>", with: "2026-11-21T09:14:03Z").replacing("<digest>", with: "rows1:ab")
    }
  }
}
