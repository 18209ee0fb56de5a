import AssetCore

/// The values of `assetctl.yml`, with the chosen target applied.
struct ProjectFile {
  var name = ""
  var warehouse = WarehouseAddress.sqlite(path: ".assetctl/warehouse.sqlite")
  var vars: [String: VarValue] = [:]
  var secrets: [PlacedText] = []
  /// The vars that are filled from secrets, and are secrets for it.
  private(set) var secretVars: Set<String> = []
  /// What assets do not set of how they are materialized.
  var defaults = PolicyDeclaration()
  /// How much may run at once in each pool.
  var pools: [String: Int] = [:]
  /// The folder of the unit tests.
  var testsFolder = "tests"

  static let path = "assetctl.yml"
  private static let later: Set<String> = [
    "notifications", "schedules", "environments",
  ]

  /// Reads the file; what is wrong with it is noted.
  init(_ source: SourceText, request: LoadRequest, log: ProblemLog) throws(LoadingProblem) {
    let yaml = YAMLSource(file: source.file, text: source.text)
    guard let settings = Settings(try yaml.parse(), named: "the file", in: yaml, log: log) else {
      return
    }
    settings.expect(
      [
        "project", "warehouse", "vars", "targets", "secrets", "defaults", "pools", "sandbox",
        "tests",
      ],
      later: Self.later)
    if let project = settings.text("project") {
      name = project
    } else if settings.isEmpty("project") {
      log.add(.missingSetting("project", of: "the project", at: Place(file: Self.path)))
    }
    readTestsFolder(settings)
    secrets = (settings.texts("secrets") ?? []).map { PlacedText(text: $0.text, place: $0.place) }
    readPolicies(settings)
    // What the target replaces needs no variables.
    apply(settings, request: request, replacedBy: target(of: settings, request: request))
    applyTarget(of: settings, request: request)
    for (name, text) in request.vars.sorted(by: { $0.key < $1.key }) {
      guard vars[name] != nil else {
        log.add(.unknownVar(name, at: nil, nearest: nearestName(to: name, in: vars.keys)))
        continue
      }
      vars[name] = VarValue(yaml: text, isPlain: true)
    }
  }

  private mutating func noteSecret(_ name: String, _ text: String) {
    let names = environmentNames(in: text)
    if secrets.contains(where: { names.contains($0.text) }) { secretVars.insert(name) }
  }

  /// The field of a definition that a var makes: its value, of a secret one just a digest of it.
  func field(ofVar name: String, _ value: VarValue) -> CanonicalForm.Field {
    let text = value.canonicalText
    return CanonicalForm.Field(
      "var." + name,
      secretVars.contains(name) ? ContentDigest(fileBytes: Array(text.utf8)).rawValue : text)
  }

  private mutating func readPolicies(_ settings: Settings) {
    if settings.has("defaults"), let defaults = settings.mapping("defaults") {
      defaults.expect(Settings.policyKeys)
      self.defaults = defaults.policy()
    }
    if let sandbox = settings.choice("sandbox", of: SandboxMode.allCases.map(\.rawValue)) {
      defaults.sandbox = defaults.sandbox ?? SandboxMode(rawValue: sandbox)
    }
    guard settings.has("pools"), let pools = settings.mapping("pools") else { return }
    for name in pools.keys { self.pools[name] = pools.count(name, atLeast: 1) }
  }

  private mutating func readTestsFolder(_ settings: Settings) {
    guard let path = settings.text("tests") else { return }
    let place = settings.valuePlace(of: "tests")
    switch ProjectPath.normalize(path) {
    case .failure(let fault): settings.log.add(.badPath(path, fault, at: place))
    case .success(let folder):
      // Everything there is read for something else.
      for other in ["assets", ".assetctl"] where PathText.lies(folder, in: other) {
        settings.log.add(.test(.folderInside(path, folder: other), at: place))
      }
      testsFolder = folder
    }
  }

  /// The settings of the chosen target, if it has any.
  private func target(of settings: Settings, request: LoadRequest) -> Settings? {
    guard settings.has("targets"), let targets = settings.mapping("targets") else { return nil }
    for entry in targets.entries() where entry.key == request.target {
      if case .mapping(let target) = entry.value { return target }
    }
    return nil
  }

  private mutating func applyTarget(of settings: Settings, request: LoadRequest) {
    let targets = settings.has("targets") ? settings.mapping("targets") : nil
    var known: [String] = []
    for entry in targets?.entries() ?? [] {
      known.append(entry.key)
      guard case .mapping(let target) = entry.value else {
        settings.log.add(
          .wrongType(setting: entry.key, expected: "a mapping", at: entry.valuePlace))
        continue
      }
      target.expect(["warehouse", "vars"])
      if entry.key == request.target { apply(target, request: request) }
    }
    if let target = request.target, target != "default", !known.contains(target) {
      settings.log.add(.unknownTarget(target, known: known))
    }
  }

  private mutating func apply(
    _ settings: Settings, request: LoadRequest, replacedBy target: Settings? = nil
  ) {
    let log = settings.log
    var replaced: Set<String> = Set(request.vars.keys)
    if let target, target.has("vars"), let vars = target.mapping("vars") {
      replaced.formUnion(vars.keys)
    }
    if target?.has("warehouse") == true {
    } else if let address = settings.text("warehouse") {
      let place = settings.valuePlace(of: "warehouse")
      if let filled = log.fill(address, at: place, from: request.environment) {
        if filled.hasPrefix("sqlite:"), filled.count > "sqlite:".count {
          warehouse = .sqlite(path: String(filled.dropFirst("sqlite:".count)))
        } else {
          log.add(.badWarehouse(address, at: place))
        }
      }
    }
    guard settings.has("vars"), let vars = settings.mapping("vars") else { return }
    for entry in vars.entries() {
      guard AssetKey(entry.key) != nil else {
        log.add(.badVarName(entry.key, at: entry.place))
        continue
      }
      if let other = self.vars.keys.first(where: {
        $0 != entry.key && $0.lowercased() == entry.key.lowercased()
      }) {
        log.add(.varsDifferByCase(other, entry.key, at: entry.place))
        continue
      }
      switch entry.value {
      case .nothing: self.vars[entry.key] = .null
      case .scalar(let text, let isPlain):
        // Another value takes its place.
        guard !replaced.contains(entry.key) else {
          self.vars[entry.key] = .null
          noteSecret(entry.key, text)
          continue
        }
        guard let filled = log.fill(text, at: entry.valuePlace, from: request.environment)
        else { continue }
        self.vars[entry.key] = VarValue(yaml: filled, isPlain: isPlain)
        noteSecret(entry.key, text)
      case .mapping, .list:
        log.add(
          .wrongType(setting: entry.key, expected: "a text or a number", at: entry.valuePlace))
      }
    }
  }
}
