import Testing

@testable import AssetExecution

/// Which outputs a run has published while a program ran.
@Suite struct RunningProgramsTests {
  @Test func `what is being published counts as what was`() {
    let programs = RunningPrograms()
    let before = programs.publications
    programs.publishing(["a"]) {
      #expect(programs.published(since: before) == ["a"])
      // A program that begins in the middle of it sees it, too.
      #expect(programs.published(since: programs.publications) == ["a"])
    }
    #expect(programs.published(since: before) == ["a"])
    #expect(programs.published(since: programs.publications) == [])
  }

  @Test func `what could not be published is over as well`() {
    struct Failure: Error {}
    let programs = RunningPrograms()
    #expect(throws: Failure.self) { try programs.publishing(["a"]) { throw Failure() } }
    #expect(programs.published(since: programs.publications) == [])
  }
}
