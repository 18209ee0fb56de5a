import AssetCore
import Testing

@Suite struct PathTextTests {
  /// A combining accent, which makes one character with what stands before it.
  static let accent = "\u{301}"

  @Test(
    arguments: [
      ("a/b/c.txt", "a/b", "c.txt"), ("c.txt", nil, "c.txt"), ("/c", "", "c"), ("a/", "a", ""),
      ("a/\(accent)b", "a", "\(accent)b"),
    ] as [(String, String?, String)])
  func `a path is a folder and a name`(path: String, folder: String?, name: String) {
    #expect(PathText.folder(of: path) == folder)
    #expect(Array(PathText.name(of: path).unicodeScalars) == Array(name.unicodeScalars))
  }

  @Test func `an accent behind a slash hides none of it`() {
    let path = "a/\(Self.accent)b//c"

    #expect(PathText.parts(of: path) == ["a", "\(Self.accent)b", "c"])
    #expect(PathText.isAbsolute("/\(Self.accent)a"))
    #expect(PathText.hasFolder(path))
    #expect(PathText.folders(above: "/x/\(Self.accent)y/z") == ["/x", "/x/\(Self.accent)y"])
    #expect(PathText.place(of: "/x/\(Self.accent)y", in: "/x") == "\(Self.accent)y")
    #expect(PathText.normal("/x/\(Self.accent)y/../z/./w") == "/x/z/w")
  }

  @Test(
    arguments: [
      ("/x/a/b", "/x", "a/b"), ("/x", "/x", ""), ("/xa", "/x", nil), ("/a", "/", "a"),
      ("a/b", "a", "b"), ("/x/a", "/x/", "a"), ("/e\(accent)/a", "/\u{e9}", nil),
    ] as [(String, String, String?)])
  func `where a path lies in a folder`(path: String, folder: String, place: String?) {
    #expect(PathText.place(of: path, in: folder) == place)
    #expect(PathText.lies(path, in: folder) == (place != nil))
  }
}
