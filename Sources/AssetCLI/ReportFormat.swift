import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The values of `--format` for what CI systems run.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, jsonl, github, gitlab, junit, sarif, markdown

  /// Whether it is made of findings.
  var isOfFindings: Bool { ![.text, .json, .jsonl].contains(self) }

  static let help = ArgumentHelp(
    "How to write the result: text, json, jsonl, or for CI systems github, gitlab, junit, sarif or markdown.",
    valueName: "format")
}

extension ReportFormat {
  /// Writes findings to standard output, and for GitHub to the summary of the step, too.
  ///
  /// - Parameters:
  ///   - report: The findings.
  ///   - folder: The project's folder, which places are told from.
  func write(_ report: FindingsReport, ofProjectIn folder: String) {
    let report = report.placed(in: Self.pathInRepository(of: folder))
    switch self {
    case .text, .json, .jsonl: break
    case .github:
      Terminal.output.write(gitHubText(of: report))
      Self.addToSummary(markdownText(of: report))
    case .gitlab: Terminal.output.write(gitLabJSON(of: report))
    case .junit: Terminal.output.write(junitXML(of: report, at: .now, host: Self.hostName))
    case .sarif: Terminal.output.write(sarifJSON(of: report, version: assetctlVersion))
    case .markdown: Terminal.output.write(markdownText(of: report))
    }
  }

  /// Carries out a command; what is wrong with the project is a finding, too.
  func reportingProblems(
    of command: String, in global: GlobalOptions, _ body: () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch let error as any DiagnosableError where isOfFindings {
      let found = Finding.problems(error.diagnostics)
      write(
        FindingsReport(
          command: command, project: "assetctl.yml", summary: counted(found.count, "problem"),
          findings: found), ofProjectIn: global.projectFolder)
      throw error
    }
  }

  /// The path of a folder in the repository of Git that it lies in, with a slash at its end; empty if it is the top
  /// or in none.
  private static func pathInRepository(of folder: String) -> String {
    var parts: [Substring] = []
    var rest = folder[...]
    while !rest.isEmpty {
      if FileManager.default.fileExists(atPath: rest + "/.git") {
        return parts.reversed().map { $0 + "/" }.joined()
      }
      guard let slash = rest.lastIndex(of: "/") else { break }
      parts.append(rest[rest.index(after: slash)...])
      rest = rest[..<slash]
    }
    return ""
  }

  /// Appends to the file that GitHub shows as the summary of a step, if there is one.
  private static func addToSummary(_ text: String) {
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty
    else { return }
    Terminal.append(text + "\n", toFile: path)
  }

  private static var hostName: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 257) { name in
      name.initialize(repeating: 0)
      guard let base = name.baseAddress, gethostname(base, 256) == 0 else { return "" }
      return String(cString: base)
    }
  }
}

extension FindingsReport {
  /// The same with the places as seen from another folder.
  fileprivate func placed(in folder: String) -> FindingsReport {
    var report = self
    for index in report.findings.indices {
      guard let file = report.findings[index].place?.file else { continue }
      report.findings[index].place?.file = folder + file
    }
    return report
  }
}
