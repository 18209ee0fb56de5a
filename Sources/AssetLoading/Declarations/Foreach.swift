import AssetCore

/// What `foreach:` says: an asset for each item instead of one.
struct ForeachDeclaration: Equatable {
  enum Items: Equatable {
    case list([ListItem])
    /// A pattern of files of the project.
    case files(pattern: String)
  }

  struct ListItem: Equatable {
    var text: String
    /// Whether it stands without quotes, so that it may be a number.
    var isPlain: Bool
  }

  var items: Items
  var place: Place
}

/// One of the values that `foreach:` makes assets for.
struct ForeachItem: Hashable {
  /// What `{item}` stands for: the text of a list's item, or a file's path.
  var text: String
  /// What `{stem}` stands for: of a file its name without the extension, else the text.
  var stem: String
  /// What `:item` stands for in a query.
  var value: VarValue
  var isFile: Bool

  init(_ item: ForeachDeclaration.ListItem) {
    text = item.text
    stem = item.text
    value = VarValue(yaml: item.text, isPlain: item.isPlain)
    isFile = false
  }

  init(file path: String) {
    text = path
    stem = ProjectPath.stem(of: path)
    value = .text(path)
    isFile = true
  }

  /// The values of `:item` and `:stem`.
  var parameters: [String: VarValue] {
    ["item": value, "stem": isFile ? .text(stem) : value]
  }

  /// What its program finds in the environment.
  var handedOver: ProgramItem { ProgramItem(text: text, stem: stem, isFile: isFile) }
}

/// The placeholders of `foreach:`, as templates hold them.
enum Placeholders {
  /// Whether a text holds `{item}` or `{stem}`.
  static func areIn(_ text: String) -> Bool { text.contains("{item}") || text.contains("{stem}") }

  /// Puts values in the place of names in braces; other braces stay.
  ///
  /// The text is gone through once, so that what is put in is never looked at.
  static func fill(_ template: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = Substring(template)
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      rest = rest[brace...]
      if let (name, value) = values.first(where: { rest.hasPrefix("{\($0.key)}") }) {
        result += value
        rest = rest.dropFirst(name.count + 2)
      } else {
        result += "{"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}

extension ForeachItem {
  /// A template with the item in it.
  func fill(_ template: String) -> String {
    Placeholders.fill(template, ["item": text, "stem": stem])
  }

  /// A template of a name with the item in it, other characters than those of names as `_`.
  func fillName(_ template: String) -> String {
    Placeholders.fill(template, ["item": Self.name(text), "stem": Self.name(stem)])
  }

  /// The name of the item's asset: without a placeholder, the stem is put behind.
  func assetName(from template: String) -> String {
    fillName(Placeholders.areIn(template) ? template : template + "_{stem}")
  }

  /// A path with the item in it; a wildcard of the item is none of the path.
  func fill(_ path: PlacedText) -> PlacedText {
    var filled = path
    filled.text = fill(path.text)
    filled.isLiteral = !path.text.hasWildcard && filled.text.hasWildcard
    return filled
  }

  private static func name(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}

extension Declaration {
  /// The declaration of one item's asset.
  func made(for item: ForeachItem) -> Declaration {
    var made = self
    made.foreach = nil
    made.item = item
    made.name = item.assetName(from: name)
    made.description = description.map { item.fill($0) }
    made.tags = tags.map { item.fill($0) }
    for (index, input) in inputs.enumerated() {
      // A name never is just an item that is a path.
      guard input.isPath || (input.name == "{item}" && PathText.hasFolder(item.text)) else {
        made.inputs[index].name = item.fillName(input.name)
        continue
      }
      let path = item.fill(PlacedText(text: input.name, place: input.place))
      made.inputs[index].name = path.text
      made.inputs[index].isLiteral = path.isLiteral
    }
    switch body {
    case .program(var program):
      for index in program.outputs.indices {
        program.outputs[index].path = item.fill(program.outputs[index].path)
      }
      program.code = program.code.map { item.fill($0) }
      program.metrics = program.metrics.map { item.fill($0) }
      made.body = .program(program)
    case .rows(var rows):
      rows.file = item.fill(rows.file)
      made.body = .rows(rows)
    case .query, .source, .files: break
    }
    return made
  }
}

extension String {
  /// Whether it is a pattern rather than a path or a name.
  var hasWildcard: Bool { contains { $0 == "*" || $0 == "?" } }
}
