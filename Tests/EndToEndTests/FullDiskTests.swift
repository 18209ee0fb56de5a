import AssetTestSupport
import Foundation
import Testing

/// A disk without room: what was there stays, nothing else is left, and the message says what it is.
@Suite(.enabled(if: canMount, "no small disk can be mounted here"))
struct FullDiskTests {
  /// Runs a script with a disk of four megabytes at `disk`, which nobody else sees.
  private func run(_ script: String, in project: TemporaryProject) async throws -> CommandResult {
    let inner = "mount -t tmpfs -o size=4m none disk || exit 99\n" + script
    try project.write("script.sh", inner)
    return try await project.startShell(unsharing + " sh script.sh \"$0\"").result()
  }

  @Test(arguments: ["disk/big.bin", "disk/folder/"])
  func `a publish leaves nothing but the old output`(output: String) async throws {
    let isFolder = output.hasSuffix("/")
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "size": "1000", "disk/here": "",
      "assets/big.sh": """
      # @asset
      # kind: file
      # outputs: [\(output)]
      # code: [size]
      head -c $(cat size) /dev/zero > "$ASSETCTL_OUTPUT\(isFolder ? "/a.bin" : "")"
      """,
    ])

    let result = try await run(
      """
      $1 materialize -q || exit 98
      echo 20000000 > size
      $1 materialize; echo "exit $?"
      find disk -type f -printf '%p %s\\n'
      """, in: project)

    #expect(result.exitCode == 0, "\(result)")
    #expect(result.output.contains("exit 1\n"), "\(result)")
    #expect(result.output.contains("cannot be written: No space left on device"), "\(result)")
    #expect(result.output.contains("hint: make room on the disk"), "\(result)")
    #expect(!result.output.contains("rights"), "\(result)")
    #expect(
      result.output.hasSuffix("\n\(isFolder ? "disk/folder/a.bin" : "disk/big.bin") 1000\n"),
      "\(result)")
  }

  @Test func `a warehouse without room is told as such, and holds what it held`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\nwarehouse: sqlite:disk/w.sqlite\nvars: {rows: 10}\n",
      "disk/here": "",
      "assets/t.sql": """
      with recursive s(n) as (select 1 union all select n + 1 from s where n < :rows)
      select n, hex(zeroblob(50)) as word from s
      """,
    ])

    let result = try await run(
      """
      $1 materialize -q || exit 98
      $1 materialize --var rows=100000; echo "exit $?"
      $1 status -q; echo "exit $?"
      """, in: project)

    #expect(result.output.contains("there is no space left on the disk"), "\(result)")
    #expect(!(result.output + result.errors).contains("rights"), "\(result)")
    #expect(result.output.hasSuffix("exit 0\n"), "\(result)")
  }

  @Test func `a store without room is told as such`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\nwarehouse: sqlite:w.sqlite\n", "disk/here": "",
      "assets/t.sql": "select 1 as n",
    ])
    try project.link(".assetctl", to: "disk")

    let result = try await run(
      """
      $1 materialize -q || exit 98
      head -c 5000000 /dev/zero > disk/rest 2> /dev/null
      $1 materialize --force 2>&1; echo "exit $?"
      rm disk/rest
      $1 materialize --force -q 2>&1; echo "exit $?"
      """, in: project)

    #expect(result.output.contains("no space left on the disk"), "\(result)")
    #expect(!result.output.contains("rights"), "\(result)")
    #expect(result.output.hasSuffix("exit 0\n"), "\(result)")
  }
}

private let unsharing = geteuid() == 0 ? "unshare -m" : "unshare -rm"

private let canMount: Bool = {
  let test = Process()
  test.executableURL = URL(fileURLWithPath: "/bin/sh")
  test.arguments = ["-c", unsharing + " mount -t tmpfs none /mnt 2> /dev/null"]
  guard (try? test.run()) != nil else { return false }
  test.waitUntilExit()
  return test.terminationStatus == 0
}()
