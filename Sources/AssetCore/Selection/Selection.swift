/// An expression that names assets, in dbt's syntax.
///
/// Words are a union; within a word, commas intersect. Each part is `[N+|+|@]what[+|+N]`, where
/// `what` is a name or `method:value`, both with `*` and `?` as wildcards. No words at all select
/// every asset.
///
/// ```swift
/// try Selection(["+daily", "tag:nightly,kind:table"])
/// ```
package struct Selection: Equatable, Sendable {
  /// One part of a word.
  struct Term: Equatable, Sendable {
    /// How far to follow inputs or readers from what is matched.
    enum Reach: Equatable, Sendable {
      case none
      case steps(Int)
      case all
    }

    enum Method: String, CaseIterable, Sendable {
      case name, tag, group, kind, path, status, source
      /// `col:ASSET.COLUMN`: the asset, and what is reached from the column.
      case column = "col"
    }

    var method: Method
    var pattern: String
    var upstream: Reach
    var downstream: Reach
    /// `@`: what is downstream, and all that is upstream of those.
    var withReadersInputs: Bool
    var word: String
  }

  private let words: [[Term]]

  package static let all = Selection(words: [])

  private init(words: [[Term]]) { self.words = words }

  /// Parses the words of a command line.
  package init(_ words: [String]) throws(SelectionError) {
    var parsed: [[Term]] = []
    for word in words {
      var terms: [Term] = []
      for part in word.split(separator: ",", omittingEmptySubsequences: false) {
        terms.append(try Term(String(part), of: word))
      }
      parsed.append(terms)
    }
    self.words = parsed
  }

  /// Whether no words were given, so that everything is selected.
  package var isAll: Bool { words.isEmpty }

  /// Whether statuses must be known to evaluate it.
  package var asksForStatus: Bool { words.joined().contains { $0.method == .status } }

  /// Whether the columns of all assets must be known to evaluate it.
  package var asksForColumns: Bool { words.joined().contains { $0.method == .column } }

  /// The keys that the selection names.
  ///
  /// - Parameters:
  ///   - graph: The graph to choose from; sources are in it, and may be named.
  ///   - status: The status of an asset; asked only if ``asksForStatus``.
  ///   - columns: The columns of all assets; needed only if ``asksForColumns``.
  /// - Throws: A ``SelectionError`` for a word that names nothing.
  /// - Returns: The keys, sources among them.
  package func keys(
    in graph: AssetGraph, status: (AssetKey) -> AssetStatus.Kind? = { _ in nil },
    columns: ProjectColumns? = nil
  ) throws(SelectionError) -> Set<AssetKey> {
    guard !isAll else { return Set(graph.order) }
    var selected: Set<AssetKey> = []
    for terms in words {
      var word: Set<AssetKey>?
      for term in terms {
        let matched =
          if term.method == .column {
            try term.keys(in: graph, columns: columns)
          } else {
            try term.keys(in: graph, status: status)
          }
        word = word?.intersection(matched) ?? matched
      }
      selected.formUnion(word ?? [])
    }
    return selected
  }
}

extension Selection.Term {
  fileprivate init(_ part: String, of word: String) throws(SelectionError) {
    var rest = Substring(part)
    var withReadersInputs = false
    var upstream = Reach.none
    if rest.hasPrefix("@") {
      withReadersInputs = true
      rest = rest.dropFirst()
    } else if let plus = rest.firstIndex(of: "+"), rest[..<plus].allSatisfy(\.isASCIIDigit) {
      upstream = try Reach(rest[..<plus], of: word)
      rest = rest[rest.index(after: plus)...]
    }
    var downstream = Reach.none
    if let plus = rest.lastIndex(of: "+") {
      let digits = rest[rest.index(after: plus)...]
      guard digits.allSatisfy(\.isASCIIDigit) else {
        throw .malformed(word, "a `+` is followed by a number or by nothing")
      }
      downstream = try Reach(digits, of: word)
      rest = rest[..<plus]
    }
    var method = Method.name
    if let colon = rest.firstIndex(of: ":") {
      let name = rest[..<colon]
      guard let known = Method(rawValue: String(name)), known != .name else {
        throw .unknownMethod(
          String(name), nearest: nearestName(to: String(name), in: Method.allCases.map(\.rawValue)))
      }
      method = known
      rest = rest[rest.index(after: colon)...]
    } else if rest.contains("/") {
      // No name holds a slash, so that it is a file or a folder.
      method = .path
      if rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    }
    guard !rest.isEmpty else { throw .malformed(word, "it names no asset") }
    self.init(
      method: method, pattern: String(rest), upstream: upstream, downstream: downstream,
      withReadersInputs: withReadersInputs, word: word)
    try checkPattern()
  }

  /// Refuses values that no asset can ever have.
  private func checkPattern() throws(SelectionError) {
    let known: [String]
    switch method {
    case .kind: known = AssetKind.allCases.map(\.rawValue) + Materialized.allCases.map(\.rawValue)
    case .status: known = AssetStatus.Kind.allCases.map(\.rawValue)
    case .column:
      guard columnParts != nil else {
        throw .malformed(word, "it names no column, as in `col:orders.total`")
      }
      return
    default: return
    }
    guard !known.contains(where: { matches(pattern, $0) }) else { return }
    throw .unknownValue(pattern, of: method.rawValue, known: Set(known).sorted())
  }

  fileprivate func keys(
    in graph: AssetGraph, status: (AssetKey) -> AssetStatus.Kind?
  ) throws(SelectionError) -> Set<AssetKey> {
    let matched = Set(
      graph.sortedAssets.filter { isMatched($0, status: status) }.map(\.key))
    if matched.isEmpty {
      if method == .status { return [] }
      throw .namesNothing(word, nearest: nearest(in: graph))
    }
    var selected = matched
    for key in matched {
      if withReadersInputs {
        selected.formUnion(graph.closure(of: graph.downstream(of: key).union([key])))
      }
      if upstream != .none { selected.formUnion(graph.upstream(of: key, depth: upstream.depth)) }
      if downstream != .none {
        selected.formUnion(graph.downstream(of: key, depth: downstream.depth))
      }
    }
    return selected
  }

  private func isMatched(_ asset: Asset, status: (AssetKey) -> AssetStatus.Kind?) -> Bool {
    switch method {
    case .name: matches(pattern, asset.key.name)
    case .source: asset.isAnySource && matches(pattern, asset.key.name)
    case .tag: asset.tags.contains { matches(pattern, $0) }
    case .group: asset.group.isWithin { matches(pattern, $0) }
    case .path:
      ([asset.place.file] + asset.dataFiles + asset.givenFiles.map(\.path)
        + (asset.sourceFiles.map { [$0.path] } ?? [])).contains { path in
          path.isWithin { matches(pattern.withoutTrailingSlash, $0) }
        }
    case .kind:
      matches(pattern, asset.kind.rawValue)
        || asset.materialized.map { matches(pattern, $0.rawValue) } ?? false
        || asset.isAnySource && matches(pattern, AssetKind.source.rawValue)
    case .status: status(asset.key).map { matches(pattern, $0.rawValue) } ?? false
    case .column: false
    }
  }

  private func nearest(in graph: AssetGraph) -> String? {
    let assets = graph.sortedAssets
    let values: [String]
    switch method {
    case .name: values = assets.map(\.key.name)
    case .source: values = assets.filter(\.isAnySource).map(\.key.name)
    case .tag: values = assets.flatMap(\.tags)
    case .group: values = assets.map(\.group)
    case .path: values = assets.map(\.place.file)
    case .kind, .status, .column: values = []
    }
    return nearestName(to: pattern, in: values).map {
      method == .name ? $0 : "\(method.rawValue):\($0)"
    }
  }
}

extension Selection.Term.Reach {
  /// The number of steps to follow; `nil` for all.
  var depth: Int? {
    if case .steps(let steps) = self { steps } else { nil }
  }

  fileprivate init(_ digits: Substring, of word: String) throws(SelectionError) {
    if digits.isEmpty {
      self = .all
    } else if let steps = Int(digits) {
      self = .steps(steps)
    } else {
      throw .malformed(word, "the number of steps is too large")
    }
  }
}

extension Asset {
  /// Whether others write it: a table that is observed, or files that are loaded.
  fileprivate var isAnySource: Bool {
    if case .seed(let seed) = recipe { return seed.isSource }
    return isSource
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension String {
  fileprivate var withoutTrailingSlash: String {
    PathText.endsAsFolder(self) ? String(decoding: utf8.dropLast(), as: UTF8.self) : self
  }

  /// Whether the path, or a folder that holds it, satisfies the condition.
  fileprivate func isWithin(_ condition: (String) -> Bool) -> Bool {
    var path = self
    while true {
      if condition(path) { return true }
      guard let folder = PathText.folder(of: path) else { return false }
      path = folder
    }
  }
}
