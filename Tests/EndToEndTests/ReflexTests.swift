import AssetTestSupport
import Testing

/// What users of other tools type first.
@Suite struct ReflexTests {
  @Test(
    arguments: [
      ["list", "-s", "paid"], ["list", "--select", "paid"], ["list", "-spaid"],
      ["list", "assets/staging/paid.sql"], ["list", "./assets/staging/paid.sql"],
    ])
  func `a selection may be written as elsewhere`(words: [String]) async throws {
    let project = try ShopProject.new()

    let list = try await project.assetctl(words)

    #expect(list.exitCode == 0)
    #expect(list.output.contains("paid"))
    #expect(!list.output.contains("per_customer"))
  }

  @Test func `an option and its value may be joined`() async throws {
    let project = try ShopProject.new()

    #expect(try await project.assetctl("materialize", "-j2").exitCode == 0)
    #expect(try await project.assetctl("materialize", "--jobs", "2").exitCode == 0)
    #expect(try await project.assetctl("preview", "paid", "-n1").exitCode == 0)
    #expect(try await project.assetctl("runs", "-n1").exitCode == 0)
    #expect(try await project.assetctl("-Cassets", "status", "-q").exitCode == 0)
    #expect(try await project.assetctl("status", "-q", "-Cassets").exitCode == 0)
  }

  @Test(
    arguments: [
      ("build", "assetctl materialize"), ("run", "assetctl materialize"), ("ls", "assetctl list"),
      ("compile", "assetctl show ASSET"),
    ])
  func `commands of other tools get a hint`(word: String, hint: String) async throws {
    let project = try ShopProject.new()

    let result = try await project.assetctl(word)

    #expect(result.exitCode == 64)
    #expect(result.errors.contains(hint))
  }

  @Test func `options and selections of other tools get a hint`() async throws {
    let project = try ShopProject.new()

    let full = try await project.assetctl("materialize", "--full")
    let state = try await project.assetctl("list", "state:modified")

    #expect(full.exitCode == 64)
    #expect(full.errors.contains("`--full-refresh` builds"))
    #expect(state.exitCode == 64)
    #expect(state.errors.contains("`status:stale` is what changed"))
  }

  @Test func `show prints the query`() async throws {
    let project = try ShopProject.new()

    #expect(try await project.assetctl("show", "paid").output.contains("\nquery\n  select"))
  }
}
