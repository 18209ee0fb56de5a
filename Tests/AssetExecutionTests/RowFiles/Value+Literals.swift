import AssetWarehouse

// Literals for rows: `[1, "x", 2.5, nil]`.

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral text: String) { self = .text(text) }
  package init(integerLiteral integer: Int64) { self = .integer(integer) }
  package init(floatLiteral real: Double) { self = .real(real) }
  package init(nilLiteral: ()) { self = .null }
}
