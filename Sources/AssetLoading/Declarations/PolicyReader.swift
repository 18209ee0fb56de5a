import AssetCore

// How assets are to be materialized: `retries`, `timeout`, `pool`, `weight`, `sandbox`, `keep`.

extension Settings {
  /// The keys of ``PolicyDeclaration``.
  static let policyKeys: Set<String> = [
    "retries", "timeout", "pool", "weight", "sandbox", "keep",
  ]

  /// What is set of how to materialize; what is wrong with it is noted.
  func policy() -> PolicyDeclaration {
    var policy = PolicyDeclaration()
    policy.retries = retries()
    policy.timeoutMilliseconds = time("timeout")
    policy.pool = text("pool").map { PlacedText(text: $0, place: valuePlace(of: "pool")) }
    policy.weight = count("weight", atLeast: 1)
    policy.sandbox = choice("sandbox", of: SandboxMode.allCases.map(\.rawValue))
      .flatMap(SandboxMode.init)
    policy.keptVersions = count("keep", atLeast: 0)
    return policy
  }

  /// `retries: 3` or `retries: {max: 3, delay: 30s, …}`.
  private func retries() -> RetryPolicy? {
    guard has("retries") else { return nil }
    guard isMapping("retries") else {
      return count("retries", atLeast: 0).map { RetryPolicy(max: $0) }
    }
    guard let settings = mapping("retries") else { return nil }
    settings.expect(["max", "delay", "backoff", "jitter", "on"])
    guard let max = settings.count("max", atLeast: 0) else {
      if settings.isEmpty("max") {
        log.add(.missingSetting("max", of: "`retries`", at: settings.place))
      }
      return nil
    }
    var retries = RetryPolicy(max: max)
    if let delay = settings.time("delay", orZero: true) { retries.delayMilliseconds = delay }
    if let backoff = settings.choice("backoff", of: RetryPolicy.Backoff.allCases.map(\.rawValue))
      .flatMap(RetryPolicy.Backoff.init)
    {
      retries.backoff = backoff
    }
    if let jitter = settings.share("jitter") { retries.jitter = jitter }
    retries.exitCodes = settings.exitCodes("on")
    return retries
  }

  /// `true` for half of the delay, `false` for none of it, or a share from 0 to 1.
  private func share(_ key: String) -> Double? {
    guard let text = text(key) else { return nil }
    switch text {
    case "true": return 0.5
    case "false": return 0
    default:
      if let share = Double(text), (0...1).contains(share) { return share }
      log.add(
        .wrongType(
          setting: key, expected: "`true`, `false` or a share from 0 to 1",
          at: valuePlace(of: key)))
      return nil
    }
  }

  private func exitCodes(_ key: String) -> Set<Int32>? {
    guard let texts = texts(key) else { return nil }
    var codes: Set<Int32> = []
    for (text, place) in texts {
      if let code = Int32(text), (1...255).contains(code) {
        codes.insert(code)
      } else {
        log.add(.wrongType(setting: key, expected: "exit codes from 1 to 255", at: place))
      }
    }
    return codes
  }

  /// A whole number.
  func count(_ key: String, atLeast least: Int) -> Int? {
    guard let text = text(key) else { return nil }
    if let count = Int(text), count >= least, count <= 1_000_000 { return count }
    log.add(
      .wrongType(
        setting: key, expected: "a whole number, \(least) or more", at: valuePlace(of: key)))
    return nil
  }

  /// A length of time, in milliseconds.
  func time(_ key: String, orZero: Bool = false) -> Int64? {
    guard let text = text(key) else { return nil }
    if orZero, ["0", "0ms", "0s", "0m", "0h", "0d"].contains(text) { return 0 }
    if let milliseconds = duration(inMilliseconds: text) { return milliseconds }
    log.add(
      .wrongType(
        setting: key, expected: "a time such as `500ms`, `30s`, `20m` or `6h`",
        at: valuePlace(of: key)))
    return nil
  }

  /// A text that must be one of a few.
  func choice(_ key: String, of known: [String]) -> String? {
    guard let text = text(key) else { return nil }
    if known.contains(text) { return text }
    log.add(.unknownValue(text, setting: key, known: known, at: valuePlace(of: key)))
    return nil
  }
}

extension PolicyDeclaration {
  /// The policy, with the project's defaults for what is not set.
  func resolved(with defaults: PolicyDeclaration) -> ExecutionPolicy {
    ExecutionPolicy(
      retries: retries ?? defaults.retries ?? .none,
      timeoutMilliseconds: timeoutMilliseconds ?? defaults.timeoutMilliseconds,
      pool: (pool ?? defaults.pool)?.text, weight: weight ?? defaults.weight ?? 1,
      sandbox: sandbox ?? defaults.sandbox ?? .off,
      keptVersions: keptVersions ?? defaults.keptVersions ?? 0)
  }
}
