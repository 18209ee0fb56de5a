/// What a materialization was made from.
package struct Provenance: Hashable, Sendable, Codable {
  package var definition: DefinitionDigest
  package var inputs: [InputName: ConsumedInput]

  package init(definition: DefinitionDigest, inputs: [InputName: ConsumedInput] = [:]) {
    self.definition = definition
    self.inputs = inputs
  }
}

/// The name of something that was read: an asset or source, or a file of the project.
package enum InputName: Hashable, Sendable {
  case asset(AssetKey)
  /// A path relative to the project's folder.
  case file(String)

  package var text: String {
    switch self {
    case .asset(let key): key.name
    case .file(let path): path
    }
  }
}

extension InputName: Comparable {
  package static func < (left: InputName, right: InputName) -> Bool {
    switch (left, right) {
    case (.asset(let a), .asset(let b)): a < b
    case (.file(let a), .file(let b)): a < b
    case (.asset, .file): true
    case (.file, .asset): false
    }
  }
}

/// As a dictionary key in JSON: an asset's name, or `file:` and a path (no key holds a colon).
extension InputName: Codable, CodingKeyRepresentable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package var codingKey: any CodingKey { Key(stringValue: encoded) }

  package init<T: CodingKey>(codingKey: T) { self.init(encoded: codingKey.stringValue) }

  package init(from decoder: any Decoder) throws {
    self.init(encoded: try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(encoded)
  }

  /// The text that tells assets and files apart.
  package var encoded: String {
    switch self {
    case .asset(let key): key.name
    case .file(let path): "file:" + path
    }
  }

  package init(encoded text: String) {
    self =
      text.hasPrefix("file:")
      ? .file(String(text.dropFirst(5))) : .asset(AssetKey(trusted: text))
  }
}

/// How much of an input was read, and the digest of just that.
///
/// What was read is told by the consumption and the digest alone; two that only differ in their
/// details are equal.
package struct ConsumedInput: Sendable {
  package var consumption: Consumption
  package var digest: ContentDigest
  /// Why the whole was read although the text shows less; `nil` if it does not.
  package var wholeBecause: String?
  private var deferredDetails: DeferredDetails

  /// The rows and the consumed columns of the input then, which explain to people what is another
  /// now; `nil` for files and where they were not recorded.
  package var details: ContentDetails? {
    get { deferredDetails.details }
    set { deferredDetails = DeferredDetails(newValue) }
  }

  package init(
    _ consumption: Consumption, _ digest: ContentDigest, details: ContentDetails? = nil
  ) {
    self.consumption = consumption
    self.digest = digest
    deferredDetails = DeferredDetails(details)
  }

  /// An input whose details are decoded only if somebody asks for them.
  package init(
    _ consumption: Consumption, _ digest: ContentDigest, encoded details: EncodedDetails
  ) {
    self.consumption = consumption
    self.digest = digest
    deferredDetails = DeferredDetails(details)
  }

  /// An input whose details are made only if somebody asks for them.
  init(
    _ consumption: Consumption, _ digest: ContentDigest,
    deferring details: @escaping @Sendable () -> ContentDetails?
  ) {
    self.consumption = consumption
    self.digest = digest
    deferredDetails = DeferredDetails(deferring: details)
  }
}

extension ConsumedInput: Hashable {
  package static func == (left: ConsumedInput, right: ConsumedInput) -> Bool {
    left.consumption == right.consumption && left.digest == right.digest
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(consumption)
    hasher.combine(digest)
  }
}

extension ConsumedInput: Codable {
  private enum CodingKeys: String, CodingKey {
    case consumption, digest, details
    case wholeBecause = "whole_because"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(Consumption.self, forKey: .consumption),
      try container.decode(ContentDigest.self, forKey: .digest),
      details: try container.decodeIfPresent(ContentDetails.self, forKey: .details))
    wholeBecause = try container.decodeIfPresent(String.self, forKey: .wholeBecause)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(consumption, forKey: .consumption)
    try container.encode(digest, forKey: .digest)
    try container.encodeIfPresent(details, forKey: .details)
    try container.encodeIfPresent(wholeBecause, forKey: .wholeBecause)
  }
}
