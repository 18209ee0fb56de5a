package import AssetCore

/// Findings as a SARIF log (OASIS, Static Analysis Results Interchange Format 2.1.0).
///
/// - Parameters:
///   - report: The findings.
///   - version: The version of assetctl.
/// - Returns: The document.
package func sarifJSON(of report: FindingsReport, version: String) -> String {
  foreignJSONText(of: Log(report, version: version))
}

private struct Log: Encodable {
  private enum CodingKeys: String, CodingKey { case schema = "$schema", version, runs }

  var schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  var version = "2.1.0"
  var runs: [Run]

  init(_ report: FindingsReport, version: String) {
    let found = report.findings.filter(\.isNotable)
    let rules = Set(found.map { $0.ruleID(in: report) }).sorted()
    runs = [
      Run(
        tool: Tool(
          driver: Driver(name: "assetctl", version: version, rules: rules.map { Rule(id: $0) })),
        results: found.map { finding in
          let rule = finding.ruleID(in: report)
          return SarifResult(
            ruleId: rule, ruleIndex: rules.firstIndex(of: rule) ?? 0, level: level(of: finding),
            message: Text(text: ([finding.message] + finding.details).joined(separator: "\n")),
            locations: [SarifLocation(finding)],
            partialFingerprints: ["assetctl/v1": finding.fingerprint(in: report)])
        })
    ]
  }
}

private struct Run: Encodable {
  var tool: Tool
  var columnKind = "unicodeCodePoints"
  var results: [SarifResult]
}

private struct Tool: Encodable { var driver: Driver }

private struct Driver: Encodable {
  var name: String
  var version: String
  var rules: [Rule]
}

private struct Rule: Encodable { var id: String }

private struct Text: Encodable { var text: String }

private struct SarifResult: Encodable {
  var ruleId: String
  var ruleIndex: Int
  var level: String
  var message: Text
  var locations: [SarifLocation]
  var partialFingerprints: [String: String]
}

private struct SarifLocation: Encodable {
  struct Physical: Encodable {
    var artifactLocation: Artifact
    var region: Region?
  }

  struct Artifact: Encodable {
    var uri: String
    var uriBaseId = "%SRCROOT%"
  }

  struct Region: Encodable {
    var startLine: Int
    var startColumn: Int?
  }

  struct Logical: Encodable {
    var name: String
    var kind = "resource"
  }

  var physicalLocation: Physical?
  var logicalLocations: [Logical]

  init(_ finding: Finding) {
    physicalLocation = finding.place.map { place in
      Physical(
        artifactLocation: Artifact(uri: uriText(of: place.file)),
        region: place.line.map { Region(startLine: $0, startColumn: place.column) })
    }
    logicalLocations = [Logical(name: finding.subject)]
  }
}

private func level(of finding: Finding) -> String {
  switch finding.level {
  case .error: "error"
  case .warning: "warning"
  case .note, .passed, .skipped: "note"
  }
}

/// A path as a relative reference (RFC 3986).
private func uriText(of path: String) -> String {
  let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
  return path.utf8.map { byte in
    if plain.contains(byte) { return String(UnicodeScalar(byte)) }
    let digits = String(byte, radix: 16, uppercase: true)
    return "%" + (digits.count < 2 ? "0" : "") + digits
  }.joined()
}
