package import AssetCore

extension AssetKey: ExpressibleByStringLiteral {
  package init(stringLiteral name: String) { self.init(trusted: name) }
}

extension ContentDigest: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(rawValue: text) }
}

extension DefinitionDigest: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(rawValue: text) }
}
