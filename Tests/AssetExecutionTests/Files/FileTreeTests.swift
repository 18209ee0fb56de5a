import AssetExecution
import AssetTestSupport
import Foundation
import Testing

/// What the digest of a folder sees.
@Suite struct FileTreeTests {
  private let project: TemporaryProject

  init() throws {
    project = try TemporaryProject(["out/a": "1", "out/b/c": "2", "other/d": "3"])
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: project.folder + "/" + path, withDestinationPath: target)
  }

  private func tree() throws -> FileTree {
    try FileTree(project.folder + "/out", shownPath: "out", root: project.folder)
  }

  /// Whether a change is seen by the digest and by the stamp.
  private func seen(_ change: () throws -> Void) throws -> [Bool] {
    let (digest, stamp) = (try tree().digest(), try tree().stamp)
    try change()
    return [try tree().digest() != digest, try tree().stamp != stamp]
  }

  @Test func `each name and byte counts`() throws {
    #expect(try seen { try project.write("out/b/c", "3") } == [true, true])
    #expect(try seen { try project.write("out/e", "") } == [true, true])
    #expect(try seen { try project.remove("out/a") } == [true, true])
    #expect(
      try seen {
        try FileManager.default.createDirectory(
          atPath: project.folder + "/out/empty", withIntermediateDirectories: true)
      } == [true, true])
    #expect(try seen { try project.write("other/d", "4") } == [false, false])
  }

  @Test func `the same content has the same digest wherever it lies`() throws {
    try project.write("copy/a", "1")
    try project.write("copy/b/c", "2")
    let copy = try FileTree(project.folder + "/copy", shownPath: "copy", root: project.folder)
    #expect(try copy.digest() == tree().digest())
    #expect(try copy.stamp != tree().stamp)
  }

  @Test func `a link inside the project is followed, any other is its text`() throws {
    let outside = try TemporaryProject(["f": "1"])
    try link("out/inner", to: "../other")
    try link("out/outer", to: outside.folder + "/f")
    try link("out/loop", to: ".")
    #expect(try seen { try project.write("other/d", "9") } == [true, true])
    #expect(try seen { try outside.write("f", "2") } == [false, false])
    #expect(
      try seen {
        try project.remove("out/outer")
        try link("out/outer", to: "/nowhere")
      } == [true, true])
  }

  @Test func `many files are read by all cores and come out in one order`() throws {
    for number in 0..<500 { try project.write("out/many/\(number)", "\(number)") }
    let digests = try (0..<5).map { _ in try tree().digest() }
    #expect(Set(digests).count == 1)
  }
}
