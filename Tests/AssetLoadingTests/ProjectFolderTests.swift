import AssetCore
import AssetLoading
import AssetTestSupport
import Foundation
import Testing

/// What a folder says of files that are not there, and of those that could not be looked at.
@Suite struct ProjectFolderTests {
  @Test func `what is not there is told from what could not be looked at`() throws {
    let project = try TemporaryProject(["file": "a"])
    try project.link("loop", to: "loop")
    let folder = ProjectFolder.disk(project.folder)

    #expect(try folder.exists("file"))
    for path in ["none", "file/inside"] {
      #expect(try !folder.exists(path))
      #expect(throws: FileProblem.missing) { try folder.read(path) }
    }
    #expect(throws: FileProblem.self) { try folder.exists("loop") }
    guard case .unreadable? = problem({ try folder.read("loop") }) else {
      Issue.record("a link to itself was taken for a file that is not there")
      return
    }
  }

  @Test func `a listing names what it could not look at`() throws {
    let project = try TemporaryProject(["assets/a.sql": ""])
    let folder = ProjectFolder.disk(project.folder)
    #expect(try folder.files("none") == [])

    // A link to nothing is listed, so that whoever reads it learns that it leads nowhere.
    try project.link("assets/b.sql", to: "gone.sql")
    #expect(try folder.files("assets") == ["assets/a.sql", "assets/b.sql"])

    try project.link("assets/marts", to: "marts")
    guard case .unreadable(let reason)? = problem({ try folder.files("assets") }) else {
      Issue.record("a folder that cannot be looked at was left out")
      return
    }
    #expect(reason.hasPrefix("`assets/marts`: "))
  }

  private func problem<T>(_ body: () throws -> T) -> FileProblem? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? FileProblem
    }
  }
}
