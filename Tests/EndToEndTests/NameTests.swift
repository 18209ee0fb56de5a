import AssetTestSupport
import Foundation
import Testing

/// Names of files that no path can hold.
@Suite struct NameTests {
  private let refused =
    #"`build/out` holds a file whose name is not UTF-8 (`a\xFF`); give it another name"#

  private func project(_ body: String) throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh": "# @asset\n# outputs: [build/out/]\n\(body)\n",
    ])
  }

  @Test func `an output with a name that is not UTF-8 is not published, until it is mended`()
    async throws
  {
    let project = try project("echo 1 > $ASSETCTL_OUTPUT/$(printf 'a\\377')")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 1)
    #expect(try run.json["assets"][0]["error"].text == refused)
    #expect(!project.exists("build"))
    #expect(project.files(under: ".assetctl/runs").count == 1)

    try project.edit("assets/made.sh", "a\\377", to: "a")
    #expect(try await project.assetctl("materialize").exitCode == 0)
  }

  @Test func `a published folder is not fresh with such a name in it`() async throws {
    let project = try project("echo 1 > $ASSETCTL_OUTPUT/a")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    _ = try await project.python("open(b'build/out/a\\xff', 'w').write('1')")

    let status = try await project.assetctl("status", "--format", "json")

    #expect(try status.json["assets"][0]["status"].text == "unknown")
    #expect(try status.json["assets"][0]["error"].text == refused)
  }
}
