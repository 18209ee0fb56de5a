import AssetCore
import AssetTestSupport
import AssetWarehouse
import Foundation
import Synchronization
import Testing

@testable import AssetExecution

/// Programs as steps of a run, in a folder on disk beside a warehouse in memory.
@Suite struct ProgramStepTests {
  let project: ProgramProject

  init() throws { project = try ProgramProject() }

  @Test func `a program gets its inputs as files and its output is put in place`() async throws {
    project.publish("orders", "id=2 note=b\nid=1 note=a")
    project.declare(
      "copy", outputs: ["build/copy.csv"], reads: [("orders", ["note", "id"])],
      run: "cat $ASSETCTL_INPUT_ORDERS > $ASSETCTL_OUTPUT; "
        + "echo $ASSETCTL_ASSET $ASSETCTL_RUN $ASSETCTL_VAR_LEVEL >> $ASSETCTL_OUTPUT_COPY")

    let results = await project.run()

    #expect(results.map(\.outcome) == [.materialized])
    #expect(try project.folder.read("build/copy.csv") == "note,id\na,1\nb,2\ncopy test 3\n")
    let end = try #require(project.ends.first)
    #expect(
      end.materialization?.product
        == Product(
          digest: ContentDigest(fileBytes: Array("note,id\na,1\nb,2\ncopy test 3\n".utf8)),
          files: [
            "build/copy.csv": ContentDigest(
              fileBytes: Array("note,id\na,1\nb,2\ncopy test 3\n".utf8))
          ]))
    #expect(end.attempt == 7)
    #expect(
      end.provenance?.inputs == [
        .asset("orders"): ConsumedInput(
          .columns(["id", "note"]), "fake1:id=1 note=a|id=2 note=b")
      ])
  }

  @Test func `nothing is left of the folder that a program worked in`() async throws {
    project.declare("a", outputs: ["build/a"], run: "echo 1 > $ASSETCTL_OUTPUT")

    _ = await project.run()

    #expect(
      try FileManager.default.contentsOfDirectory(
        atPath: project.folder.path + "/.assetctl/runs/test") == ["a.log"])
  }

  @Test func `a program of a table writes rows, which the warehouse publishes`() async throws {
    project.declare(
      "t", product: .table, run: "printf 'id,name\\n1,a\\n,\\n' > $ASSETCTL_OUTPUT")

    let results = await project.run()

    #expect(results.map(\.rows) == [2])
    #expect(project.warehouse["t"] == "id=1 name='a'\nid=null name=null")
  }

  @Test func `a program that writes nothing fails`() async throws {
    project.declare("a", outputs: ["build/a", "build/b"], run: "echo 1 > $ASSETCTL_OUTPUT")

    let results = await project.run()

    #expect(
      results[0].failure
        == Diagnostic(
          "the program of `a` ended without writing `build/b`",
          facts: [.init("log", ".assetctl/runs/test/a.log")],
          hint: "write it to the path in the environment variable `ASSETCTL_OUTPUT_B`"))
    #expect(!FileManager.default.fileExists(atPath: project.folder.path + "/build/a"))
  }

  @Test func `a failure leaves the published file`() async throws {
    try project.folder.write("old", to: "build/a")
    project.declare("a", outputs: ["build/a"], run: "echo new > $ASSETCTL_OUTPUT; exit 1")

    let results = await project.run()

    #expect(results.map(\.outcome) == [.failed])
    #expect(try project.folder.read("build/a") == "old")
  }

  @Test func `a file of somebody else in an output's place is kept aside`() async throws {
    try project.folder.write("precious", to: "build/a")
    project.declare("a", outputs: ["build/a"], run: "echo new > $ASSETCTL_OUTPUT")

    _ = await project.run()

    #expect(try project.folder.read("build/a") == "new\n")
    #expect(try project.folder.read(".assetctl/replaced/test/build/a") == "precious")
  }

  @Test func `code that is edited while it runs is a failure`() async throws {
    try project.folder.write("old", to: "lib/code.txt")
    project.declare(
      "a", outputs: ["build/a"], code: "lib/code.txt",
      run: "echo 1 > $ASSETCTL_OUTPUT; echo new > lib/code.txt")

    let results = await project.run()

    #expect(
      results[0].failure
        == Diagnostic(
          "`lib/code.txt` was edited while `a` was made from it",
          hint: "materialize again once it is no longer edited"))
  }

  @Test func `programs of the outer environment's own variables are not confused with ours`()
    async throws
  {
    project.declare(
      "a", outputs: ["build/a"], run: "echo $OUTER $ASSETCTL_INPUT_OLD. > $ASSETCTL_OUTPUT")

    _ = await project.run(environment: ["OUTER": "yes", "ASSETCTL_INPUT_OLD": "no"])

    #expect(try project.folder.read("build/a") == "yes .\n")
  }

  @Test(.timeLimit(.minutes(5)))
  func `as many programs run at once as are allowed`() async throws {
    mkfifo(project.folder.path + "/meet", 0o600)
    project.declare("a", outputs: ["build/a"], run: "echo hello > meet; echo > $ASSETCTL_OUTPUT")
    project.declare(
      "b", outputs: ["build/b"], run: "read word < meet; echo $word > $ASSETCTL_OUTPUT")

    // Each waits for the other at the pipe, so that both end only if they run at the same time.
    let results = await project.run(limit: 2)

    #expect(results.map(\.outcome) == [.materialized, .materialized])
    #expect(try project.folder.read("build/b") == "hello\n")
  }

  @Test func `no more programs run at once than are allowed`() async throws {
    for name in ["a", "b", "c"] as [AssetKey] {
      project.declare(
        name, outputs: ["build/\(name)"],
        run: "mkdir lock && rmdir lock && echo 1 > $ASSETCTL_OUTPUT")
    }

    let results = await project.run(limit: 1)

    #expect(results.map(\.outcome) == [.materialized, .materialized, .materialized])
    #expect(
      project.events == [
        "started a", "materialized a", "started b", "materialized b", "started c", "materialized c",
      ])
  }
}

/// A project of programs in a temporary folder.
final class ProgramProject: @unchecked Sendable {
  let folder: ProgramFolder
  let warehouse = FakeWarehouse()
  private var assets: [Asset] = []
  private let told = Mutex<(events: [String], ends: [StepEnd])>(([], []))

  init() throws { folder = try ProgramFolder() }

  var events: [String] { told.withLock { $0.events } }
  var ends: [StepEnd] { told.withLock { $0.ends } }

  func publish(_ key: AssetKey, _ content: String) {
    warehouse[key.name] = content
    assets.append(
      Asset(
        key: key, recipe: .source(table: TableName(key.name)), place: Place(file: "sources.yml"),
        definition: CanonicalForm(tag: "test", fields: [])))
  }

  func declare(
    _ key: AssetKey, product: ProgramRecipe.Product = .file, outputs: [String] = [],
    reads inputs: [(key: AssetKey, columns: [String])] = [], code: String? = nil, run: String
  ) {
    let bytes = code.flatMap { try? folder.read($0) }.map { Array($0.utf8) }
    let fields = code.map {
      [CanonicalForm.Field("code.\($0)", ContentDigest(fileBytes: bytes ?? []).rawValue)]
    }
    assets.append(
      Asset(
        key: key,
        recipe: .program(
          ProgramRecipe(
            product: product, command: ["sh", "-c", run],
            outputs: outputs.map { ProgramOutput($0) },
            vars: ["level": .integer(3)])),
        place: Place(file: "\(key).sh"),
        inputs: inputs.map {
          AssetInput(
            key: $0.key, consumption: Consumption(columns: $0.columns), exportedColumns: $0.columns,
            place: Place(file: "\(key).sh"))
        },
        definition: CanonicalForm(tag: "test", fields: fields ?? [])))
  }

  func run(limit: Int = 1, environment: [String: String] = [:]) async -> [StepResult] {
    try? FileManager.default.createDirectory(
      atPath: folder.path + "/.assetctl/runs/test", withIntermediateDirectories: true)
    let graph: AssetGraph
    do { graph = try AssetGraph(assets) } catch { return [] }
    let observe = { @Sendable [warehouse] (wanted: [AssetKey: Set<Consumption>]) in
      try await warehouse.observe(
        wanted.map { key, consumptions in
          TableRequest(
            key: key, table: TableName(key.name), consumptions: consumptions,
            isPublished: graph[key]?.isSource == false)
        })
    }
    var observations = Observations()
    for key in graph.order {
      let consumptions = graph.consumptions(of: key, recordedIn: [:])
      observations.assets[key] = try? await observe([key: consumptions])[key]
    }
    let running = Set(graph.order.filter { graph[$0]?.isSource == false })
    var assessor = Assessor(
      graph: graph, history: [:], observations: observations, running: running,
      now: Timestamp(milliseconds: 0))
    let plan = MaterializationPlan(of: running, by: &assessor)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let executor = Executor(
      context: StepContext(
        warehouse: warehouse, folder: RunFolder(project: folder.path, run: "test"),
        journal: StepJournal(
          begin: { _, _, _, _ in 7 }, noteCandidate: { _, _, _ in }, encode: { $0.id }),
        environment: environment.merging(["PATH": path]) { $1 },
        now: { Timestamp(milliseconds: 0) }),
      reader: ScenarioReader(), limits: ExecutionLimits(slots: limit), observe: observe,
      record: { end in self.told.withLock { $0.ends.append(end) } },
      emit: { event in
        switch event {
        case .started(let key, _): self.told.withLock { $0.events.append("started \(key)") }
        case .finished(let result):
          self.told.withLock { $0.events.append("\(result.outcome) \(result.key)") }
        case .planned, .warning, .retrying, .waitingForLock: break
        }
      })
    return await executor.execute(plan, by: assessor).results
  }
}
