import AssetCore
import Testing

@Suite struct CanonicalFormChangesTests {
  private func form(_ fields: [(String, String)]) -> CanonicalForm {
    CanonicalForm(tag: "test", fields: fields.map { .init($0, $1) })
  }

  @Test func `equal forms have no changes`() {
    #expect(form([("a", "1")]).changes(to: form([("a", "1")])) == [])
  }

  @Test func `changed, new and lost fields are told in the order of the old form`() {
    let before = form([("kind", "table"), ("var.min", "1"), ("gone", "x")])
    let now = form([("new", "y"), ("kind", "table"), ("var.min", "2")])

    #expect(
      before.changes(to: now) == [
        .init("var.min", before: "1", now: "2"), .init("gone", before: "x", now: nil),
        .init("new", before: nil, now: "y"),
      ])
  }

  @Test func `fields of one name are told together`() {
    #expect(
      form([("index", "a"), ("index", "b")]).changes(to: form([("index", "b")])) == [
        .init("index", before: "a, b", now: "b")
      ])
  }

  @Test(
    arguments: [
      (
        "select a from b where c > 1 and d = 2", "select a from b where c > 5 and d = 2",
        "… b where c > 1 and d = 2", "… b where c > 5 and d = 2"
      ),
      (
        "a b c d e f g h i j k l", "a b c d e X g h i j k l", "… b c d e f g h i j …",
        "… b c d e X g h i j …"
      ),
      ("a b c", "a b c d", "a b c", "a b c d"),
      ("a a a", "a a", "a a a", "a a"),
      ("x", "y", "x", "y"),
      ("", "y", "", "y"),
    ])
  func `of a long text the words that differ are given, with some around them`(
    before: String, now: String, shownBefore: String, shownNow: String
  ) {
    #expect(
      form([("query", before)]).changes(to: form([("query", now)])) == [
        .init("query", before: shownBefore, now: shownNow)
      ])
  }
}
