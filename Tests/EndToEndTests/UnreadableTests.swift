import AssetTestSupport
import Foundation
import Testing

/// What could not be looked at is never taken for what is not there.
@Suite struct UnreadableTests {
  private func project() async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/a.sql": "select 1 as n",
      "assets/sub/r.sql": "select 2 as n",
      "assets/f.sh": "# @asset\n# outputs: [build/f.txt]\necho made > \"$ASSETCTL_OUTPUT\"\n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    return project
  }

  private func tables(_ project: TemporaryProject) async throws -> Set<String> {
    let names = try await project.sqlite("select name from sqlite_schema where type = 'table'")
    return Set(names.map { $0[0].text }.filter { !$0.hasPrefix("assetctl_") })
  }

  /// The commands that look at a project.
  private static let commands = [
    ["status"], ["list"], ["plan"], ["materialize"], ["clean"], ["clean", "--dry-run"],
    ["why", "a"], ["show", "a"], ["lineage", "a"], ["test"],
  ]

  @Test func `a folder of declarations that cannot be looked at stops every command`() async throws
  {
    let project = try await project()
    try project.remove("assets/sub")
    try project.link("assets/sub", to: "sub")

    for command in Self.commands {
      let result = try await project.assetctl(command)
      #expect(result.exitCode == 2, "\(command)")
      #expect(result.errors.contains("`assets/sub`"), "\(command): \(result.errors)")
    }
    #expect(try await tables(project) == ["a", "r"])
  }

  @Test func `a declaration that is a link to nothing stops every command`() async throws {
    let project = try await project()
    try project.remove("assets/sub/r.sql")
    try project.link("assets/sub/r.sql", to: "/nowhere/r.sql")

    for command in Self.commands {
      #expect(try await project.assetctl(command).exitCode == 2, "\(command)")
    }
    #expect(try await tables(project) == ["a", "r"])
  }

  @Test func `a folder that may be listed but not searched stops status and clean`() async throws {
    let project = try await project()

    let status = try await project.assetctlWithoutRights("status", to: "assets/sub")
    let clean = try await project.assetctlWithoutRights("clean", to: "assets/sub")

    #expect(status.exitCode == 2)
    #expect(status.errors.contains("`assets/sub/r.sql`: permission denied"), "\(status.errors)")
    #expect(clean.exitCode == 2)
    #expect(try await tables(project) == ["a", "r"])
  }

  @Test func `an output that cannot be looked at is unknown, not missing`() async throws {
    let project = try await project()
    try project.remove("build/f.txt")
    try project.link("build/f.txt", to: "f.txt")

    let status = try await project.assetctl("status")
    #expect(status.exitCode == 1)
    #expect(status.output.contains("unknown  f"), "\(status.output)")

    // The program is not run for it either.
    let run = try await project.assetctl("materialize", "f")
    #expect(run.exitCode == 1)
    #expect(run.output.contains("build/f.txt"), "\(run.output)\(run.errors)")
  }

  @Test func `a project file, store or warehouse that cannot be looked at is told`() async throws {
    for path in [".assetctl/state.sqlite", ".assetctl/warehouse.sqlite", "assetctl.yml"] {
      let project = try await project()
      try project.remove(path)
      try project.link(path, to: URL(fileURLWithPath: path).lastPathComponent)

      for command in [["status"], ["clean"]] {
        let result = try await project.assetctl(command)
        #expect(result.exitCode == 2, "\(path) \(command): \(result.output)\(result.errors)")
        #expect(!result.errors.isEmpty)
      }
    }
  }

  @Test func `version control takes nothing of assetctl's own folder`() async throws {
    let project = try await project()
    #expect(try project.read(".assetctl/.gitignore") == "*\n")

    // What somebody wrote there stays, and a folder of an earlier version gets one.
    try project.write(".assetctl/.gitignore", "runs\n")
    try await project.assetctl("materialize")
    #expect(try project.read(".assetctl/.gitignore") == "runs\n")
    try project.remove(".assetctl/.gitignore")
    try await project.assetctl("materialize")
    #expect(try project.read(".assetctl/.gitignore") == "*\n")
  }
}
