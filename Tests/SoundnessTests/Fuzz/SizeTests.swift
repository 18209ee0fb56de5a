import AssetCore
import AssetSQL
import Testing

/// Long texts take time in proportion to their length, however they nest.
@Suite(.serialized) struct SizeTests {
  /// A text that can be made as long as one likes.
  struct Shape: CustomStringConvertible, Sendable {
    var description: String
    /// Makes the text with so many repetitions.
    var text: @Sendable (Int) -> String
    /// How many bytes a repetition takes.
    var size: Int

    /// What stands in each other.
    static func nested(
      _ open: String, _ middle: String, _ close: String = "", after start: String = "select "
    ) -> Shape {
      Shape(
        description: "\(open)… nested",
        text: { count in
          start + String(repeating: open, count: count) + middle
            + String(repeating: close, count: count)
        }, size: open.utf8.count + close.utf8.count)
    }

    /// What stands beside each other, each with its number in the place of `#`.
    static func flat(_ start: String, _ piece: String, _ separator: String, _ end: String = "")
      -> Shape
    {
      Shape(
        description: "\(piece)\(separator)… flat",
        text: { count in
          var text = start
          for number in 0..<count {
            if number > 0 { text += separator }
            for character in piece.utf8 {
              if character == UInt8(ascii: "#") {
                text += String(number)
              } else {
                text.unicodeScalars.append(Unicode.Scalar(character))
              }
            }
          }
          return text + end
        }, size: piece.utf8.count + separator.utf8.count + 5)
    }

    /// Each is made of the one before it.
    static func chain(
      _ step: @escaping @Sendable (String) -> String, named description: String, size: Int
    ) -> Shape {
      Shape(
        description: description,
        text: { count in
          var text = "with c0 as (select a, b from t)"
          for number in 1..<max(2, count) { text += ", c\(number) as (\(step("c\(number - 1)")))" }
          return text + " select a from c\(max(2, count) - 1)"
        }, size: size)
    }
  }

  static let shapes: [Shape] = [
    .nested("(", "a", ")"), .nested("(", ""), .nested("(select ", "a", ")"),
    .nested("(select * from ", "t", ")", after: "select * from "),
    .nested("(select a from t where a in ", "(1)", ")"),
    .nested("case when ", "a", " end"), .nested("case when a then b else ", "c", " end"),
    .nested("a + ", "1"), .nested("f(", "a", ")"), .nested("not ", "a"), .nested("- ", "a"),
    .nested("(with x as (select a from t) select ", "a", ")"),
    .nested("with x as (", "select 1", ") select 1", after: ""),
    .nested("[", "a", "]"), .nested("a.", "b"), .nested("exists (select ", "1", ")"),
    .nested("(", "t", ")", after: "select a from "),
    .nested("(t join ", "u", ")", after: "select 1 from "),
    .flat("", "select a from t", " union all "), .flat("", "select a from t", " union "),
    .flat("select a from t where ", "b = #", " and "), .flat("select ", "a as x#", ", ", " from t"),
    .flat("select ", "a", ", ", " from t group by a"),
    .flat("select t0.a from ", "t as t#", " join "), .flat("select t0.a from ", "t as t#", ", "),
    .flat("select a from t as x ", "left join u as u# on u#.a = x.b", " "),
    .flat("select x.a from t as x ", "join u as u# using (a)", " "),
    .flat("with ", "c# as (select a from t)", ", ", " select a from c0"),
    .flat("values ", "(#, 'x')", ", "), .flat("select a from t where a in (", "#", ", ", ")"),
    .flat("select ", "sum(a) over (partition by b order by c)", ", ", " from t"),
    .flat("select a ", "/* # */", " ", " from t"),
    .chain({ "select * from \($0)" }, named: "a chain of stars", size: 35),
    .chain({ "select a, b from \($0) where b > 1" }, named: "a chain of names", size: 48),
    .chain(
      { "select a, b from \($0) union all select b, a from t" }, named: "a chain of unions",
      size: 65),
    .chain(
      { "select x.a, y.b from \($0) x join \($0) y on x.a = y.a" },
      named: "a chain of joins with itself", size: 75),
    .chain({ "select distinct a, b from \($0)" }, named: "a chain of distinct", size: 45),
  ]

  /// How long the longest texts are, in bytes.
  static let longest = RandomRun.steps(0) > 0 ? 1 << 20 : 1 << 15

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      Shape.nested("(", ""), .nested("(select ", "a", ")"), .nested("case when ", "a", " end"),
      .nested("with x as (", "select 1", ") select 1", after: ""), .nested("[", "a", "]"),
    ])
  func `a million bytes of nesting are answered`(shape: Shape) {
    let reading = readQuery(shape.text((1 << 20) / shape.size), dialect: .sqlite) { _ in nil }

    #expect(reading.inputs.isEmpty)
  }

  @Test(.timeLimit(.minutes(10)), arguments: RandomRun.isLong ? shapes : Array(shapes.prefix(6)))
  func `twice the text takes twice the time`(shape: Shape) {
    let count = Self.longest / shape.size
    var ratios: [Double] = []
    // Other tests run at the same time: one good measurement shows that it can be done.
    for _ in 0..<8 {
      let half = seconds(shape.text(count / 2))
      let full = seconds(shape.text(count))
      ratios.append(full / max(half, 0.000_1))
      if let least = ratios.min(), least < 3 { break }
    }
    #expect((ratios.min() ?? 0) < 3.5, "\(shape): \(ratios)")
  }

  private func seconds(_ text: String) -> Double {
    let duration = ContinuousClock().measure {
      _ = readQuery(text, dialect: .sqlite) { CorpusQuery.tables[$0] }
    }
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }
}
