import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct LiveProgressTests {
  private func later(_ milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: morning.milliseconds + milliseconds)
  }

  private func planned(_ text: String) async throws -> LiveProgress {
    var progress = LiveProgress()
    progress.note(.planned(run: "run1", try await Scenario(text).plan()), at: morning)
    return progress
  }

  @Test func `what runs has a line with its time, below how much is done`() async throws {
    var progress = try await planned("a\nlonger\nc")
    #expect(progress.lines(at: morning, style: .plain) == ["0 of 3 done"])

    progress.note(.started("a"), at: morning)
    progress.note(.started("longer"), at: later(500))
    progress.note(.finished(StepResult("c", .fresh)), at: later(600))

    #expect(
      progress.lines(at: later(1500), style: .plain) == [
        "1 of 3 done", "  a       1.5 s", "  longer  1.0 s",
      ])

    progress.note(.finished(StepResult("a", .materialized)), at: later(2000))
    #expect(
      progress.lines(at: later(2000), style: .plain) == ["2 of 3 done", "  longer  1.5 s"])

    progress.note(.finished(StepResult("longer", .failed)), at: later(3000))
    #expect(progress.lines(at: later(3000), style: .plain) == [])
  }

  @Test func `expected times and the last lines of output stand in columns`() async throws {
    var progress = try await planned("a\nlonger\nc")
    progress.note(.started("a", expectedMilliseconds: 65_000), at: morning)
    progress.note(.started("longer"), at: morning)
    progress.note(.started("c", expectedMilliseconds: 90), at: morning)

    progress.note(output: "epoch 1\nepoch 2\n", of: "a")
    progress.note(output: "\u{1B}[2J\u{1B}[31m40 %\r50\t%", of: "longer")
    progress.note(output: "of nobody", of: "d")

    #expect(
      progress.lines(at: later(1500), style: .plain) == [
        "0 of 3 done", "  a       1.5 s, last time 1 min 5 s  epoch 2",
        "  longer  1.5 s                       50 %", "  c       1.5 s, last time 90 ms",
      ])
    #expect(progress.runningKeys == ["a", "longer", "c"])
  }

  @Test func `what is tried again says when, and begins anew then`() async throws {
    var progress = try await planned("a\nb")
    progress.note(.started("a", expectedMilliseconds: 700), at: morning)
    progress.note(.started("b"), at: morning)
    let retry = Retry(
      "a", tries: 1, mostTries: 3, delayMilliseconds: 2000, failure: Diagnostic("no"))

    progress.note(.retrying(retry), at: later(500))
    #expect(
      progress.lines(at: later(1000), style: .plain) == [
        "0 of 2 done", "  a  try 2 of 3 in 1.5 s", "  b  1.0 s",
      ])

    progress.note(.started("a", expectedMilliseconds: 700), at: later(2600))
    #expect(
      progress.lines(at: later(3000), style: .plain) == [
        "0 of 2 done", "  a  400 ms, last time 700 ms", "  b  3.0 s",
      ])
  }

  @Test func `no line is as wide as the terminal, whatever a program prints`() async throws {
    var progress = try await planned("a")
    progress.note(.started("a"), at: morning)
    progress.note(output: "東京タワー 👍👍👍 and so on", of: "a")

    func line(_ width: Int) -> String {
      progress.lines(at: later(0), style: TextStyle(width: width))[1]
    }

    #expect(line(100) == "  a  0 ms  東京タワー 👍👍👍 and so on")
    #expect(line(20) == "  a  0 ms  東京タ…")
    #expect(line(21) == "  a  0 ms  東京タワ…")
    #expect(line(6) == "  a …")
    #expect(line(1) == "")
  }

  @Test func `in a narrow window names lose their middle before times are lost`() async throws {
    var progress = try await planned("a_rather_long_name_de\na_rather_long_name_fr\nc")
    progress.note(.started("a_rather_long_name_de", expectedMilliseconds: 65_000), at: morning)
    progress.note(.started("a_rather_long_name_fr"), at: morning)
    progress.note(.started("c"), at: morning)
    progress.note(output: "epoch 1 of 9", of: "a_rather_long_name_de")
    let retry = Retry("c", tries: 1, mostTries: 3, delayMilliseconds: 4000, failure: Diagnostic(""))
    progress.note(.retrying(retry), at: later(500))

    func lines(_ width: Int) -> [String] {
      Array(progress.lines(at: later(1500), style: TextStyle(width: width)).dropFirst())
    }

    #expect(
      lines(80) == [
        "  a_rather_long_name_de  1.5 s, last time 1 min 5 s  epoch 1 of 9",
        "  a_rather_long_name_fr  1.5 s", "  c                      try 2 of 3 in 3.0 s",
      ])
    #expect(
      lines(50) == [
        "  a_rather_…g_name_de  1.5 s, last time 1 min 5 s",
        "  a_rather_…g_name_fr  1.5 s", "  c                    try 2 of 3 in 3.0 s",
      ])
    #expect(
      lines(32) == [
        "  a_rather_…g_name_de  1.5 s", "  a_rather_…g_name_fr  1.5 s",
        "  c                    in 3.0 s",
      ])
    #expect(lines(16) == ["  a…e  1.5 s", "  a…r  1.5 s", "  c    in 3.0 s"])
    #expect(lines(2) == ["…", "…", "…"])
  }

  @Test func `lines of a window that has become narrower take more rows`() {
    let lines = ["0 of 1 done", "\u{1B}[2m  name  1.5 s  東京タワー\u{1B}[0m", ""]

    #expect([nil, 80, 25, 24, 10, 5].map { rowCount(of: lines, width: $0) } == [3, 3, 3, 4, 6, 9])
  }

  @Test func `no more than eight are shown, or what the terminal has room for`() async throws {
    let names = (0..<12).map { "asset_number_\($0)" }
    var progress = try await planned(names.joined(separator: "\n"))

    for name in names { progress.note(.started(AssetKey(trusted: name)), at: morning) }

    let lines = progress.lines(at: morning, style: TextStyle(width: 12))
    #expect(lines == ["0 of 12 do…"] + (0..<8).map { _ in "  …  0 ms" } + ["  and 4 mo…"])
    #expect(
      progress.lines(at: morning, style: .plain, height: 5) == [
        "0 of 12 done", "  asset_number_0  0 ms", "  asset_number_1  0 ms", "  and 10 more",
      ])
    #expect(progress.lines(at: morning, style: .plain, height: 1).count == 3)
  }

  @Test func `a run that waits for another says for which`() {
    var progress = LiveProgress()
    #expect(progress.lines(at: morning, style: .plain) == [])

    progress.note(.waitingForLock("20261121-091403-5f2a"), at: morning)

    #expect(
      progress.lines(at: morning, style: .plain) == [
        "waiting for the run 20261121-091403-5f2a to end"
      ])
  }

  @Test func `colour is quiet`() async throws {
    let progress = try await planned("a")

    #expect(
      progress.lines(at: morning, style: TextStyle(hasColor: true)) == [
        "\u{1B}[2m0 of 1 done\u{1B}[0m"
      ])
  }
}
