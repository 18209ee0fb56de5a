import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

@Suite struct ProgramTests {
  private func program(
    _ files: [String: String], _ request: LoadRequest = LoadRequest()
  ) throws -> ProgramRecipe {
    guard case .program(let program) = try loadAsset(files, nil, request).recipe else {
      Issue.record("it is a program")
      return ProgramRecipe(product: .file, command: [])
    }
    return program
  }

  @Test func `all settings of a program are read`() throws {
    let text = #"""
      """@asset
      kind: model
      inputs:
        daily: {columns: [carrier, Mean_Delay], format: jsonl}
        rates:
      run: python3 -u {file}
      outputs: [build/model.json, build/./plot.svg]
      code: [assets/lib/*.py]
      env: [THREADS, NOTHING]
      secrets: [TOKEN]
      """
      print("ASSETCTL_VAR_LEVEL")
      """#
    let files = [
      "assetctl.yml": "project: shop\nsecrets: [KEY]\nvars: {level: 3, other: 4}\n",
      "assets/models/delay.py": text, "assets/lib/a.py": "a", "assets/lib/b.py": "b",
    ]
    let asset = try loadAsset(
      files, "delay",
      LoadRequest(environment: ["THREADS": "1", "TOKEN": "t", "KEY": "k"]))

    let file = "assets/models/delay.py"
    #expect(asset.kind == .model)
    #expect(
      asset.inputs == [
        AssetInput(
          key: "daily", consumption: .columns(["carrier", "mean_delay"]),
          exportedColumns: ["carrier", "Mean_Delay"], format: .jsonl,
          place: Place(file: file, line: 4, column: 3)),
        AssetInput(key: "rates", place: Place(file: file, line: 5, column: 3)),
      ])
    #expect(
      asset.recipe.withoutWholeFiles
        == .program(
          ProgramRecipe(
            product: .model, command: ["python3", "-u", file],
            outputs: [ProgramOutput("build/model.json"), ProgramOutput("build/plot.svg")],
            vars: ["level": .integer(3)],
            secrets: ["KEY", "TOKEN"], codeFiles: ["assets/lib/a.py", "assets/lib/b.py", file],
            environment: ["THREADS": "=1", "NOTHING": "not set"])))
  }

  @Test(
    arguments: [
      ("a.py", ["python3"]), ("a.sh", ["bash"]), ("a.R", ["Rscript"]), ("a.js", ["node"]),
    ])
  func `the default command follows the file's extension`(name: String, command: [String]) throws {
    let comment = name == "a.js" ? "//" : "#"
    let program = try program([
      "assets/\(name)": "\(comment) @asset\n\(comment) outputs: [build/a]\n"
    ])

    #expect(program.command == command + ["assets/\(name)"])
    #expect(program.product == .file)
  }

  @Test func `a program without outputs writes a table`() throws {
    let program = try program(["assets/a.py": "# @asset\n# inputs: [b]\n"])

    #expect(program.product == .table)
    #expect(program.outputs == [])
  }

  @Test(
    arguments: [
      ("'''@asset\noutputs: [build/a]\n'''\n", "single quotes"),
      ("#!/usr/bin/env python3\n\"\"\"@asset\noutputs: [build/a]\n\"\"\"\n", "below a first line"),
      ("\"\"\"@asset outputs: [build/a]\"\"\"\n", "on one line"),
      (
        "#!/bin/sh\n# @asset\n# outputs: [build/a]\n# kind: file\necho 1\n# kind: no setting\n",
        "lines"
      ),
    ])
  func `settings may stand in each form of comment`(text: String, form: String) throws {
    let program = try program(["assets/a.py": text])

    #expect(program.outputs.map(\.path) == ["build/a"], "\(form)")
  }

  @Test(
    arguments: [
      ("run: a b", ["a", "b"]), ("run: [a, 'b c']", ["a", "b c"]),
      ("run: a  'b c'  \"d e\"", ["a", "b c", "d e"]), (#"run: a b\ c"#, ["a", "b c"]),
      (#"run: a "b\"c" 'd\e'"#, ["a", "b\"c", #"d\e"#]), (#"run: a "x\y""#, ["a", #"x\y"#]),
      ("run: a '' \"\"", ["a", "", ""]), ("run: a b'c'd", ["a", "bcd"]),
      ("run: bash -c 'a | b > $C'", ["bash", "-c", "a | b > $C"]), ("run: ü *", ["ü", "*"]),
    ])
  func `a command is split into words as a shell would, and not otherwise`(
    setting: String, command: [String]
  ) throws {
    let program = try program([
      "assets/a.yml": "assets:\n  - name: a\n    outputs: [build/a]\n    \(setting)\n"
    ])

    #expect(program.command == command)
  }

  @Test func `a program that a YAML file declares has no file of its own`() throws {
    let asset = try loadAsset([
      "src/main.rs": "fn main() {}",
      "assets/tools/a.yml": """
      assets:
        - name: a
          kind: table
          run: [cargo, run]
          code: [src/*.rs]
          inputs: [b]
      """,
    ])

    #expect(
      asset.recipe
        == .program(
          ProgramRecipe(
            product: .table, command: ["cargo", "run"], codeFiles: ["src/main.rs"])))
    #expect(
      asset.inputs == [
        AssetInput(key: "b", place: Place(file: "assets/tools/a.yml", line: 6, column: 14))
      ])
    #expect(asset.isTable)
  }

  @Test func `a program without settings is none of ours`() throws {
    let project = try load(["assets/a.sql": "select 1", "assets/b.py": "print('@asset')"])

    #expect(project.assets.map(\.key) == ["a"])
  }
}
