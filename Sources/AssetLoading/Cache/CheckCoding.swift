import AssetCore
import AssetSQL

// The written form of checks.

extension ByteWriter {
  mutating func write(_ check: CheckDeclaration) {
    write(check.name) { $0.write($1) }
    write(check.assertion)
    write(check.text) { $0.write($1) }
    write(check.file) { $0.write($1) }
    write(check.filter) { $0.write($1) }
    write(check.severity.rawValue)
    write(check.errorIf) { $0.write($1.text) }
    write(check.warnIf) { $0.write($1.text) }
    write(check.place)
  }

  private mutating func write(_ source: CheckSource) {
    write(source.text)
    write(source.analysis)
    write(source.place)
  }

  private mutating func write(_ assertion: Check.Assertion) {
    switch assertion {
    case .unique(let columns):
      write("unique")
      write(columns) { $0.write($1) }
    case .notNull(let column):
      write("not_null")
      write(column)
    case .acceptedValues(let column, let values):
      write("accepted_values")
      write(column)
      write(values) { $0.write($1) }
    case .relationships(let column, let other, let field):
      write("relationships")
      write(column)
      write(other.name)
      write(field)
    case .expression: write("expression")
    case .rowCount(let min, let max, let other):
      write("row_count")
      write(min) { $0.write($1) }
      write(max) { $0.write($1) }
      write(other) { $0.write($1.name) }
    case .range(let column, let min, let max, let isInclusive):
      write("range")
      write(column)
      write(min) { $0.write($1) }
      write(max) { $0.write($1) }
      write(isInclusive)
    case .matches(let column, let pattern):
      write("matches")
      write(column)
      write(pattern)
    case .freshness(let expected):
      write("freshness")
      write(expected)
    case .sql: write("sql")
    case .metric(let bounds):
      write("metric")
      write(bounds.metric)
      write(bounds.min) { $0.write(String($1)) }
      write(bounds.max) { $0.write(String($1)) }
    case .anomaly(let bounds):
      write("anomaly")
      write(bounds.measure)
      write(String(bounds.tolerance))
      write(bounds.window)
    }
  }

  mutating func write(_ freshness: Freshness) {
    write(freshness.column) { $0.write($1) }
    write(freshness.warnAfterMilliseconds) { $0.write(Int($1)) }
    write(freshness.errorAfterMilliseconds) { $0.write(Int($1)) }
    write(freshness.stopsReaders)
  }

  private mutating func write(_ measure: AnomalyBounds.Measure) {
    switch measure {
    case .rowCount: write("row_count")
    case .duration: write("duration")
    case .nullShare(let column):
      write("null_share")
      write(column)
    case .mean(let column):
      write("mean")
      write(column)
    case .metric(let name):
      write("metric")
      write(name)
    }
  }

  /// A value with its type.
  mutating func write(_ value: VarValue) {
    switch value {
    case .null: write(0)
    case .boolean(let value):
      write(1)
      write(value)
    case .integer(let value):
      write(2)
      write(Int(value))
    case .real(let value):
      write(3)
      write(String(value))
    case .text(let value):
      write(4)
      write(value)
    }
  }
}

extension ByteReader {
  mutating func check() throws(Mismatch) -> CheckDeclaration {
    CheckDeclaration(
      name: try optional { (reader) throws(Mismatch) in try reader.text() },
      assertion: try assertion(),
      text: try optional { (reader) throws(Mismatch) in try reader.checkSource() },
      file: try optional { (reader) throws(Mismatch) in try reader.placedText() },
      filter: try optional { (reader) throws(Mismatch) in try reader.checkSource() },
      severity: try raw(),
      errorIf: try optional { (reader) throws(Mismatch) in try reader.condition() },
      warnIf: try optional { (reader) throws(Mismatch) in try reader.condition() },
      place: try place())
  }

  private mutating func checkSource() throws(Mismatch) -> CheckSource {
    CheckSource(text: try text(), analysis: try analysis(), place: try place())
  }

  private mutating func condition() throws(Mismatch) -> CountCondition {
    guard let condition = CountCondition(try text()) else { throw Mismatch() }
    return condition
  }

  private mutating func assertion() throws(Mismatch) -> Check.Assertion {
    switch try text() {
    case "unique": return .unique(try texts())
    case "not_null": return .notNull(try text())
    case "accepted_values":
      return .acceptedValues(
        try text(), try array { (reader) throws(Mismatch) in try reader.value() })
    case "relationships":
      return .relationships(try text(), to: AssetKey(trusted: try text()), field: try text())
    case "expression": return .expression(CheckText(""))
    case "row_count":
      return .rowCount(
        min: try optional { (reader) throws(Mismatch) in try reader.integer() },
        max: try optional { (reader) throws(Mismatch) in try reader.integer() },
        equals: try optional { (reader) throws(Mismatch) in AssetKey(trusted: try reader.text()) })
    case "range":
      return .range(
        try text(), min: try optional { (reader) throws(Mismatch) in try reader.value() },
        max: try optional { (reader) throws(Mismatch) in try reader.value() },
        isInclusive: try flag())
    case "matches": return .matches(try text(), pattern: try text())
    case "freshness": return .freshness(try freshness())
    case "sql": return .sql(CheckText(""))
    case "metric":
      return .metric(
        MetricBounds(
          metric: try text(),
          min: try optional { (reader) throws(Mismatch) in try reader.real() },
          max: try optional { (reader) throws(Mismatch) in try reader.real() }))
    case "anomaly":
      return .anomaly(
        AnomalyBounds(of: try measure(), tolerance: try real(), window: try integer()))
    default: throw Mismatch()
    }
  }

  private mutating func measure() throws(Mismatch) -> AnomalyBounds.Measure {
    switch try text() {
    case "row_count": .rowCount
    case "duration": .duration
    case "null_share": .nullShare(try text())
    case "mean": .mean(try text())
    case "metric": .metric(try text())
    default: throw Mismatch()
    }
  }

  mutating func value() throws(Mismatch) -> VarValue {
    switch try integer() {
    case 0: .null
    case 1: .boolean(try flag())
    case 2: .integer(Int64(try integer()))
    case 3: .real(try real())
    case 4: .text(try text())
    default: throw Mismatch()
    }
  }
}
