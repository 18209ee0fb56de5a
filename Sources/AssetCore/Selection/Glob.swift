/// Tells whether a text matches a pattern with `*` (any text, also none) and `?` (one character).
///
/// Letters are compared without case. Takes time linear in the text for each `*`.
package func matches(_ pattern: String, _ text: String) -> Bool {
  let pattern = Array(pattern.lowercased())
  let text = Array(text.lowercased())
  var p = 0
  var t = 0
  var star: (pattern: Int, text: Int)?
  while t < text.count {
    if p < pattern.count, pattern[p] == "*" {
      star = (p, t)
      p += 1
    } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
      p += 1
      t += 1
    } else if let last = star {
      // Let the last star take one character more.
      star = (last.pattern, last.text + 1)
      p = last.pattern + 1
      t = last.text + 1
    } else {
      return false
    }
  }
  return pattern[p...].allSatisfy { $0 == "*" }
}
