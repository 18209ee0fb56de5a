import AssetTestSupport
import Testing

/// What becomes of results that cannot be written, and of command lines that cannot be read.
@Suite struct StandardStreamTests {
  static let commands = [
    "status", "status --format json", "list", "plan", "runs", "lineage orders", "test",
    "check --format json", "show orders", "--help", "materialize",
    "materialize --force --format jsonl", "materialize --force --format json",
  ]

  @Test(arguments: commands)
  func `a result that cannot be written is no success`(command: String) async throws {
    let project = try await ShopProject.materialized()

    let full = try await project.startShell("exec $0 \(command) > /dev/full").result()
    let closed = try await project.startShell("exec $0 \(command) >&-").result()

    #expect(full.exitCode == 74)
    #expect(
      full.errors.hasSuffix(
        "error: the result could not be written to standard output: No space left on device\n"))
    #expect(closed.exitCode == 74)
    #expect(closed.errors.hasSuffix("standard output: Bad file descriptor\n"))
  }

  @Test func `what is stale and could not be told is no success either`() async throws {
    let project = try ShopProject.new()

    #expect(try await project.startShell("exec $0 status > /dev/full").result().exitCode == 74)
  }

  @Test func `a failure keeps its exit code`() async throws {
    let project = try await ShopProject.materialized()
    try project.edit("assets/staging/paid.sql", "amount from", to: "amuont from")

    let run = try await project.startShell("exec $0 materialize > /dev/full").result()

    #expect(run.exitCode == 1)
    #expect(run.errors.contains("could not be written"))
  }

  @Test func `a reader that goes away is no failure`() async throws {
    let project = try await ShopProject.materialized()

    let piped = try await project.startShell(
      "{ sleep 0.2; $0 list --format json; echo $? > code; } | true"
    ).result()

    #expect(try project.read("code") == "0\n")
    #expect(piped.errors == "")
  }

  @Test func `no file takes the place of a stream that is closed`() async throws {
    let project = try ShopProject.new()

    let run = try await project.startShell("exec $0 materialize <&- >&- 2>&-").result()

    #expect(run.exitCode == 74)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  #if os(Linux)
    @Test func `without proc a command does its work`() async throws {
      let project = try ShopProject.new()
      let script = """
        [ "$(id -u)" = 0 ] || alone=-r
        unshare $alone --mount sh -c 'umount -l /proc; exec "$0" list --format json' "$0"
        """

      let list = try await project.startShell(script).result()

      #expect(list.exitCode == 0)
      #expect(list.output.hasPrefix("{"))
    }
  #endif

  @Test func `a quiet status has what failed and nothing else`() async throws {
    let project = try await ShopProject.materialized()
    try project.edit("assets/staging/paid.sql", "amount from", to: "amuont from")
    try await project.assetctl("materialize")

    let status = try await project.assetctl("status", "-q")

    #expect(status.exitCode == 1)
    #expect(status.output == "failed  paid  `orders` has no column `amuont`\n")
  }
}
