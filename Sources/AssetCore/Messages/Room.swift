/// The way out of what cannot be written: to make room, if that is what it is for.
///
/// - Parameters:
///   - reason: Why it cannot be written, in the system's words.
///   - hint: The way out of any other reason.
/// - Returns: The hint.
package func writingHint(for reason: String, otherwise hint: String) -> String {
  let reason = reason.lowercased()
  let isFull = ["no space left", "quota exceeded"].contains { reason.contains($0) }
  return isFull ? "make room on the disk" : hint
}
