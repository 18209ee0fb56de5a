/// How far a number may be from what earlier materializations had.
package struct AnomalyBounds: Equatable, Sendable {
  /// The number that is looked at.
  package enum Measure: Equatable, Sendable {
    case rowCount
    case duration
    /// The share of nulls among a column's values, from 0 to 1.
    case nullShare(String)
    /// The mean of a column's numbers.
    case mean(String)
    /// A metric that a program reports.
    case metric(String)

    /// The column whose values are looked at.
    package var column: String? {
      switch self {
      case .nullShare(let column), .mean(let column): column
      case .rowCount, .duration, .metric: nil
      }
    }

    package var isAboutRows: Bool {
      switch self {
      case .rowCount, .nullShare, .mean: true
      case .duration, .metric: false
      }
    }
  }

  package var measure: Measure
  /// How many times the usual deviation is still usual.
  package var tolerance: Double
  /// How many earlier materializations are looked at, the newest of them.
  package var window: Int

  package init(of measure: Measure, tolerance: Double = 4, window: Int = 30) {
    self.measure = measure
    self.tolerance = tolerance
    self.window = window
  }

  /// How many earlier materializations there must be before anything is called unusual.
  package static let fewest = 5
}

/// A middle value and how far values usually are from it.
///
/// Both are medians, so that single outliers among earlier values move them little: the median, and
/// the median absolute deviation times 1.4826, which for normally distributed values estimates the
/// standard deviation (Rousseeuw and Croux, "Alternatives to the Median Absolute Deviation", 1993).
package struct UsualValue: Equatable, Sendable {
  package var median: Double
  package var deviation: Double

  /// Finds what is usual; `nil` for no values.
  package init?(of values: [Double]) {
    guard let median = Self.median(of: values) else { return nil }
    let deviations = values.map { abs($0 - median) }
    self.median = median
    deviation = (Self.median(of: deviations) ?? 0) * 1.4826
  }

  /// Whether a value is farther away than is usual.
  ///
  /// Values that hardly ever change have a deviation of nearly nothing, so one hundredth of the median
  /// always counts as usual.
  package func isUnusual(_ value: Double, tolerance: Double) -> Bool {
    let allowed = Swift.max(tolerance * deviation, abs(median) * 0.01)
    return !(abs(value - median) <= allowed)
  }

  /// The middle of values, the mean of the two middle ones of an even number; `nil` for none.
  package static func median(of values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

extension AnomalyBounds {
  /// What the measure is of a materialization; `nil` if that was not recorded.
  package func value(of product: Product, durationMilliseconds: Int64) -> Double? {
    switch measure {
    case .rowCount: product.rows.map(Double.init)
    case .duration: Double(durationMilliseconds)
    case .nullShare(let name):
      product.summary(ofColumn: name)?.nullShare(of: product.rows ?? 0)
    case .mean(let name): product.summary(ofColumn: name)?.mean
    case .metric(let name): product.metrics?[name]
    }
  }

  /// Compares a number with what it was before.
  ///
  /// - Parameters:
  ///   - value: What it is now; `nil` if it could not be measured.
  ///   - past: What it was, the newest first.
  /// - Returns: Whether it is as usual, and what was found.
  package func verdict(on value: Double?, past: [Double]) -> (isUsual: Bool, message: String) {
    guard let value else { return (true, "there is nothing to measure") }
    let past = past.prefix(window)
    guard past.count >= Self.fewest, let usual = UsualValue(of: Array(past)) else {
      return (
        true,
        "\(text(value)); what is usual is known after \(Self.fewest) materializations, "
          + "so far \(past.count)"
      )
    }
    let message = "\(text(value)), usually about \(text(usual.median))"
    return (!usual.isUnusual(value, tolerance: tolerance), message)
  }

  /// What the measure is called in a check's name.
  package var label: String {
    switch measure {
    case .rowCount: "row_count"
    case .duration: "duration"
    case .nullShare(let column): "null_share of \(column)"
    case .mean(let column): "mean of \(column)"
    case .metric(let name): name
    }
  }

  private func text(_ value: Double) -> String {
    switch measure {
    case .rowCount: counted(Int(value), "row")
    case .duration: durationText(Int64(value))
    case .nullShare: numberText(value * 100, places: 2) + " % nulls"
    case .mean, .metric: numberText(value, places: 4)
    }
  }
}
