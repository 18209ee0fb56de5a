import AssetCore

/// The text of a file together with what is needed to name places in it.
struct SourceText {
  let file: String
  let text: String

  /// Decodes a file's bytes; a byte order mark at the start is dropped.
  ///
  /// - Throws: A problem with the line of the first bytes that are not UTF-8.
  init(_ bytes: [UInt8], file: String) throws(LoadingProblem) {
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
      throw .notUTF8(at: Place(file: file, line: bad + 1))
    }
    self.file = file
    self.text = text
  }
}
