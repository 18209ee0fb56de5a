import AssetCore
import AssetTestSupport
import Foundation
import Testing

@testable import AssetExecution

@Suite struct ProgramRunnerTests {
  let folder: ProgramFolder

  init() throws { folder = try ProgramFolder() }

  @Test func `a program runs in its folder with its environment, its output goes to the log`()
    async throws
  {
    try await folder.run(
      ["sh", "-c", "pwd; echo $WORD; echo oops >&2; test -z \"$OTHER\" && echo unset"],
      environment: ["WORD": "a b"])

    #expect(folder.log == "\(folder.path)\na b\noops\nunset\n")
  }

  @Test func `arguments reach the program as they are`() async throws {
    try await folder.run(["printf", "[%s]", "a b", "*", "", "$HOME", "ü\"'"])

    #expect(folder.log == "[a b][*][][$HOME][ü\"']")
  }

  @Test func `a program in the folder is found by its path`() async throws {
    try folder.write("#!/bin/sh\necho mine\n", to: "tools/mine", isExecutable: true)

    try await folder.run(["tools/mine"])

    #expect(folder.log == "mine\n")
  }

  @Test func `a program that fails tells its code and its last lines`() async throws {
    let error = StepError.programFailed(
      asset: "a", status: .exited(3), log: "a.log", tail: (9...20).map(String.init))

    await #expect(throws: error) {
      try await folder.run(["sh", "-c", "for i in $(seq 20); do echo $i; done; echo; exit 3"])
    }

    #expect(
      error.diagnostics == [
        Diagnostic(
          "the program of `a` ended with exit code 3",
          facts: [.init("log", "a.log")] + (9...20).map { .init("", "\($0)") })
      ])
  }

  @Test func `a program that is killed tells the signal`() async throws {
    let error = StepError.programFailed(asset: "a", status: .signaled(9), log: "a.log", tail: [])

    await #expect(throws: error) { try await folder.run(["sh", "-c", "kill -9 $$"]) }

    #expect(error.diagnostics.map(\.summary) == ["the program of `a` was ended by signal 9"])
  }

  @Test(arguments: ["no-such-program-here", "tools/none", "/no/such/program"])
  func `a program that is not there is told`(program: String) async throws {
    await #expect(throws: StepError.programNotFound(asset: "a", program: program)) {
      try await folder.run([program])
    }
  }

  @Test func `secrets are masked, each line of them`() async throws {
    try await folder.run(
      ["sh", "-c", "echo my $TOKEN and $TOKEN; echo first; echo second line"],
      environment: ["TOKEN": "hunter2"], secrets: ["hunter2", "", "first\nsecond"])

    #expect(folder.log == "my *** and ***\n***\n*** line\n")
  }

  @Test(.timeLimit(.minutes(5)))
  func `cancelling ends a program and its children`() async throws {
    let folder = folder
    let pipe = folder.path + "/started"
    mkfifo(pipe, 0o600)
    let task = Task {
      // The shell waits for its child, which ends only by a signal.
      try await folder.run(["sh", "-c", "tail -f /dev/null & echo $! > started; wait"])
    }
    // Opening the pipe waits until the program has written who its child is.
    let child = await Task.detached { firstNumber(in: pipe) }.value

    task.cancel()

    await #expect(throws: CancellationError.self) { try await task.value }
    let process = try #require(child)
    // A child that nobody waited for may be left as a zombie, which does nothing.
    let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      .split(separator: " ")[2]
    #expect([nil, "Z", "X"].contains(state.map(String.init)))
  }

  @Test(
    arguments: [
      ("", 3, []), ("a", 3, ["a"]), ("a\n\nb\n", 3, ["a", "b"]), ("a\nb\nc\nd\n", 2, ["c", "d"]),
      ("a\r\nb\r\n", 5, ["a", "b"]),
    ] as [(String, Int, [String])])
  func `the last lines of a log`(text: String, count: Int, lines: [String]) throws {
    let path = try folder.write(text, to: "some.log")

    #expect(ProgramRunner.lastLines(of: path, count: count) == lines)
  }

  @Test func `of a long log only the end is read`() throws {
    let text = (0..<100_000).map { "line \($0)\n" }.joined()
    let path = try folder.write(text, to: "some.log")

    #expect(ProgramRunner.lastLines(of: path, count: 2) == ["line 99998", "line 99999"])
    #expect(ProgramRunner.lastLines(of: path + "x", count: 2) == [])
  }
}

/// Reads a file's first line as a number.
private func firstNumber(in path: String) -> Int32? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 32)
  guard fgets(&line, 32, file) != nil else { return nil }
  return Int32(atoi(line))
}

/// A temporary folder to run programs in.
final class ProgramFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var log: String { (try? String(contentsOfFile: path + "/a.log", encoding: .utf8)) ?? "" }

  @discardableResult
  func write(_ text: String, to name: String, isExecutable: Bool = false) throws -> String {
    let url = URL(fileURLWithPath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    if isExecutable { chmod(url.path, 0o755) }
    return url.path
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  func run(
    _ command: [String], environment: [String: String] = [:], secrets: [String] = []
  ) async throws {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    try await ProgramRunner.run(
      ProgramCall(
        asset: "a", run: "r", command: command, folder: self.path,
        environment: environment.merging(["PATH": path]) { $1 }, secrets: secrets,
        log: (path: self.path + "/a.log", shown: "a.log")))
  }
}
