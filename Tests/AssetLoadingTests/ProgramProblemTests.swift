import AssetCore
import AssetLoading
import Testing

/// What can be wrong with programs, seeds and sources, each with its exact place.
@Suite struct ProgramProblemTests {
  static let programs: [(String, Diagnostic)] = [
    (
      "\"\"\"@asset\nkind: file\noutputs: [build/a]\nchecks: [unique: a]\n\"\"\"",
      Diagnostic(
        "the check is about rows, and `a` is no table", at: at("assets/a.py", 4, 10),
        hint: "bound its metrics with `metric: {name: …, max: …}`, or let the program report checks"
      )
    ),
    (
      "# @asset\n# kind: model\n# outputs: [build/a]\n# checks: [{metric: {name: n, min: 2.5, max: 1}}]",
      Diagnostic(
        "`min: 2.5` and `max: 1` exclude each other", at: at("assets/a.py", 4, 41),
        hint: "keep one of them")
    ),
    (
      "# @asset\n# outputs: [build/a]\n# retries: {max: some}",
      Diagnostic("`max` must be a whole number, 0 or more", at: at("assets/a.py", 3, 18))
    ),
    (
      "# @asset\n# outputs: [build/a]\n# retries: {delay: 1s}",
      Diagnostic("`retries` has no `max`", at: at("assets/a.py", 3, 12), hint: "add `max:`")
    ),
    (
      "# @asset\n# outputs: [build/a]\n# inputs: {orders: {columns: []}}",
      Diagnostic(
        "the input `orders` names no column to read", at: at("assets/a.py", 3, 30),
        hint: "name at least one column, or leave `columns` out")
    ),
    (
      "# @asset\n# outputs: [build/a]\n# timeout: soon",
      Diagnostic(
        "`timeout` must be a time such as `500ms`, `30s`, `20m` or `6h`",
        at: at("assets/a.py", 3, 12))
    ),
    (
      "# @asset\n# outputs: [build/a]\n# pool: gpu",
      Diagnostic(
        "there is no pool `gpu`", at: at("assets/a.py", 3, 9),
        hint: "add it with its limit under `pools:` in `assetctl.yml`, as in `pools: {gpu: 1}`")
    ),
    (
      "#!/usr/bin/python3\n# @asset\n# kind: fil\n# outputs: [build/a]",
      Diagnostic(
        "`fil` is not a value of `kind`", at: at("assets/a.py", 3, 9), hint: "did you mean `file`?")
    ),
    (
      "# @asset\n# kind: file\n",
      Diagnostic(
        "`a` names no file that it writes", at: at("assets/a.py"),
        hint: "add `outputs: [PATH]`, or `kind: table` if it writes rows")
    ),
    (
      "# @asset\n# kind: table\n# outputs: [x, y]\n",
      Diagnostic(
        "`a` is a table, which has no `outputs`", at: at("assets/a.py", 3, 13),
        hint: "remove `outputs:`, or set `kind: file`")
    ),
    (
      "# @asset\n# outputs: {a-b: build/a}\n",
      Diagnostic(
        "`a-b` cannot be the name of an output", at: at("assets/a.py", 2, 13),
        hint: "use letters, digits and `_`, not starting with a digit")
    ),
    (
      "# @asset\n# outputs: [build/a, ../b]\n",
      Diagnostic(
        "the path `../b` leads out of the project's folder", at: at("assets/a.py", 2, 22),
        hint: "write a path inside the project, relative to its folder")
    ),
    (
      "# @asset\n# outputs: [/tmp/a]\n",
      Diagnostic(
        "the path `/tmp/a` is absolute", at: at("assets/a.py", 2, 13),
        hint: "write a path inside the project, relative to its folder")
    ),
    (
      "# @asset\n# outputs: [./.]\n",
      Diagnostic(
        "the path `./.` names no file", at: at("assets/a.py", 2, 13),
        hint: "write a path inside the project, relative to its folder")
    ),
    (
      "# @asset\n# outputs: [build/../assets/b.csv]\n",
      Diagnostic(
        "the output `build/../assets/b.csv` lies under `assets/`", at: at("assets/a.py", 2, 13),
        hint: "write outputs elsewhere, such as `build/`")
    ),
    (
      "# @asset\n# outputs: .assetctl/b\n",
      Diagnostic(
        "the output `.assetctl/b` lies under `.assetctl/`", at: at("assets/a.py", 2, 12),
        hint: "write outputs elsewhere, such as `build/`")
    ),
    (
      "# @asset\n# run: a | b\n",
      Diagnostic(
        "the command `a | b` cannot be split into words: `|` would need a shell",
        at: at("assets/a.py", 2, 8),
        hint: "no shell reads it; for one, write `run: bash -c '…'`")
    ),
    (
      "# @asset\n# run: a 'b\n",
      Diagnostic(
        "the command `a 'b` cannot be split into words: a quote is not closed",
        at: at("assets/a.py", 2, 8),
        hint: "no shell reads it; for one, write `run: bash -c '…'`")
    ),
    (
      "# @asset\n# run: ' '\n",
      Diagnostic(
        "the command ` ` cannot be split into words: it is empty", at: at("assets/a.py", 2, 8),
        hint: "no shell reads it; for one, write `run: bash -c '…'`")
    ),
    (
      "# @asset\n# run: []\n",
      Diagnostic(
        "the command `` cannot be split into words: it is empty", at: at("assets/a.py"),
        hint: "no shell reads it; for one, write `run: bash -c '…'`")
    ),
    (
      "# @asset\n# code: lib/x.py\n",
      Diagnostic(
        "there is no file `lib/x.py`", at: at("assets/a.py", 2, 9),
        hint: "paths are relative to the project's folder")
    ),
    (
      "# @asset\n# secrets: [TOKEN]\n",
      Diagnostic(
        "the environment has no variable `TOKEN`", at: at("assets/a.py", 2, 13),
        hint: "set it, for example with `export TOKEN=…`")
    ),
    (
      "# @asset\n# secrets: [USER]\n# env: [USER]\n",
      Diagnostic(
        "`env: USER` and `secrets: USER` exclude each other", at: at("assets/a.py", 3, 9),
        hint: "keep one of them")
    ),
    (
      "'''@asset\nkind: file",
      Diagnostic(
        "the `@asset` comment has no end", at: at("assets/a.py", 1, 1), hint: "close the comment")
    ),
  ]

  @Test(arguments: programs)
  func `what is wrong with a program has a place and a way out`(text: String, expected: Diagnostic)
  {
    let found = problems(["assets/a.py": text], LoadRequest(environment: ["USER": "me"]))

    #expect(found == [expected])
  }

  @Test func `a file that nothing runs by itself needs a command`() {
    #expect(
      problems(["assets/a.rb": "# @asset\n# outputs: [build/a]\n"]) == [
        Diagnostic(
          "nothing is known to run `assets/a.rb`", at: at("assets/a.rb"),
          hint: "say how with `run:`, for example `run: python3 {file}`")
      ])
  }

  static let lists: [(String, Diagnostic)] = [
    (
      "source:\n  - {name: a}\n",
      Diagnostic(
        "`source` is not a setting here", at: at("assets/s.yml", 1, 1),
        hint: "did you mean `sources`?")
    ),
    (
      "sources:\n  name: a\n",
      Diagnostic("`sources` must be a list", at: at("assets/s.yml", 2, 3))
    ),
    (
      "sources:\n  - a\n",
      Diagnostic("`an item of sources` must be a mapping", at: at("assets/s.yml", 2, 5))
    ),
    (
      "sources:\n  - table: a\n",
      Diagnostic("the source has no `name`", at: at("assets/s.yml", 2, 5), hint: "add `name:`")
    ),
    (
      "sources:\n  - name:\n    table: a\n",
      Diagnostic("the source has no `name`", at: at("assets/s.yml", 2, 5), hint: "add `name:`")
    ),
    (
      "sources:\n  - name: a\n    partitions: {column: day, every: day, start: 2024-01-01}\n",
      Diagnostic(
        "`partitions` is not a setting here", at: at("assets/s.yml", 3, 5),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "sources:\n  - name: a\n    database: x.sqlite\n    file: a.csv\n",
      Diagnostic(
        "`file` and `database` exclude each other", at: at("assets/s.yml", 3, 5),
        hint: "keep one of them")
    ),
    (
      "sources:\n  - name: a\n    database: ${NOWHERE}/x.sqlite\n",
      Diagnostic(
        "the environment has no variable `NOWHERE`", at: at("assets/s.yml", 3, 15),
        hint: "set it, for example with `export NOWHERE=…`")
    ),
    (
      "sources:\n  - name: a\n    freshness: {warn_after: 6h}\n",
      Diagnostic(
        "`freshness` has no `column`", at: at("assets/s.yml", 3, 16), hint: "add `column:`")
    ),
    (
      "sources:\n  - name: a\n    freshness: {column: at}\n",
      Diagnostic(
        "`freshness` has no `warn_after`", at: at("assets/s.yml", 3, 16), hint: "add `warn_after:`")
    ),
    (
      "sources:\n  - name: a\n    freshness: {column: at, warn_after: soon}\n",
      Diagnostic(
        "`warn_after` must be a time such as `500ms`, `30s`, `20m` or `6h`",
        at: at("assets/s.yml", 3, 41))
    ),
    (
      "sources:\n  - name: a\n    freshness: {column: at, warn_after: 2d, error_after: 24h}\n",
      Diagnostic(
        "`warn_after` is longer than `error_after`, so that there is never a warning",
        at: at("assets/s.yml", 3, 41), hint: "warn earlier, or leave out `warn_after`")
    ),
    (
      "sources:\n  - name: a\n    run: x\n",
      Diagnostic(
        "`run` is not a setting here", at: at("assets/s.yml", 3, 5),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "sources:\n  - name: a\n    file: data/a.csv\n    table: x\n",
      Diagnostic(
        "`file` and `table` exclude each other", at: at("assets/s.yml", 4, 5),
        hint: "keep one of them")
    ),
    (
      "sources:\n  - name: 9\n",
      Diagnostic(
        "`9` cannot be an asset's name", at: at("assets/s.yml", 2, 11),
        hint: DeclarationProblemTests.naming)
    ),
    (
      "assets:\n  - file: data/a.csv\n",
      Diagnostic("the asset has no `name`", at: at("assets/s.yml", 2, 5), hint: "add `name:`")
    ),
    (
      "assets:\n  - name: a\n",
      Diagnostic(
        "the asset has neither `run` nor `file`", at: at("assets/s.yml", 2, 5),
        hint: "say how it is made with `run:`, or which file is loaded with `file:`")
    ),
    (
      "assets:\n  - name: a\n    run: x\n    file: y\n",
      Diagnostic(
        "`run` and `file` exclude each other", at: at("assets/s.yml", 4, 5),
        hint: "keep one of them")
    ),
    (
      "assets:\n  - name: a\n    file: data/b.csv\n",
      Diagnostic(
        "there is no file `data/b.csv`", at: at("assets/s.yml", 3, 11),
        hint: "paths are relative to the project's folder")
    ),
    (
      "assets:\n  - name: a\n    file: data/a.csv\n    csv: {delimiter: ab}\n",
      Diagnostic("`delimiter` must be one character", at: at("assets/s.yml", 4, 22))
    ),
    (
      "assets:\n  - name: a\n    file: data/a.csv\n    csv: {nulls: x}\n",
      Diagnostic(
        "`nulls` is not a setting here", at: at("assets/s.yml", 4, 11), hint: "did you mean `null`?"
      )
    ),
    (
      "assets:\n  - name: a\n    file: data/a.csv\n    name: b\n",
      Diagnostic("`name` is set twice", at: at("assets/s.yml", 4, 5), hint: "remove one of the two")
    ),
    (
      "assets:\n  - {name: a, file: data/a.csv, owner: x, owner: y}\n",
      Diagnostic(
        "`owner` is set twice", at: at("assets/s.yml", 2, 43), hint: "remove one of the two")
    ),
    (
      "assets:\n  - name: a\n    owner: x\n    columns:\n      owner: text\n    'owner' : y\n",
      Diagnostic(
        "`owner` is set twice", at: at("assets/s.yml", 6, 5), hint: "remove one of the two")
    ),
    (
      "assets: []\n--- \nassets: []\n",
      Diagnostic(
        "the YAML cannot be read: expected a single document in the stream, but found another document",
        at: at("assets/s.yml", 2, 1))
    ),
  ]

  @Test(arguments: lists)
  func `what is wrong with a list has a place and a way out`(text: String, expected: Diagnostic) {
    #expect(
      problems(["assets/ok.sql": "select 1", "data/a.csv": "", "assets/s.yml": text]) == [expected])
  }
}
