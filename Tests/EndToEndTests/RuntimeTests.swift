import AssetTestSupport
import Foundation
import Testing

/// `runtime:`: the version of what a program runs on.
@Suite(.timeLimit(.minutes(15))) struct RuntimeTests {
  /// Each asset by its name with the script that is its runtime's command; `nil` for none there.
  private func project(
    _ runtimes: [String: String?], settings: String = ""
  ) async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/plain.sql": "select 1 as a",
    ])
    for (name, script) in runtimes {
      try project.write(
        "assets/\(name).sh",
        "# @asset\n# outputs: [build/\(name)]\n# runtime: ./\(name)-version\n\(settings)"
          + "echo > $ASSETCTL_OUTPUT\n")
      if let script { try await tool(name, script, in: project) }
    }
    return project
  }

  /// Writes a command by a process of its own: while another one that this test process starts has the
  /// file open, it could not be run.
  private func tool(_ name: String, _ script: String, in project: TemporaryProject) async throws {
    _ = try await project.python(
      """
      import os, sys
      with open(sys.argv[1], "w") as file:
          file.write("#!/bin/sh\\n" + sys.argv[2] + "\\n")
      os.chmod(sys.argv[1], 0o755)
      """, ["\(name)-version", script])
  }

  @Test func `an asset whose runtime does not tell is unknown, and others are not`() async throws {
    let project = try await project(["a": "echo 1", "b": nil, "c": "echo no; exit 4"])
    try project.write(
      "assets/reader.sh", "# @asset\n# inputs: [b]\n# outputs: [build/r]\necho > $ASSETCTL_OUTPUT\n"
    )

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(run.exitCode == 1)
    #expect(
      try run.assets("outcome") == [
        "a": "materialized", "b": "failed", "c": "failed", "plain": "materialized",
        "reader": "skipped",
      ])

    let status = try await project.assetctl("status", "--format", "json")
    #expect(
      try status.assets("status") == [
        "a": "fresh", "b": "unknown", "c": "unknown", "plain": "fresh", "reader": "unknown",
      ])
    let why = try await project.assetctl("why", "b")
    #expect(
      why.output.contains(
        "the version of its runtime cannot be told by `./b-version`: `./b-version` is not installed"
      ))
    let other = try await project.assetctl("why", "c")
    #expect(other.output.contains("`./c-version`: it ended with exit code 4"))

    // It was known, and is so again.
    try await tool("b", "echo 1", in: project)
    #expect(try await project.assetctl("materialize", "reader").exitCode == 0)
    try project.remove("b-version")
    #expect(try await project.assetctl("status", "b").output.contains("unknown"))
    try await tool("b", "echo 1", in: project)
    #expect(try await project.assetctl("status", "reader").exitCode == 0)
  }

  @Test func `only the commands of what is looked at are run`() async throws {
    let project = try await project([
      "a": "echo a >> asked; echo 1", "b": "echo b >> asked; echo 1",
    ])

    _ = try await project.assetctl("list")
    _ = try await project.assetctl("lineage")
    _ = try await project.assetctl("status", "plain")
    #expect(!project.exists("asked"))

    _ = try await project.assetctl("status", "b")
    #expect(try Set(project.read("asked").split(separator: "\n")) == ["b"])
  }

  @Test func `commands are run side by side`() async throws {
    // Each waits for the other to have begun.
    let project = try await project([
      "a": "touch a-here; until [ -e b-here ]; do sleep 0.01; done; echo 1",
      "b": "touch b-here; until [ -e a-here ]; do sleep 0.01; done; echo 1",
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)
  }

  @Test func `a command that hangs, or leaves something running, holds nothing up`() async throws {
    let project = try await project([
      "a": "sleep 1000", "b": "sleep 1000 & echo $! > left; echo 2.0",
    ])

    let status = try await project.assetctl("status", "--format", "json")

    #expect(try status.assets("status") == ["a": "unknown", "b": "stale", "plain": "stale"])
    #expect(status.output.contains("`./a-version`: it took longer than <duration>"))
    #expect(!InterruptionTests.isAlive(try project.read("left")))
  }

  @Test func `a secret in what a runtime says is no part of the definition`() async throws {
    let project = try await project(
      ["a": "echo \"1.0 for $TOKEN\""], settings: "# secrets: [TOKEN]\n")

    #expect(
      try await project.assetctl(["materialize"], environment: ["TOKEN": "hush-1"]).exitCode == 0)
    let show = try await project.assetctl(
      ["show", "a", "--format", "json"], environment: ["TOKEN": "hush-1"])
    #expect(show.output.contains("1.0 for ***"))
    #expect(try !Self.holds("hush-1", in: project.folder + "/.assetctl"))

    // Another secret makes nothing stale, asked or remembered.
    try await tool("a", "echo \"1.0 for $TOKEN\" ", in: project)
    #expect(
      try await project.assetctl(["status"], environment: ["TOKEN": "hush-2"]).exitCode == 0)
  }

  /// Whether a text is in the bytes of any file of a folder.
  static func holds(_ text: String, in folder: String) throws -> Bool {
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects ?? []
    return names.compactMap { $0 as? String }.contains { name in
      let data = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
      return data.range(of: Data(text.utf8)) != nil
    }
  }
}
