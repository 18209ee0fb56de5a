/// Where the files of a project and of a run are.
package struct RunFolder: Sendable {
  /// The absolute path of the project's folder.
  package let project: String
  package let run: String

  package init(project: String, run: String) {
    self.project = project
    self.run = run
  }

  /// The absolute path of a path of the project.
  package func absolute(_ path: String) -> String { project + "/" + path }

  /// The log of an asset's program, relative to the project.
  package func log(of asset: String) -> String {
    ".assetctl/runs/\(run)/\(Self.fileName(of: asset)).log"
  }

  /// The name of an asset or partition as one of a file; that of a partition may hold anything.
  private static func fileName(of asset: String) -> String {
    var name = ""
    for byte in asset.utf8 {
      let isPlain =
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "%")
      if isPlain {
        name.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        name += "%" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return name
  }

  /// The name that a file was given for.
  private static func asset(ofFile name: String) -> String {
    var bytes: [UInt8] = []
    var rest = Substring(name).utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let code = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The names of the assets whose programs have a log, sorted.
  package func loggedAssets() -> [String] {
    FilePublishing.names(in: absolute(".assetctl/runs/\(run)"))
      .filter { $0.hasSuffix(".log") }.map { Self.asset(ofFile: String($0.dropLast(4))) }.sorted()
  }

  /// Where an asset's inputs are exported and its candidate is written.
  func work(of asset: String) -> String {
    ".assetctl/runs/\(run)/\(Self.fileName(of: asset)).work"
  }

  /// Removes what a run that died left of its steps' work; logs stay.
  package func removeLeftovers() {
    let path = absolute(".assetctl/runs/\(run)")
    for name in FilePublishing.names(in: path) where name.hasSuffix(".work") {
      FilePublishing.removeFolder(path + "/" + name)
    }
  }

  /// Where a file is kept that was not ours and stood at an output's place.
  func kept(_ path: String) -> String { ".assetctl/replaced/\(run)/\(path)" }
}
