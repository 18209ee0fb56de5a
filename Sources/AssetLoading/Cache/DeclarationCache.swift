package import AssetCore

/// What was parsed in earlier runs, so that files that have not changed are not parsed again.
///
/// An entry is used only for a file of the same path and the same bytes, and only by the format
/// that wrote it. Files with something wrong in them have no entry. What is in it says which commands are
/// run, so that only an entry with the seal of this machine is believed; any other file is parsed anew.
package struct DeclarationCache: Sendable {
  /// What one file declares, in a form that only this module reads.
  package struct Entry: Equatable, Sendable {
    /// The digest of the file's bytes together with the version of the format.
    package var key: String
    /// A seal and, behind it, what is declared.
    package var declarations: [UInt8]

    package init(key: String, declarations: [UInt8]) {
      self.key = key
      self.declarations = declarations
    }
  }

  /// The entries by path.
  package private(set) var entries: [String: Entry]
  /// The paths whose entries are not what the cache was made with.
  package private(set) var changed: Set<String> = []

  /// The keys of the files that were asked for.
  private var keys: [String: String] = [:]

  private let seal: SealingKey?

  /// Begins with what is known.
  ///
  /// - Parameters:
  ///   - entries: The entries by path, whoever wrote them.
  ///   - seal: What entries must be sealed by; without one nothing is believed or remembered.
  package init(entries: [String: Entry] = [:], sealedBy seal: SealingKey? = nil) {
    self.entries = entries
    self.seal = seal
  }

  /// Changes with every change of what declarations are or of how they are written down.
  private static let format = "declarations.22 "

  /// The key of a file's entry.
  static func key(of bytes: [UInt8]) -> String {
    format + ContentDigest(fileBytes: bytes).rawValue
  }

  /// What the file declares, if that is known.
  mutating func declarations(of source: SourceText, key: String) -> [Declaration]? {
    keys[source.file] = key
    guard let seal, let entry = entries[source.file], entry.key == key else { return nil }
    let declared = Array(entry.declarations.dropFirst(SealingKey.sealLength))
    guard
      seal.isSeal(
        Array(entry.declarations.prefix(SealingKey.sealLength)),
        of: Array(source.file.utf8), Array(key.utf8), declared)
    else { return nil }
    var reader = ByteReader(declared)
    guard
      var declarations = try? reader.array({ (reader) throws(ByteReader.Mismatch) in
        try reader.declaration()
      }), reader.isAtEnd
    else { return nil }
    for index in declarations.indices {
      if case .query(var query) = declarations[index].body {
        query.text = source.text
        declarations[index].body = .query(query)
      }
    }
    return declarations
  }

  /// The digest of a large file, if that is known for the stamp.
  func digest(of path: String, stamp: String) -> ContentDigest? {
    let (name, key) = (Self.name(ofCode: path), Self.format + stamp)
    guard let seal, let entry = entries[name], entry.key == key else { return nil }
    let digest = Array(entry.declarations.dropFirst(SealingKey.sealLength))
    let isSealed = seal.isSeal(
      Array(entry.declarations.prefix(SealingKey.sealLength)), of: Array(name.utf8),
      Array(key.utf8), digest)
    return isSealed ? ContentDigest(rawValue: String(decoding: digest, as: UTF8.self)) : nil
  }

  /// What is declared as a whole, in a form that differs whenever a file that declares something does.
  package var fingerprint: String {
    let list = keys.sorted { $0.key < $1.key }.map { $0.key + "\0" + $0.value }
    return Self.format + ContentDigest(fileBytes: Array(list.joined(separator: "\n").utf8)).rawValue
  }

  /// The entry that says that a project as a whole was found good; no path of a file is like it.
  package static let verdict = "project:"

  mutating func note(_ digest: ContentDigest, of path: String, stamp: String) {
    guard let seal else { return }
    let (name, key) = (Self.name(ofCode: path), Self.format + stamp)
    let bytes = Array(digest.rawValue.utf8)
    entries[name] = Entry(
      key: key,
      declarations: seal.seal(of: Array(name.utf8), Array(key.utf8), bytes) + bytes)
    changed.insert(name)
  }

  /// The name of an entry for a large file; no path of a declaration holds a colon in front.
  private static func name(ofCode path: String) -> String { "code:" + path }

  mutating func note(_ declarations: [Declaration], of path: String, key: String) {
    guard let seal else { return }
    var writer = ByteWriter()
    writer.write(declarations) { $0.write($1) }
    let seen = seal.seal(of: Array(path.utf8), Array(key.utf8), writer.bytes)
    entries[path] = Entry(key: key, declarations: seen + writer.bytes)
    changed.insert(path)
  }
}
