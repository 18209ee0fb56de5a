import AssetTestSupport
import Foundation
import Testing

/// Much output and many rows, in little memory.
@Suite(.timeLimit(.minutes(15)), .serialized) struct VolumeTests {
  private struct Measures {
    var exitCode: Int
    var output: String
    /// The most memory that it, or anything that it started, took.
    var megabytes: Double
    /// The most that was seen at it alone, without the pages of files that are in memory anyway.
    var ownMegabytes: Double
  }

  /// Runs assetctl to its end.
  private func measure(
    _ project: TemporaryProject, _ arguments: String...
  ) async throws -> Measures {
    let script = """
      import json, resource, subprocess, sys, time
      with open("output", "wb") as output:
          run = subprocess.Popen(sys.argv[1:], stdout=output, stderr=subprocess.STDOUT)
      own = 0
      while run.poll() is None:
          try:
              for line in open(f"/proc/{run.pid}/status"):
                  if line.startswith("RssAnon:"):
                      own = max(own, int(line.split()[1]))
          except OSError:
              pass
          time.sleep(0.01)
      peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
      peak /= 1024 if sys.platform == "darwin" else 1
      text = open("output", errors="replace").read()
      print(json.dumps([run.returncode, text, peak // 1024, own // 1024]))
      """
    let result = try await project.python(script, [try BuiltProgram.path] + arguments)
    let values = try result.json
    return Measures(
      exitCode: try #require(Int(values[0].text)), output: values[1].text,
      megabytes: try #require(Double(values[2].text)),
      ownMegabytes: try #require(Double(values[3].text)))
  }

  private func size(of path: String, in project: TemporaryProject) throws -> Int {
    let url = URL(fileURLWithPath: project.folder + "/" + path)
    return try #require(try url.resourceValues(forKeys: [.fileSizeKey]).fileSize)
  }

  private func project(_ settings: String, _ body: String) throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh": "# @asset\n# outputs: [build/made]\n\(settings)\(body)\n",
    ])
  }

  /// What assetctl takes that does nothing of the kind.
  private func idle() async throws -> Double {
    let project = try project("", "echo no; exit 3")
    return try await measure(project, "materialize").megabytes
  }

  @Test func `a program may print two hundred megabytes`() async throws {
    let line = String(repeating: "x", count: 99)
    let project = try project("", "yes \(line) | head -c 200000000; echo last; exit 3")

    let run = try await measure(project, "materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("\(line)\n         last\n"))
    #expect(run.output.utf8.count < 5000)
    #expect(try await run.megabytes < idle() + 20)
    let log = try #require(project.files(under: ".assetctl/runs").first)
    #expect(try size(of: log, in: project) == 200_000_005)
  }

  @Test func `what is masked and what is a single line may be long, too`() async throws {
    let project = try project(
      "# secrets: [HOME]\n", "head -c 20000000 /dev/zero | tr '\\0' x; echo; exit 3")

    let run = try await measure(project, "materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.utf8.count < 20_000)
    #expect(try await run.megabytes < idle() + 20)
    let log = try #require(project.files(under: ".assetctl/runs").first)
    #expect(try size(of: log, in: project) == 20_000_001)
  }

  @Test func `many rows are handed to a program in the memory of a few`() async throws {
    let project = try project(
      "# inputs: {rows: {columns: [id, text]}}\n",
      "wc -l < $ASSETCTL_INPUT_ROWS > $ASSETCTL_OUTPUT\nwc -c < $ASSETCTL_INPUT_ROWS >> $ASSETCTL_OUTPUT"
    )
    try project.write(
      "assets/rows.sql",
      """
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500000)
      select i as id, 'a text of some length for the row ' || i || ', which is one of many rows' as text
      from n
      """)
    #expect(try await project.assetctl("materialize", "rows").exitCode == 0)

    let run = try await measure(project, "materialize", "made")

    #expect(run.exitCode == 0)
    let counts = try project.read("build/made").split(whereSeparator: \.isWhitespace)
      .compactMap { Int($0) }
    #expect(counts == [1_500_001, 116_277_800])
    #expect(run.ownMegabytes < 64)
  }
}
