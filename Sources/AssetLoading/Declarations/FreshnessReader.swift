import AssetCore

/// Reads how new data is expected to be.
struct FreshnessReader {
  let log: ProblemLog

  /// The limits under `warn_after` and `error_after`, one of which there must be.
  func limits(_ settings: Settings) -> Freshness {
    if settings.isEmpty("warn_after"), settings.isEmpty("error_after") {
      log.add(.missingSetting("warn_after", of: "`freshness`", at: settings.place))
    }
    let freshness = Freshness(
      warnAfterMilliseconds: settings.time("warn_after"),
      errorAfterMilliseconds: settings.time("error_after"))
    if let warn = freshness.warnAfterMilliseconds, let error = freshness.errorAfterMilliseconds,
      warn > error
    {
      log.add(.limitsOutOfOrder(at: settings.valuePlace(of: "warn_after")))
    }
    return freshness
  }
}
