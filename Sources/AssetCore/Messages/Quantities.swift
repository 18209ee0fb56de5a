/// A count with its noun: `1 asset`, `3 assets`.
package func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// A number with its thousands set apart: `27,004`.
package func grouped(_ number: Int) -> String {
  var text = ""
  for (index, digit) in String(number.magnitude).reversed().enumerated() {
    if index > 0, index % 3 == 0 { text = "," + text }
    text = String(digit) + text
  }
  return (number < 0 ? "-" : "") + text
}

/// A length of time as people say it: `41 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min`.
package func durationText(_ milliseconds: Int64) -> String {
  switch milliseconds {
  case ..<1000: "\(milliseconds) ms"
  case ..<60_000: "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
  case ..<3_600_000: "\(milliseconds / 60_000) min \(milliseconds / 1000 % 60) s"
  default: "\(milliseconds / 3_600_000) h \(milliseconds / 60_000 % 60) min"
  }
}

/// An age or a limit of one, in the two greatest units that it has: `7 h`, `3 d 4 h`, `45 s`.
package func ageText(_ milliseconds: Int64) -> String {
  guard milliseconds >= 1000 else { return "\(milliseconds) ms" }
  let units: [(name: String, length: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000),
  ]
  let greatest = units.firstIndex { milliseconds >= $0.length } ?? units.count - 1
  var rest = milliseconds
  return units[greatest...].prefix(2).compactMap { unit in
    defer { rest %= unit.length }
    return rest < unit.length ? nil : "\(rest / unit.length) \(unit.name)"
  }.joined(separator: " ")
}

/// A moment in UTC, to the second: `2026-11-21 09:14:03`.
package func momentText(_ time: Timestamp) -> String {
  String(time.rfc3339.dropLast()).replacing("T", with: " ")
}

/// The beginning of a digest, enough to tell it from others by eye.
package func shortDigest(_ digest: String) -> String {
  guard let colon = digest.firstIndex(of: ":") else { return digest }
  return String(digest[...colon]) + digest[digest.index(after: colon)...].prefix(12)
}

/// Parts as a sentence lists them: `a`, `a and b`, `a, b and c`.
package func listed(_ parts: [String]) -> String {
  guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
  return parts.dropLast().joined(separator: ", ") + " and " + last
}

/// A number to a few digits after the point, without trailing zeros.
package func numberText(_ number: Double, places: Int) -> String {
  guard number.isFinite, abs(number) < 1e15 else { return String(number) }
  var factor = 1.0
  for _ in 0..<places { factor *= 10 }
  let scaled = (number * factor).rounded() / factor
  return scaled == scaled.rounded() ? String(Int64(scaled)) : String(scaled)
}
