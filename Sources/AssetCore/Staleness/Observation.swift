/// What was found when looking at something's present content.
package enum Observation: Equatable, Sendable {
  case missing
  /// There, with these digests; each consumption that was asked for has one.
  case present(Content)
  /// Something else stands in its place, such as a view where a table was published.
  case replaced
  /// It is what was published, but shows nothing now, for this reason, such as a view whose table was
  /// dropped.
  case broken(String)
  /// It could not be looked at, for this reason.
  case unknown(String)
}

/// The present content of all that a decision looks at.
package struct Observations: Equatable, Sendable {
  /// Sources, and the published outputs of assets.
  package var assets: [AssetKey: Observation]
  /// Data files of the project, by path.
  package var files: [String: Observation]

  package init(assets: [AssetKey: Observation] = [:], files: [String: Observation] = [:]) {
    self.assets = assets
    self.files = files
  }

  /// What is there of an input now.
  package func observation(of name: InputName) -> Observation {
    switch name {
    case .asset(let key): assets[key] ?? .unknown("it was not looked at")
    case .file(let path): files[path] ?? .unknown("it was not looked at")
    }
  }
}
