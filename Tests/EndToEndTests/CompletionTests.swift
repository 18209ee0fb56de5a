import AssetTestSupport
import Testing

/// Shells complete the names of the project.
@Suite(.timeLimit(.minutes(10))) struct CompletionTests {
  private func project() throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: t\n", "assets/raw/orders.csv": "id,amount\n1,2\n",
      "assets/marts/daily.sql":
        "/* @asset\ntags: [nightly]\n*/\nselect id as number, amount from orders",
      "assets/sources.yml": "sources: [{name: events, columns: {at: {}}}]\n",
    ])
  }

  /// What bash offers for the last word of a command line, by the script that the program writes.
  private func offered(_ line: String, in project: TemporaryProject) async throws -> [String] {
    let script = """
      mkdir -p bin && ln -sf "$0" bin/assetctl && PATH="$PWD/bin:$PATH" exec bash -c '
      source <(assetctl --generate-completion-script bash)
      COMP_LINE="$1" COMP_POINT=${#1} COMP_WORDS=($1) COMPREPLY=()
      case "$1" in *" ") COMP_WORDS+=("");; esac
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _assetctl assetctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf "%s\\n" "${COMPREPLY[@]}"' _ '\(line)'
      """
    let result = try await project.startShell(script).result()
    #expect(result.errors.isEmpty, "\(result.errors)")
    return result.output.split(separator: "\n").map(String.init)
  }

  @Test func `bash completes assets, tags and columns`() async throws {
    let project = try project()
    for (line, words) in [
      ("assetctl status da", ["daily"]), ("assetctl status +da", ["+daily"]),
      ("assetctl status tag:", ["tag:nightly"]),
      ("assetctl status group:", ["group:marts", "group:raw"]),
      ("assetctl materialize source:", ["source:events"]),
      ("assetctl status col:daily.", ["col:daily.amount", "col:daily.number"]),
      ("assetctl status col:events.", ["col:events.at"]),
      ("assetctl lineage orders.", ["orders.amount", "orders.id"]),
      ("assetctl why o", ["orders"]), ("assetctl init --template s", ["starter"]),
      ("assetctl mat", ["materialize"]), ("assetctl status --for", ["--format"]),
    ] {
      let found = try await offered(line, in: project)
      #expect(found.sorted() == words, "\(line)")
    }
    #expect(!project.exists(".assetctl"))
  }

  @Test func `a project that cannot be read has no names, and nothing is said of it`() async throws
  {
    let project = try project()
    try project.write("assets/broken.sql", "/* @asset\n: [\n*/\nselect")
    #expect(try await offered("assetctl status da", in: project) == [])
    #expect(try await offered("assetctl status -C nowhere da", in: project) == [])
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `each shell has a script`(shell: String) async throws {
    let project = try project()
    let script = try await project.assetctl("--generate-completion-script", shell)
    #expect(script.exitCode == 0)
    #expect(script.output.contains("materialize") && script.output.contains("---completion"))
  }
}
