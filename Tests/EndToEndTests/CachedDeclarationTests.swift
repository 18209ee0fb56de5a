import AssetTestSupport
import Foundation
import Testing

/// What was parsed once is remembered, and believed only with its seal.
@Suite struct CachedDeclarationTests {
  private func project() async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/f.yml": """
      assets:
        - {name: f, kind: file, outputs: [build/f], run: bash -c 'echo good > $ASSETCTL_OUTPUT'}
      """,
      "assets/q.sql": "select 'good' as word",
      "assets/r.sql": "select 'evil' as word",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    return project
  }

  private func expectGood(
    _ project: TemporaryProject, _ comment: Comment,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let status = try await project.assetctl("status")
    #expect(
      status == CommandResult(exitCode: 0, output: "all 3 assets are fresh\n"), comment,
      sourceLocation: sourceLocation)
    let run = try await project.assetctl("materialize", "--force")
    #expect(run.exitCode == 0, comment, sourceLocation: sourceLocation)
    #expect(try project.read("build/f") == "good\n", comment, sourceLocation: sourceLocation)
    #expect(
      try await project.sqlite("select word from q") == [["good"]], comment,
      sourceLocation: sourceLocation)
  }

  @Test func `an edit of what is remembered changes no command`() async throws {
    let edits = [
      "update declaration set declarations = cast(replace(cast(declarations as text), 'good', 'evil') as blob)",
      "update declaration set declarations = zeroblob(length(declarations))",
      "update declaration set declarations = x''",
      "update declaration set declarations = substr(declarations, 1, 40)",
      "update declaration set declarations = declarations || x'00'",
      // What another file declares, with a seal that is right for that one.
      """
      update declaration set declarations =
        (select declarations from declaration where path like '%r.sql') where path like '%q.sql'
      """,
      """
      update declaration set
        key = (select key from declaration where path like '%r.sql'),
        declarations = (select declarations from declaration where path like '%r.sql')
      where path like '%q.sql'
      """,
    ]
    let made = try await project()
    for edit in edits {
      let project = try made.copy()
      try await project.sqlite(edit, in: ".assetctl/state.sqlite")
      try await expectGood(project, "\(edit)")
    }
  }

  @Test func `any flipped bit of what is remembered is noticed`() async throws {
    let made = try await project()
    // A bit of each sixteenth byte, in all rows at once.
    let flip = """
      import sqlite3, sys
      database = sqlite3.connect(".assetctl/state.sqlite")
      for path, bytes in database.execute("select path, declarations from declaration").fetchall():
          bytes = bytearray(bytes)
          place = int(sys.argv[1]) * 16 % len(bytes)
          bytes[place] ^= 1 << (int(sys.argv[1]) % 8)
          database.execute("update declaration set declarations = ? where path = ?", (bytes, path))
      database.commit()
      """
    for number in 0..<24 {
      let project = try made.copy()
      _ = try await project.python(flip, ["\(number)"])
      try await expectGood(project, "bit \(number)")
    }
  }

  @Test func `without its key nothing that is remembered is believed`() async throws {
    let project = try await project()
    let path = project.folder + "/.assetctl/cache.key"
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let key = try project.read(".assetctl/cache.key")

    for damage in ["", "not a key", String(repeating: "0", count: 64)] {
      try project.write(".assetctl/cache.key", damage)
      try await expectGood(project, "the key is `\(damage)`")
    }
    try project.remove(".assetctl/cache.key")
    try await expectGood(project, "there is no key")
    #expect(try project.read(".assetctl/cache.key") != key)
  }

  @Test func `just looking makes no key where there is nothing to seal`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/q.sql": "select 1 as n",
    ])
    try await project.assetctl("status")
    #expect(!project.exists(".assetctl"))
  }
}
