import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

/// What can be wrong with files that are taken as they are.
@Suite struct FileSourceProblemTests {
  private func summaries(_ files: [String: String]) -> [String] {
    do {
      let project = try ProjectLoader(
        .memory(["assetctl.yml": "project: shop"].merging(files) { _, new in new })
      ).load()
      _ = try AssetGraph(project.assets)
      return []
    } catch {
      return error.diagnostics.map(\.summary)
    }
  }

  private func source(_ settings: String) -> [String] {
    summaries(["assets/s.yml": "sources:\n  - {name: photos, \(settings)}\n"])
  }

  @Test(
    arguments: [
      ("path: data/photos/", []), ("path: \"data/*.bin\"", []), ("path: a.txt", []),
      ("path: /srv/photos", ["the path `/srv/photos` is absolute"]),
      ("path: ../photos", ["the path `../photos` leads out of the project's folder"]),
      ("path: .", ["the path `.` names no file"]),
      (
        "path: .assetctl/runs",
        ["`.assetctl/runs` lies in `.assetctl`, where assetctl keeps its own files"]
      ),
      (
        "file: .assetctl/exports/a.csv",
        ["`.assetctl/exports/a.csv` lies in `.assetctl`, where assetctl keeps its own files"]
      ),
      (
        "path: a, columns: {n: integer}",
        ["`columns` does not go with `path`, which is files as they are"]
      ),
      ("path: a, file: b", ["`file` does not go with `path`, which is files as they are"]),
      ("path: a, checks: []", ["`checks` does not go with `path`, which is files as they are"]),
      (
        "path: a, freshness: {column: at, warn_after: 1h}",
        ["`column` does not go with `path`, which is files as they are"]
      ),
      ("path: a, freshness: {warn_after: 1h}", []),
    ])
  func `a source is a path of the project alone`(settings: String, problems: [String]) {
    #expect(source(settings) == problems)
  }

  private let photos = "sources:\n  - {name: photos, path: data/photos/}\n"

  @Test func `a query reads no files`() {
    #expect(
      summaries(["assets/s.yml": photos, "assets/q.sql": "select * from photos"])
        == ["`q` reads `photos`, which is no table but files, `data/photos/`"])
    #expect(
      summaries([
        "assets/a.csv": "n\n1\n",
        "assets/q.sql": "/* @asset\ninputs: [data/x.csv]\n*/ select n from a",
      ]) == ["a query reads tables, and `data/x.csv` is the path of files"])
  }

  @Test func `files have no columns to choose`() {
    func program(_ inputs: String) -> [String] {
      summaries([
        "assets/s.yml": photos, "assets/p.sh": "# @asset\n# inputs: \(inputs)\n# outputs: [out]\n",
      ])
    }
    #expect(
      program("{photos: {columns: [a]}}")
        == ["`p` is given `photos` as it is: files, `data/photos/`, have no columns"])
    #expect(
      program("{photos: {where: \"a = 1\"}}")
        == ["`p` is given `photos` as it is: files, `data/photos/`, have no columns"])
    #expect(
      program("{data/x/: {columns: [a]}}")
        == ["the files of `data/x/` are given as they are, without columns or rows to choose"])
    #expect(
      program("[photos, other/photos/]")
        == ["two inputs of `p` would both be told by `ASSETCTL_INPUT_PHOTOS`"])
    #expect(
      program("[\"a/*.bin\", \"b/a_?.bin\"]")
        == ["two inputs of `p` would both be told by `ASSETCTL_INPUT_A`"])
    #expect(program("[photos, \"a/*.bin\", c.txt]") == [])
  }

  @Test(arguments: ["build/out.txt", "build/", "build/*.txt", "build/**/o*"])
  func `a program that reads what it writes is an error`(path: String) {
    #expect(
      summaries(["assets/p.sh": "# @asset\n# inputs: [\"\(path)\"]\n# outputs: [build/out.txt]\n"])
        == ["`p` reads `build/out.txt`, which it writes itself"])
    #expect(
      summaries([
        "assets/s.yml": "sources:\n  - {name: own, path: \"\(path)\"}\n",
        "assets/p.sh": "# @asset\n# inputs: [own]\n# outputs: [build/out.txt]\n",
      ]) == ["assets read each other in a circle"])
  }

  @Test func `items of foreach stand in paths as they are`() throws {
    let asset = try loadAsset(
      [
        "assets/p.sh": """
        # @asset
        # foreach: [a*b]
        # name: p_x
        # inputs: ["data/{item}.bin"]
        # outputs: [build/x]
        """
      ], "p_x_a_b")
    guard case .program(let program) = asset.recipe else { return }
    #expect(program.given == [GivenFiles(FileSet("data/a*b.bin"), name: "A_B")])
  }
}
