package import AssetCore

/// Whose time moments are told in.
package enum Clock: Sendable {
  case utc
  /// A zone, by how many seconds it is ahead of UTC at a moment.
  case zone(@Sendable (Timestamp) -> Int)

  /// A moment to the second, with its zone: `2026-11-21 09:14:03 UTC`, `2026-11-21 10:14:03 +01:00`.
  package func text(_ time: Timestamp) -> String {
    switch self {
    case .utc: return momentText(time) + " UTC"
    case .zone(let offset):
      let seconds = offset(time)
      guard seconds != 0 else { return Clock.utc.text(time) }
      let there = Timestamp(milliseconds: time.milliseconds + Int64(seconds) * 1000)
      let minutes = abs(seconds) / 60
      let sign = seconds < 0 ? "-" : "+"
      return momentText(there) + " \(sign)\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
    }
  }
}

private func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
