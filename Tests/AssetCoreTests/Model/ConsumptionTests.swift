import AssetCore
import AssetTestSupport
import Foundation
import Testing

@Suite struct ConsumptionTests {
  @Test(
    arguments: [
      ([], .rowCount), (["b", "A", "a"], .columns(["a", "b"])),
    ] as [([String], Consumption)])
  func `a set of columns has one normal form`(columns: [String], consumption: Consumption) {
    #expect(Consumption(columns: columns) == consumption)
  }

  @Test(
    arguments: [
      (.whole, "\"*\""), (.columns(["a", "b"]), #"["a","b"]"#), (.rowCount, "[]"),
      (.columns(["*"]), #"["*"]"#),
    ] as [(Consumption, String)])
  func `consumptions are written in JSON and read again`(consumption: Consumption, json: String)
    throws
  {
    let written = String(decoding: try JSONEncoder().encode(consumption), as: UTF8.self)
    let read = try JSONDecoder().decode(Consumption.self, from: Data(json.utf8))

    #expect(written == json)
    #expect(read == consumption)
  }

  @Test(arguments: [#""a""#, "null", "{}", "[1]"])
  func `other JSON is refused`(json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Consumption.self, from: Data(json.utf8))
    }
  }

  @Test func `consumptions have an order`() {
    let ordered: [Consumption] = [
      .whole, .columns(["a"]), .columns(["a", "b"]), .columns(["b"]), .rowCount,
    ]

    #expect(ordered.reversed().sorted() == ordered)
  }
}

@Suite struct ProvenanceCodingTests {
  @Test func `a materialization is written in JSON and read again`() throws {
    let record = Materialization(
      id: "run1/daily", asset: "daily", run: "run1", finishedAt: Timestamp(milliseconds: 5),
      durationMilliseconds: 41,
      provenance: Provenance(
        definition: "def1:aa",
        inputs: [
          .asset("orders"): ConsumedInput(.columns(["id"]), "rows1:bb"),
          .file("data/a b:c.csv"): ConsumedInput(.whole, "sha256:cc"),
        ]),
      product: Product(
        digest: "rows1:dd", rows: 3, columns: [ProducedColumn(name: "id", type: "integer")],
        files: ["build/a.csv": "sha256:ee"], metrics: ["error": 0.5]))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]

    let json = String(decoding: try encoder.encode(record), as: UTF8.self)
    let read = try JSONDecoder().decode(Materialization.self, from: Data(json.utf8))

    #expect(read == record)
    #expect(
      json == """
        {"asset":"daily","durationMilliseconds":41,"finishedAt":5,"id":"run1/daily",\
        "product":{"columns":[{"name":"id","type":"integer"}],"digest":"rows1:dd",\
        "files":{"build/a.csv":"sha256:ee"},"metrics":{"error":0.5},"rows":3},\
        "provenance":{"definition":"def1:aa","inputs":{\
        "file:data/a b:c.csv":{"consumption":"*","digest":"sha256:cc"},\
        "orders":{"consumption":["id"],"digest":"rows1:bb"}}},"run":"run1"}
        """)
  }
}
