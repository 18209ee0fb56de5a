import AssetCore

extension ProblemLog {
  /// Puts environment variables in the place of `${NAME}`.
  ///
  /// - Parameters:
  ///   - text: The text of a setting.
  ///   - place: Where it stands.
  ///   - environment: The variables.
  /// - Returns: The text, or `nil` if a variable is missing, which is noted.
  func fill(
    _ text: String, at place: Place, from environment: [String: String]
  ) -> String? {
    var result = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      let after = rest[rest.index(after: dollar)...]
      guard after.hasPrefix("{"), let close = after.firstIndex(of: "}") else {
        result += "$"
        rest = after
        continue
      }
      let name = String(after[after.index(after: after.startIndex)..<close])
      guard let value = environment[name] else {
        add(.missingEnvironment(name, at: place))
        return nil
      }
      result += value
      rest = after[after.index(after: close)...]
    }
    return result + rest
  }
}

/// The environment variables that a text of a setting names as `${NAME}`.
func environmentNames(in text: String) -> Set<String> {
  var names: Set<String> = []
  var rest = Substring(text)
  while let start = rest.firstRange(of: "${") {
    rest = rest[start.upperBound...]
    guard let close = rest.firstIndex(of: "}") else { break }
    names.insert(String(rest[..<close]))
    rest = rest[rest.index(after: close)...]
  }
  return names
}
