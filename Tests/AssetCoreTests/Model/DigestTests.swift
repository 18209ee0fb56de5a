import AssetCore
import AssetTestSupport
import Testing

/// The digests are a compatibility promise: another one marks every user's assets stale.
@Suite struct DigestTests {
  static let form = CanonicalForm(
    tag: "assetctl.definition.1",
    fields: [.init("kind", "table"), .init("query", "select 1"), .init("note", "größer")])

  /// The encoding that is promised, written out: little-endian lengths of 64 bits before each text.
  private static func encoded(_ texts: [String]) -> [UInt8] {
    texts.flatMap { text in
      (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> ($0 * 8)) } + Array(text.utf8)
    }
  }

  @Test func `the digest of a form is the SHA-256 of lengths and texts`() {
    let texts = ["assetctl.definition.1", "kind", "table", "query", "select 1", "note", "größer"]

    let bytes = ContentDigest(fileBytes: Self.encoded(texts))

    #expect("sha256:" + Self.form.sha256 == bytes.rawValue)
    #expect(
      Self.form.sha256 == "208340e0caf703b7b5399ec72f3f6cf64f573cfca18fda5348259264420ebf33")
  }

  @Test func `a definition's digest names its format`() {
    var asset = asset("a")
    asset.definition = Self.form

    #expect(asset.definitionDigest.rawValue == "def1:" + Self.form.sha256)
  }

  @Test func `no two forms share an encoding`() {
    func form(_ tag: String, _ fields: [(String, String)]) -> CanonicalForm {
      CanonicalForm(tag: tag, fields: fields.map { .init($0, $1) })
    }
    let forms = [
      form("t", []), form("t", [("a", "bc")]), form("t", [("ab", "c")]), form("t", [("abc", "")]),
      form("t", [("", "abc")]), form("ta", [("", "bc")]), form("t", [("a", "b"), ("c", "")]),
      form("t", [("a", ""), ("b", "c")]), form("t", [("b", "c"), ("a", "")]),
      form("t", [("a", "b\0c")]), form("t", [("a\0b", "c")]), form("t", [("a", "bc"), ("", "")]),
    ]

    #expect(Set(forms.map(\.sha256)).count == forms.count)
  }

  @Test(
    arguments: [
      ("", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
  func `the digest of a file is the SHA-256 of its bytes`(text: String, digest: String) {
    #expect(ContentDigest(fileBytes: Array(text.utf8)).rawValue == digest)
  }

  @Test func `a file may be hashed piece by piece`() {
    var hasher = FileHasher()
    for piece in ["a", "", "bc"] { Array(piece.utf8).withUnsafeBytes { hasher.update($0) } }

    #expect(hasher.finalize() == ContentDigest(fileBytes: Array("abc".utf8)))
  }

  @Test func `parts are told apart by name, in no order`() {
    let a = ContentDigest(combining: ["a": "x", "b": "y"])

    #expect(a == ContentDigest(combining: ["b": "y", "a": "x"]))
    #expect(a != ContentDigest(combining: ["a": "y", "b": "x"]))
    #expect(
      a.rawValue
        == "parts1:2be58b2684f608e13283fbed3d53ab3db736f29a0ac72c086d03591a04a81cd7")
  }
}
