import AssetTestSupport
import Testing

/// `assetctl init`: projects from templates, each of which runs at once.
@Suite(.timeLimit(.minutes(10))) struct InitTests {
  @Test(arguments: ["starter", "elt", "cdc", "ml", "reverse-etl"])
  func `each template runs at once, and has nothing to do then`(template: String) async throws {
    let project = try TemporaryProject([:])
    let made = try await project.assetctl("init", "my-\(template)", "--template", template)
    #expect(made.exitCode == 0)
    #expect(made.output.contains("from the template `\(template)`"))
    let files = project.files(under: "my-\(template)")
    #expect(files.contains("my-\(template)/README.md"))
    #expect(try project.read("my-\(template)/assetctl.yml").contains("project: my_"))

    for (words, text) in [
      ("validate", "nothing is wrong"), ("plan", ""), ("materialize", "materialized"),
      ("status", "assets are fresh"), ("materialize", "nothing to do: all"), ("check", ""),
      ("test", " ok"), ("status", "assets are fresh"),
    ] {
      let result = try await project.assetctl("-C", "my-\(template)", words)
      #expect(result.exitCode == 0, "\(words): \(result.output)\(result.errors)")
      #expect(result.output.contains(text), "\(words): \(result.output)")
      #expect(result.errors.isEmpty, "\(words): \(result.errors)")
    }
    // What is shipped is what is there: nothing of it was changed, and all that was made is ignored by Git.
    let left = try await project.python(
      """
      import json, os, subprocess, sys
      os.chdir(sys.argv[1])
      git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
      run = lambda *words: subprocess.run([*git, *words], check=True, capture_output=True, text=True).stdout
      run("init", "-q")
      print(json.dumps(run("status", "--porcelain", "-uall").split("\\n")[:-1]))
      """, ["my-\(template)"]
    ).json.elements.map { "my-\(template)/" + $0.text.dropFirst(3) }
    #expect(Set(left) == Set(files))
  }

  @Test func `templates are listed, each with a sentence`() async throws {
    let project = try TemporaryProject([:])
    let list = try await project.assetctl("init", "--list", "--format", "json").json["templates"]
      .elements
    #expect(list.map { $0["template"] } == ["starter", "elt", "cdc", "ml", "reverse-etl"])
    #expect(
      list.allSatisfy { $0["summary"].text.count > 20 && $0["summary"].text.count < 200 }, "\(list)"
    )
    let text = try await project.assetctl("init", "--list").output
    #expect(text.split(separator: "\n").count == 5)
  }

  @Test func `nothing that is there is replaced`() async throws {
    let project = try TemporaryProject([
      "here/README.md": "mine\n", "shop/assetctl.yml": "project: shop\n",
    ])
    let inTheWay = try await project.assetctl("init", "here")
    #expect(inTheWay.exitCode == 2)
    #expect(
      inTheWay.errors.contains("`here` has files that the template would replace: `README.md`"))
    #expect(project.files(under: "here") == ["here/README.md"])
    for folder in ["shop", "shop/deep/er"] {
      let inside = try await project.assetctl("init", folder)
      #expect(inside.exitCode == 2)
      #expect(inside.errors.contains("`\(folder)` lies in a project already"))
    }
    let unknown = try await project.assetctl("init", "new", "--template", "strater")
    #expect(unknown.exitCode == 64)
    #expect(unknown.errors.contains("did you mean `starter`?"))
    #expect(!project.exists("new"))
    try project.write("file", "")
    #expect(try await project.assetctl("init", "file/new").exitCode == 2)
  }

  @Test func `the folder may be this one, and its name need be no name`() async throws {
    let project = try TemporaryProject(["the 1st shop/notes.txt": "mine\n"])
    let made = try await project.assetctl("-C", "the 1st shop", "init")
    #expect(made.exitCode == 0, "\(made.errors)")
    #expect(made.output.contains("made the project `the_1st_shop` from the template `starter`"))
    #expect(!made.output.contains("cd "))
    let elsewhere = try await project.assetctl("init", "it's")
    #expect(elsewhere.output.contains("cd 'it'\\''s'\n"), "\(elsewhere.output)")
    let document = try await project.assetctl("init", "third", "--format", "json").json
    #expect(document["project"] == "third")
    #expect(document["files"].elements.contains("assetctl.yml"))
  }
}
