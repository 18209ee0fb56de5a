import AssetCore

/// Tells whether a path matches a pattern, part by part: `*` and `?` stay within one part, and a
/// part `**` stands for any number of folders.
func pathMatches(_ pattern: String, _ path: String) -> Bool {
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
