package import AssetCore

/// A line of a program's log with the asset's name in front, in a column.
///
/// - Parameters:
///   - line: The line; what would steer a terminal is left out of it.
///   - key: The asset.
///   - nameWidth: The length of the longest name.
///   - style: How it is to look.
/// - Returns: The line, ended.
package func text(
  of line: LogLine, from key: AssetKey, nameWidth: Int, style: TextStyle = .plain
) -> String {
  // A line that is overwritten again and again is shown in its last state.
  let states = line.text.split(separator: "\r").map { withoutControls(String($0)) }
  let text = (states.last { !$0.isEmpty } ?? "") + (line.isCut ? "…" : "")
  return style.paint(padded(key.name, to: nameWidth) + " |", .quiet)
    + (text.isEmpty ? "" : " " + text) + "\n"
}
