import AssetCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The numbers that a model's file tells of itself.
///
/// A JSON file with an object `metrics` at its top, such as `{"metrics": {"rmse": 12.5}}`, tells
/// them; what is no number in it is left out. Any other file tells none.
struct ModelMetrics: Equatable {
  /// Why a number is not among them.
  enum Problem: Equatable {
    case notJSON(line: Int, column: Int)
    case noObject
    case odd(JSONOddity.Kind, in: String)
  }

  /// The numbers by name.
  private(set) var values: [String: Double] = [:]
  private(set) var problems: [Problem] = []

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - isDeclared: Whether it was declared to hold metrics, which may then be at its top.
  init(of path: String, isDeclared: Bool = false) {
    guard isDeclared || path.utf8.suffix(5).elementsEqual(".json".utf8),
      let data = try? Data(contentsOf: URL(filePath: path))
    else { return }
    Array(data).withUnsafeBufferPointer { read($0, isDeclared: isDeclared) }
  }

  private mutating func read(_ text: UnsafeBufferPointer<UInt8>, isDeclared: Bool) {
    do {
      let model = try JSONValueReader.read(text)
      guard case .object(let whole) = model.value else {
        if isDeclared { problems = [.noObject] }
        return
      }
      let isTop: Bool
      if case .object(let metrics)? = whole["metrics"] {
        values = metrics.compactMapValues(\.number)
        isTop = false
      } else {
        guard isDeclared else { return }
        values = whole.compactMapValues(\.number)
        isTop = true
      }
      for oddity in model.oddities where oddity.kind != .halfCharacter {
        guard oddity.path.count == (isTop ? 1 : 2), let name = oddity.path.last,
          isTop || oddity.path[0] == "metrics"
        else { continue }
        problems.append(.odd(oddity.kind, in: name))
      }
    } catch {
      guard isDeclared else { return }
      let before = text[..<min(error.offset, text.count)]
      let line = before.count { $0 == .lineFeed } + 1
      let start = before.lastIndex(of: .lineFeed).map { $0 + 1 } ?? 0
      problems = [.notJSON(line: line, column: error.offset - start + 1)]
    }
  }
}
