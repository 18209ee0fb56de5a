import AssetTestSupport
import Testing

/// Exit codes, streams, colour, and mistakes on the command line.
@Suite struct CommandLineTests {
  @Test func `quiet says only what is wrong`() async throws {
    let project = try ShopProject.new()

    let run = try await project.assetctl("materialize", "-q")
    let status = try await project.assetctl("status", "--quiet")
    try project.edit("assets/staging/paid.sql", "amount from", to: "amuont from")
    let failed = try await project.assetctl("materialize", "-q")

    #expect(run == CommandResult(exitCode: 0))
    #expect(status == CommandResult(exitCode: 0))
    #expect(failed.exitCode == 1)
    #expect(
      failed.output + failed.errors == """
        failed  paid  <duration>
          assets/staging/paid.sql:5:22: error: `orders` has no column `amuont`

          hint: did you mean `amount`?

        """)
  }

  @Test func `colour is for terminals, unless it is asked for`() async throws {
    let project = try ShopProject.new()

    let auto = try await project.assetctl("status", "paid")
    let always = try await project.assetctl("status", "paid", "--color", "always")
    let never = try await project.assetctl("status", "paid", "--color", "never")
    let noColor = try await project.assetctl(
      "status", "paid", "--color", "auto", environment: ["NO_COLOR": "1"])

    #expect(auto.output == "stale  paid  never materialized\n\n1 stale\n")
    #expect(never == auto)
    #expect(noColor == auto)
    #expect(always.output == "\u{1B}[33mstale\u{1B}[0m  paid  never materialized\n\n1 stale\n")
  }

  @Test func `colour that is asked for is in errors, too`() async throws {
    let project = try ShopProject.new()

    let result = try await project.assetctl("show", "nix", "--color=always")

    #expect(
      result.errors == """
        \u{1B}[31merror:\u{1B}[0m there is no asset `nix`

        \u{1B}[1mhint:\u{1B}[0m see all assets with `assetctl list`

        """)
  }

  @Test func `status exits 3 if something is stale and 1 if something failed`() async throws {
    let project = try await ShopProject.materialized()

    #expect(try await project.assetctl("status").exitCode == 0)
    try project.edit("assets/staging/paid.sql", "amount from", to: "amuont from")
    #expect(try await project.assetctl("status").exitCode == 3)
    try await project.assetctl("materialize")
    #expect(try await project.assetctl("status").exitCode == 1)
    #expect(try await project.assetctl("status", "orders").exitCode == 0)
    #expect(try await project.assetctl("status", "best").exitCode == 3)
  }

  @Test(
    arguments: [
      ["nix"], ["materialize", "--nix"], ["materialize", "-j", "0"], ["status", "--format", "xml"],
      ["materialize", "--var", "min_amount"], ["show"], ["lineage", "paid", "--depth", "0"],
      ["preview", "paid", "-n", "many"], ["status", "--color", "red"],
    ])
  func `a command line that cannot be read exits 64`(words: [String]) async throws {
    let project = try ShopProject.new()

    let result = try await project.assetctl(words)

    #expect(result.exitCode == 64)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("error: "))
    #expect(!project.exists(".assetctl"))
  }

  @Test func `every command has a help text with examples`() async throws {
    let project = try TemporaryProject()
    let commands = [
      "list", "status", "plan", "materialize", "lineage", "why", "show", "preview", "runs", "logs",
    ]

    for command in commands {
      let help = try await project.assetctl(command, "--help")
      #expect(help.exitCode == 0)
      #expect(help.errors == "")
      #expect(help.output.contains("Examples:\n  assetctl \(command)"))
    }
    let help = try await project.assetctl("--help")
    for command in commands { #expect(help.output.contains("\n  \(command) ")) }
  }

  @Test func `an unknown var or target is a mistake in the project's settings`() async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl("status", "--var", "min_amuont=1")
        == CommandResult(
          exitCode: 2,
          errors: """
            error: there is no var `min_amuont`

            hint: did you mean `min_amount`?

            """))
    #expect(
      try await project.assetctl("status", "--target", "prd")
        == CommandResult(
          exitCode: 2,
          errors: """
            assetctl.yml: error: there is no target `prd`

            hint: did you mean `prod`?

            """))
  }
}
