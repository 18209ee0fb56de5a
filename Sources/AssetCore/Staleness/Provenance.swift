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
package struct ConsumedInput: Hashable, Sendable, Codable {
  package var consumption: Consumption
  package var digest: ContentDigest

  package init(_ consumption: Consumption, _ digest: ContentDigest) {
    self.consumption = consumption
    self.digest = digest
  }
}
