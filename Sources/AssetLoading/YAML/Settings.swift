import AssetCore
import Yams

/// Problems that are collected while the reading goes on.
final class ProblemLog {
  private(set) var problems: [LoadingProblem] = []

  func add(_ problem: LoadingProblem) { problems.append(problem) }

  /// The problems, each once: the assets of one `foreach:` have the same ones.
  var unique: [LoadingProblem] {
    var unique: [LoadingProblem] = []
    for problem in problems where !unique.contains(problem) { unique.append(problem) }
    return unique
  }
}

/// A YAML mapping whose keys are asked for one by one, each with its place.
///
/// A value of the wrong type is noted as a problem and reads as absent. Scalars are read as the
/// text they are written as; YAML 1.1's guesses (`yes`, `0123`, dates) are not made.
struct Settings {
  let source: YAMLSource
  let log: ProblemLog
  /// Where the mapping begins.
  let place: Place
  private let pairs: [(key: String, place: Place, value: Node)]

  /// Wraps a node; a problem is noted if it is not a mapping.
  ///
  /// An empty document is an empty mapping.
  init?(_ node: Node?, named name: String, in source: YAMLSource, log: ProblemLog) {
    self.source = source
    self.log = log
    guard let node, !node.isEmptyScalar else {
      place = source.place(node?.mark)
      pairs = []
      return
    }
    guard case .mapping(let mapping) = node else {
      log.add(.wrongType(setting: name, expected: "a mapping", at: source.place(node.mark)))
      return nil
    }
    place = source.place(mapping.mark)
    pairs = mapping.map { ($0.key.scalar?.string ?? "?", source.place($0.key.mark), $0.value) }
  }

  var keys: [String] { pairs.map(\.key) }

  func place(of key: String) -> Place { pairs.first { $0.key == key }?.place ?? place }

  func has(_ key: String) -> Bool { value(key) != nil }

  /// Notes each key that is not known; those of features to come are told apart.
  func expect(_ known: Set<String>, later: Set<String> = []) {
    for pair in pairs where !known.contains(pair.key) {
      log.add(
        later.contains(pair.key)
          ? .notSupportedYet(pair.key, at: pair.place)
          : .unknownSetting(
            pair.key, at: pair.place, nearest: nearestName(to: pair.key, in: known)))
    }
  }

  /// Whether nothing is written for the key, as in `key:` alone.
  func isEmpty(_ key: String) -> Bool { value(key)?.isEmptyScalar ?? true }

  func text(_ key: String) -> String? {
    guard let node = value(key), !node.isEmptyScalar else { return nil }
    return text(of: node, named: key)
  }

  /// A list of texts; one text alone is a list of one.
  func texts(_ key: String) -> [(text: String, place: Place)]? {
    guard let node = value(key), !node.isEmptyScalar else { return nil }
    if node.scalar != nil {
      return text(of: node, named: key).map { [($0, source.place(node.mark))] }
    }
    guard case .sequence(let items) = node else {
      return wrong(key, "a list of texts", node)
    }
    return items.compactMap { item in
      text(of: item, named: key).map { ($0, source.place(item.mark)) }
    }
  }

  /// The items of a list; one without a text is a mapping, a list or empty.
  func scalars(_ key: String) -> [(text: String?, isPlain: Bool, place: Place)] {
    (value(key)?.sequence.map(Array.init) ?? []).map { item in
      let scalar = item.isEmptyScalar ? nil : item.scalar
      return (
        scalar?.string, scalar?.style == .plain || scalar?.style == .any, source.place(item.mark)
      )
    }
  }

  func mapping(_ key: String) -> Settings? {
    guard let node = value(key) else { return nil }
    return Settings(node, named: key, in: source, log: log)
  }

  /// The mappings of a list.
  func mappings(_ key: String) -> [Settings] {
    guard let node = value(key), !node.isEmptyScalar else { return [] }
    guard case .sequence(let items) = node else { return wrong(key, "a list", node) ?? [] }
    return items.compactMap { Settings($0, named: "an item of \(key)", in: source, log: log) }
  }

  /// A list of lists of texts.
  func textLists(_ key: String) -> [[String]]? {
    guard let node = value(key), !node.isEmptyScalar else { return nil }
    guard case .sequence(let items) = node else { return wrong(key, "a list of lists", node) }
    return items.compactMap { item -> [String]? in
      guard case .sequence(let parts) = item else { return wrong(key, "a list of lists", item) }
      return parts.compactMap { text(of: $0, named: key) }
    }
  }

  /// For each key of this mapping its place and either its own mapping, its text, or nothing.
  func entries() -> [Entry] {
    pairs.map { pair in
      let value: Entry.Value
      if pair.value.isEmptyScalar {
        value = .nothing
      } else if case .mapping = pair.value,
        let settings = Settings(pair.value, named: pair.key, in: source, log: log)
      {
        value = .mapping(settings)
      } else if let scalar = pair.value.scalar {
        value = .scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any)
      } else {
        value = .list
      }
      return Entry(
        key: pair.key, place: pair.place, valuePlace: source.place(pair.value.mark), value: value,
        isBinary: pair.value.scalar?.tag == Tag(.binary))
    }
  }

  struct Entry {
    enum Value {
      case nothing
      case scalar(String, isPlain: Bool)
      case mapping(Settings)
      case list
    }

    var key: String
    var place: Place
    var valuePlace: Place
    var value: Value
    /// Whether it is `!!binary`.
    var isBinary = false
  }

  /// The items of a list, as entries without a key; one scalar alone is a list of one.
  func items(_ key: String) -> [Entry] {
    guard let node = value(key), !node.isEmptyScalar else { return [] }
    let items: [Node]
    if case .sequence(let sequence) = node {
      items = Array(sequence)
    } else if node.scalar != nil {
      items = [node]
    } else {
      return wrong(key, "a list", node) ?? []
    }
    return items.map { item in
      let value: Entry.Value
      if item.isEmptyScalar {
        value = .nothing
      } else if case .mapping = item,
        let settings = Settings(item, named: "an item of \(key)", in: source, log: log)
      {
        value = .mapping(settings)
      } else if let scalar = item.scalar {
        value = .scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any)
      } else {
        value = .list
      }
      let place = source.place(item.mark)
      return Entry(key: "", place: place, valuePlace: place, value: value)
    }
  }

  func valuePlace(of key: String) -> Place {
    value(key).map { source.place($0.mark) } ?? place
  }

  /// Whether the value is a list or a mapping.
  func isList(_ key: String) -> Bool { value(key)?.sequence != nil }

  func isMapping(_ key: String) -> Bool { value(key)?.mapping != nil }

  /// Whether the value is a text on lines of its own, as behind `|`.
  func isBlock(_ key: String) -> Bool {
    value(key)?.scalar.map { $0.style == .literal || $0.style == .folded } ?? false
  }

  private func value(_ key: String) -> Node? { pairs.first { $0.key == key }?.value }

  private func text(of node: Node, named key: String) -> String? {
    guard let scalar = node.scalar else { return wrong(key, "a text", node) }
    return scalar.string
  }

  private func wrong<T>(_ key: String, _ expected: String, _ node: Node) -> T? {
    log.add(.wrongType(setting: key, expected: expected, at: source.place(node.mark)))
    return nil
  }
}

extension Node {
  /// Whether nothing is written, as in `key:` alone.
  var isEmptyScalar: Bool {
    guard let scalar else { return false }
    return scalar.style == .plain && (scalar.string.isEmpty || scalar.string == "~")
  }
}
