import AssetCore

extension Settings {
  /// `foreach: [de, fr]`, `foreach: data/*.csv` or `foreach: {glob: data/*.csv}`; what is wrong with
  /// it is noted.
  func foreach() -> ForeachDeclaration? {
    guard has("foreach") else { return nil }
    let place = valuePlace(of: "foreach")
    if isMapping("foreach") {
      guard let files = mapping("foreach") else { return nil }
      files.expect(["glob"])
      if files.isEmpty("glob") { log.add(.missingSetting("glob", of: "`foreach`", at: place)) }
      return files.text("glob").map { .init(items: .files(pattern: $0), place: place) }
    }
    guard isList("foreach") else {
      if !isEmpty("foreach"), let pattern = text("foreach"), pattern.hasWildcard {
        return ForeachDeclaration(items: .files(pattern: pattern), place: place)
      }
      log.add(
        .wrongType(
          setting: "foreach", expected: "a list, or a pattern of files such as `data/*.csv`",
          at: place))
      return nil
    }
    let items = scalars("foreach").compactMap { item -> ForeachDeclaration.ListItem? in
      guard let text = item.text, !text.isEmpty, !text.unicodeScalars.contains("\0") else {
        log.add(.wrongType(setting: "foreach", expected: "a list of texts", at: item.place))
        return nil
      }
      return ForeachDeclaration.ListItem(text: text, isPlain: item.isPlain)
    }
    return ForeachDeclaration(items: .list(items), place: place)
  }
}
