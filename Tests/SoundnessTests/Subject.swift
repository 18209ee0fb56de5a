import AssetCore
import AssetSQL
import Foundation

/// The analysis that assetctl uses.
let subject: Analysis = { query, columns in
  readQuery(query.text, dialect: .sqlite, columns: columns)
}

/// How random tests are to run, as the environment says.
enum RandomRun {
  /// The seed, another one in each run unless `ASSETCTL_RANDOM_SEED` is set.
  static let seed =
    ProcessInfo.processInfo.environment["ASSETCTL_RANDOM_SEED"].flatMap(UInt64.init)
    ?? UInt64.random(in: 1...999_999_999)

  /// Whether the tests are to go on for longer than usual.
  static var isLong: Bool {
    ProcessInfo.processInfo.environment["ASSETCTL_RANDOM_STEPS"] != nil
  }

  /// How many steps a test is to take that takes so many unless `ASSETCTL_RANDOM_STEPS` is set.
  static func steps(_ usual: Int) -> Int {
    ProcessInfo.processInfo.environment["ASSETCTL_RANDOM_STEPS"].flatMap(Int.init) ?? usual
  }
}
