import AssetTestSupport
import Foundation
import Testing

/// Files, folders and patterns that programs are given as they are.
@Suite struct FileSourceTests {
  private func project(_ files: [String: String] = [:]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop",
        "assets/s.yml": """
        sources:
          - {name: photos, path: data/photos/}
          - {name: raw, path: "data/raw/*.bin"}
          - {name: conf, path: data/conf.json}
        """,
        "assets/report.sh": """
        # @asset
        # inputs: [photos, raw, conf, data/more.txt, "data/logs/*.log"]
        # outputs: [build/report.txt]
        # sandbox: strict
        (cd "$ASSETCTL_INPUT_PHOTOS" && find . -type f | LC_ALL=C sort | xargs cat) > "$ASSETCTL_OUTPUT"
        while read -r file; do cat "$file"; done < "$ASSETCTL_INPUT_RAW" >> "$ASSETCTL_OUTPUT"
        cat "$ASSETCTL_INPUT_CONF" "$ASSETCTL_INPUT_MORE" >> "$ASSETCTL_OUTPUT"
        grep -c . "$ASSETCTL_INPUT_LOGS" >> "$ASSETCTL_OUTPUT"
        """,
        "data/photos/a.jpg": "a\n", "data/photos/sub/b.jpg": "b\n",
        "data/raw/c.bin": "c\n", "data/raw/c.txt": "none of them\n", "data/conf.json": "{}\n",
        "data/more.txt": "more\n", "data/logs/1.log": "1\n", "data/logs/2.log": "2\n",
      ].merging(files) { _, new in new })
  }

  private func isFresh(_ project: TemporaryProject) async throws -> Bool {
    try await project.assetctl("status").exitCode == 0
  }

  @Test func `a program reads files, folders and patterns`() async throws {
    let project = try project()
    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0, "\(run.output)")
    #expect(try project.read("build/report.txt") == "a\nb\nc\n{}\nmore\n2\n")
    #expect(try await isFresh(project))
  }

  @Test(
    arguments: [
      ("data/photos/a.jpg", "A\n", "photos"), ("data/photos/.hidden", "h\n", "photos"),
      ("data/raw/d.bin", "d\n", "raw"), ("data/conf.json", "[]\n", "conf"),
      ("data/more.txt", "less\n", "data/more.txt"), ("data/logs/3.log", "3\n", "data/logs/*.log"),
    ]
  )
  func `what changes of them makes the program stale`(
    path: String, text: String, input: String
  ) async throws {
    let project = try project()
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write("data/raw/other.txt", "none of them")
    try project.touch("data/photos/a.jpg")
    #expect(try await isFresh(project))

    try project.write(path, text)
    let status = try await project.assetctl("status")
    #expect(status.output.contains("`\(input)` changed"), "\(status.output)")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await isFresh(project))
  }

  @Test func `why names the files that came, went and changed, ten of each`() async throws {
    let project = try project()
    for number in 10..<25 { try project.write("data/photos/old\(number).jpg", "\(number)") }
    #expect(try await project.assetctl("materialize").exitCode == 0)
    for number in 10..<25 { try project.remove("data/photos/old\(number).jpg") }
    for number in 10..<20 { try project.write("data/photos/new\(number).jpg", "\(number)") }
    try project.write("data/photos/sub/b.jpg", "B")

    let text = try await project.assetctl("why", "report")
    let json = try await project.assetctl("why", "report", "--format", "json")

    #expect(
      text.output.contains(
        """
            came  data/photos/new10.jpg
                     data/photos/new11.jpg

        """), "\(text.output)")
    #expect(
      text.output.contains("             data/photos/new19.jpg\n    went  data/photos/old10"))
    #expect(text.output.contains("             and 5 more\n    changed  data/photos/sub/b.jpg\n"))
    #expect(json.output.contains(#""count" : 15"#), "\(json.output)")
  }

  @Test func `what is not there or cannot be told is unknown, never fresh`() async throws {
    let project = try project()
    #expect(try await project.assetctl("materialize").exitCode == 0)
    for (path, reason) in [
      ("data/photos", "there is no folder `data/photos/`"),
      ("data/raw/c.bin", "no file matches `data/raw/*.bin`"),
      ("data/more.txt", "there is no file or folder `data/more.txt`"),
    ] {
      let copy = try project.copy()
      try copy.remove(path)
      let status = try await copy.assetctl("status", "report")
      #expect(status.exitCode == 1 && status.output.contains(reason), "\(status.output)")
      let run = try await copy.assetctl("materialize")
      #expect(run.exitCode == 1, "\(run.output)")
      #expect(try copy.read("build/report.txt").hasPrefix("a\nb\n"))
    }
    let outside = try TemporaryProject(["x.jpg": "x"])
    try project.link("data/photos/x.jpg", to: outside.folder + "/x.jpg")
    let status = try await project.assetctl("status", "report")
    #expect(status.output.contains("a link that leads out of the project"), "\(status.output)")
  }

  @Test func `what a program of the project writes is read in the same run`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/raw.csv": "id,n\n1,10\n2,20\n",
      "assets/split.sh": """
      # @asset
      # inputs: [raw]
      # outputs: [build/parts/]
      tail -n +2 "$ASSETCTL_INPUT_RAW" | while IFS=, read -r id n; do
        printf '%s\\n' "$n" > "$ASSETCTL_OUTPUT/$id.txt"
      done
      """,
      "assets/base.sh": """
      # @asset
      # kind: file
      # inputs: [raw]
      # outputs: [build/app.sqlite]
      sqlite3 "$ASSETCTL_OUTPUT" "create table t (id integer, n integer)"
      sqlite3 "$ASSETCTL_OUTPUT" ".import --csv --skip 1 $ASSETCTL_INPUT_RAW t"
      """,
      "assets/s.yml": """
      sources:
        - {name: parts, path: "build/parts/*.txt"}
        - {name: t, database: build/app.sqlite}
      """,
      "assets/named.sh": """
      # @asset
      # inputs: [parts]
      # outputs: [out/named.txt]
      xargs cat < "$ASSETCTL_INPUT_PARTS" > "$ASSETCTL_OUTPUT"
      """,
      "assets/plain.sh": """
      # @asset
      # inputs: [build/parts/]
      # outputs: [out/plain.txt]
      cat "$ASSETCTL_INPUT_PARTS"/* > "$ASSETCTL_OUTPUT"
      """,
      "assets/total.sql": "select sum(n) as n from t",
    ])
    let plan = try await project.assetctl("plan")
    #expect(plan.exitCode == 0, "\(plan.output)")
    for (rows, parts, total) in [
      ("1,10\n2,20\n", "10\n20\n", 30), ("1,10\n3,5\n", "10\n5\n", 15),
    ] {
      try project.write("assets/raw.csv", "id,n\n" + rows)
      let run = try await project.assetctl("materialize")
      #expect(run.exitCode == 0, "\(run.output)")
      #expect(try project.read("out/named.txt") == parts)
      #expect(try project.read("out/plain.txt") == parts)
      #expect(try await project.sqlite("select n from total") == [[.number(Double(total))]])
      let status = try await project.assetctl("status")
      #expect(status.exitCode == 0, "\(status.output)")
    }
    let lineage = try await project.assetctl("lineage", "parts")
    #expect(lineage.output.contains("split") && lineage.output.contains("named"))
  }

  @Test func `columns that a writer declares pass through to what is loaded`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/raw.csv": "id,n\n1,10\n",
      "assets/pull.sh": """
      # @asset
      # kind: file
      # inputs: {raw: {columns: [n]}}
      # columns: {n: integer, m: integer}
      # outputs: [build/orders.csv]
      sed 's/n/n,m/; s/10/10,20/' "$ASSETCTL_INPUT_RAW" > "$ASSETCTL_OUTPUT"
      """,
      "assets/s.yml": "sources:\n  - {name: orders, file: build/orders.csv}\n",
      "assets/sum.sql": "select sum(m) as m from orders",
    ])
    for isBuilt in [false, true] {
      let lineage = try await project.assetctl("lineage", "sum.m")
      for column in ["orders.m", "pull.m", "raw.n"] {
        #expect(lineage.output.contains(column), "\(lineage.output)")
      }
      #expect(!lineage.output.contains("pull.n"), "\(lineage.output)")
      if !isBuilt { #expect(try await project.assetctl("materialize").exitCode == 0) }
    }
  }

  @Test func `links within the project are followed, also in a sandbox`() async throws {
    let project = try project()
    try project.write("elsewhere/x.jpg", "x\n")
    try project.link("data/photos/sub/x.jpg", to: project.folder + "/elsewhere/x.jpg")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try project.read("build/report.txt").hasPrefix("a\nb\nc\n"))

    try project.write("elsewhere/x.jpg", "X\n")
    #expect(try await project.assetctl("status").output.contains("`photos` changed"))
  }

  @Test func `each item of foreach is given its own files`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/each.sh": """
      # @asset
      # foreach: [data/de/, data/fr/]
      # name: each_{item}
      # inputs: ["{item}", "more/{item}/*.txt"]
      # outputs: ["build/{item}/out.txt"]
      cat "$ASSETCTL_INPUT_DE$ASSETCTL_INPUT_FR"/* > "$ASSETCTL_OUTPUT"
      """,
      "data/de/a.txt": "de\n", "data/fr/a.txt": "fr\n",
      "more/data/de/1.txt": "1\n", "more/data/fr/1.txt": "1\n",
    ])
    let list = try await project.assetctl("list")
    #expect(list.errors.contains("both be told by `ASSETCTL_INPUT_DE`"), "\(list.errors)")
    try project.edit("assets/each.sh", "more/{item}/*.txt", to: "more/{item}/?.txt")
    try project.edit("assets/each.sh", ", \"more/{item}/?.txt\"", to: "")
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(try project.read("build/data/fr/out.txt") == "fr\n")

    try project.write("data/fr/b.txt", "FR\n")
    let again = try await project.assetctl("materialize", "--format", "json")
    #expect(
      try again.assets("outcome") == ["each_data_de_": "fresh", "each_data_fr_": "materialized"])
  }

  @Test(
    arguments: [
      "path: data/", "path: \"data/*.sqlite\"", "path: data/w.sqlite-journal", "path: link",
      "file: data/w.sqlite", "file: \"data/*\"",
    ])
  func `the warehouse is no data`(settings: String) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\nwarehouse: sqlite:data/w.sqlite",
      "assets/a.csv": "n\n1\n", "data/x.txt": "",
      "assets/s.yml": "sources:\n  - {name: s, \(settings)}\n",
    ])
    try project.link("link", to: "data")
    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(list.errors.contains("assets/s.yml:2:5: error: the files"), "\(list.errors)")
    #expect(list.errors.contains("hold, the warehouse"), "\(list.errors)")
  }

  @Test func `the newest file tells how new a source is`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "data/a.txt": "a", "data/b.txt": "b",
      "assets/s.yml": "sources:\n  - {name: s, path: data/, freshness: {warn_after: 6h}}\n",
      "assets/p.sh": "# @asset\n# inputs: [s]\n# outputs: [o]\ncp \"$ASSETCTL_INPUT_S/a.txt\" o\n",
    ])
    let old = Date(timeIntervalSinceNow: -100_000)
    try FileManager.default.setAttributes(
      [.modificationDate: old], ofItemAtPath: project.folder + "/data/a.txt")
    #expect(!(try await project.assetctl("status").output.contains("late")))
    try FileManager.default.setAttributes(
      [.modificationDate: old], ofItemAtPath: project.folder + "/data/b.txt")
    #expect(try await project.assetctl("status").output.contains("late"))
  }
}
