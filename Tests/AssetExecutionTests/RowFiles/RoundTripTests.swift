import AssetCore
import AssetWarehouse
import Testing

@testable import AssetExecution

/// What a writer wrote, a reader with the same types reads again, value for value.
@Suite struct RoundTripTests {
  static let columns = ["id", "amount", "note", "payload", "any \"thing\", really"]
  static let types: [String: ColumnType] = [
    "id": .integer, "amount": .real, "note": .text, "payload": .blob,
    "any \"thing\", really": .text,
  ]

  @Test(arguments: [UInt64(1), 2026, 7_919])
  func `random rows survive CSV`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    for format in [CSVFormat(), CSVFormat(delimiter: 0x09, nulls: ["NA", "ab"])] {
      let rows = random.rows()
      let folder = try RowFolder()
      let writer = try CSVWriter(folder.file("t"), columns: Self.columns, format: format)
      for row in rows { try writer.write(row) }
      try writer.finish()

      let files = RowFiles([folder.file("t")], csv: format, types: Self.types, format: .csv)
      for chunk in [17, 1 << 20] {
        let read = try files.table(within: ReadingLimits(chunk: chunk))
        #expect(read.columns == Self.columns)
        #expect(read.rows == rows, "seed \(seed), chunk \(chunk)")
      }
    }
  }

  @Test(arguments: [UInt64(1), 2026, 7_919])
  func `random rows survive JSON Lines`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    // JSON has no number that is infinite.
    let infinite: [Value] = [.real(.infinity), .real(-.infinity)]
    let rows = random.rows().map { row in row.map { infinite.contains($0) ? .null : $0 } }
    let folder = try RowFolder()
    let writer = try JSONLinesWriter(folder.file("t"), columns: Self.columns)
    for row in rows { try writer.write(row) }
    try writer.finish()

    let files = RowFiles([folder.file("t")], types: Self.types, format: .jsonLines)
    for chunk in [17, 1 << 20] {
      let read = try files.table(within: ReadingLimits(chunk: chunk))
      #expect(read.columns == Self.columns)
      #expect(read.rows == rows, "seed \(seed), chunk \(chunk)")
    }
  }

  @Test(arguments: [UInt64(3), 11])
  func `random numbers have their nearest double`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    for _ in 0..<2000 {
      let digits = String(random.next() >> UInt64.random(in: 0...60, using: &random))
      let point = Int.random(in: 0...digits.count, using: &random)
      let power = Int.random(in: -30...30, using: &random)
      let text = "-\(digits.prefix(point)).\(digits.dropFirst(point))e\(power)"
      let read = Array(text.utf8).withUnsafeBufferPointer { NumberText($0)?.real }
      #expect(read == Double(text), "seed \(seed): \(text)")
    }
  }
}

/// Steele, Lea and Flood's generator: the same numbers for the same seed, everywhere.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func rows() -> [[Value]] {
    (0..<200).map { _ in
      [
        maybe(.integer(Int64(bitPattern: next()) >> Int64.random(in: 0...63, using: &self))),
        maybe(.real(real())), maybe(.text(text())),
        maybe(
          .blob(
            (0..<Int.random(in: 0...9, using: &self)).map { _ in
              UInt8.random(in: 0...255, using: &self)
            })),
        maybe(.text(text())),
      ]
    }
  }

  private mutating func maybe(_ value: Value) -> Value {
    next().isMultiple(of: 8) ? .null : value
  }

  private mutating func real() -> Double {
    let real = Double(bitPattern: next())
    return real.isNaN ? .infinity : real
  }

  private mutating func text() -> String {
    let alphabet = Array("ab\",;\t\n\r\\{}\u{1}é🚀 NA1.-".unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...12, using: &self) {
      text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &self)])
    }
    return String(text)
  }
}
