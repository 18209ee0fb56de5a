/// Tells whether a path matches a pattern, part by part: `*` and `?` stay within one part, and a
/// part `**` stands for any number of folders.
package func pathMatches(_ pattern: String, _ path: String) -> Bool {
  let pattern = PathText.parts(of: pattern)
  let path = PathText.parts(of: path)
  // For each part of the pattern, the parts of the path that may come next.
  var positions: Set<Int> = [0]
  for part in pattern {
    var next: Set<Int> = []
    for position in positions {
      if part == "**" {
        next.formUnion(position...path.count)
      } else if position < path.count, matches(part, path[position]) {
        next.insert(position + 1)
      }
    }
    positions = next
  }
  return positions.contains(path.count)
}

/// Whether a pattern may match what is written as an output: its path, or of a folder what lies in it.
///
/// - Parameters:
///   - pattern: The pattern.
///   - output: The path of the output.
///   - isFolder: Whether it is declared as a folder; what has no extension may be one, too.
/// - Returns: Whether a file that the pattern finds may be the output's.
package func pattern(_ pattern: String, mayFind output: String, isFolder: Bool) -> Bool {
  // Most outputs lie elsewhere, which is told without taking the paths apart.
  let wildcard = pattern.utf8.firstIndex { "*?[".utf8.contains($0) } ?? pattern.utf8.endIndex
  let fixed = pattern.utf8[..<wildcard]
  guard output.utf8.starts(with: fixed) || fixed.starts(with: output.utf8) else { return false }
  if pathMatches(pattern, output) { return true }
  guard isFolder || !PathText.name(of: output).utf8.contains(UInt8(ascii: ".")) else {
    return false
  }
  return pathMayMatch(pattern, inside: output)
}

/// Whether a pattern may match a path in a folder, at any depth.
package func pathMayMatch(_ pattern: String, inside folder: String) -> Bool {
  var positions: [ArraySlice<String>] = [PathText.parts(of: pattern)[...]]
  for part in PathText.parts(of: folder) {
    positions = positions.flatMap { rest -> [ArraySlice<String>] in
      // Folders without number may stand for this one, too.
      let folders = rest.prefix { $0 == "**" }
      let next = rest.dropFirst(folders.count)
      let matched = next.first.map { matches($0, part) } == true ? [next.dropFirst()] : []
      return folders.isEmpty ? matched : matched + [rest]
    }
  }
  return positions.contains { !$0.isEmpty }
}
