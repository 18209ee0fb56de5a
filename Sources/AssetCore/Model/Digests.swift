import Crypto

/// A hash of what an asset holds, under a consumption.
///
/// The text begins with the method that made it (`sha256:` for the bytes of a file, `rows1:` for
/// the rows of a table), so that digests of two methods are never taken for equal.
package struct ContentDigest: Hashable, Sendable, Codable, RawRepresentable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  /// The digest of anything of which nothing is read.
  package static let ofNothing = ContentDigest(rawValue: "nothing1:")

  /// The digest of several named parts, such as the files of one asset; the order does not matter.
  package init(combining parts: [String: ContentDigest]) {
    let form = CanonicalForm(
      tag: "assetctl.parts.1",
      fields: parts.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.rawValue) })
    self.init(rawValue: "parts1:" + form.sha256)
  }
}

/// A hash of the canonical form of a definition.
package struct DefinitionDigest: Hashable, Sendable, Codable, RawRepresentable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
}

/// Makes the content digest of a file from its bytes, piece by piece (SHA-256).
package struct FileHasher: ~Copyable {
  private var hash = SHA256()

  package init() {}

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: bytes)
  }

  /// The digest of all bytes that were given so far.
  package consuming func finalize() -> ContentDigest {
    ContentDigest(rawValue: "sha256:" + hexadecimal(hash.finalize()))
  }
}

extension ContentDigest {
  /// The digest of a file that holds these bytes.
  package init(fileBytes bytes: [UInt8]) {
    var hasher = FileHasher()
    bytes.withUnsafeBytes { hasher.update($0) }
    self = hasher.finalize()
  }
}

/// Named values in a fixed order, with one encoding that no two different forms share.
///
/// The encoding starts with a tag that names the format and its version; then comes each field as
/// the length of its name, the name, the length of its value and the value. So `("a", "bc")` and
/// `("ab", "c")` differ. Changing a tag or the fields of a definition marks every user's assets
/// stale, and is a breaking change.
package struct CanonicalForm: Hashable, Sendable, Codable {
  package struct Field: Hashable, Sendable, Codable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package let tag: String
  package let fields: [Field]

  package init(tag: String, fields: [Field]) {
    self.tag = tag
    self.fields = fields
  }

  /// The SHA-256 of the encoding, in hexadecimal.
  package var sha256: String {
    var hash = SHA256()
    func add(_ text: String) {
      var text = text
      text.withUTF8 { bytes in
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      }
    }
    add(tag)
    for field in fields {
      add(field.name)
      add(field.value)
    }
    return hexadecimal(hash.finalize())
  }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
