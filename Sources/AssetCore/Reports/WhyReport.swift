/// Why an asset has the status that it has, down to what changed first.
package struct WhyReport: Equatable, Sendable {
  /// A difference between then and now.
  package struct Change: Equatable, Sendable {
    package var what: String
    package var before: String?
    package var now: String?

    package init(_ what: String, before: String?, now: String?) {
      self.what = what
      self.before = before
      self.now = now
    }
  }

  /// A cause with what changed.
  package struct Reason: Equatable, Sendable {
    package var cause: StaleCause
    package var changes: [Change]
    /// Of a table that changed, how many rows were read then and how many it has now, as far as that
    /// is known.
    package var rowsBefore: Int?
    package var rowsNow: Int?
    /// Of files that changed, which ones; `nil` if that is not known, or it is one file.
    package var files: FileChanges?

    package init(
      _ cause: StaleCause, changes: [Change] = [], rowsBefore: Int? = nil, rowsNow: Int? = nil
    ) {
      self.cause = cause
      self.changes = changes
      self.rowsBefore = rowsBefore
      self.rowsNow = rowsNow
    }
  }

  /// Something that was compared and found equal.
  package struct Proof: Equatable, Sendable {
    package var what: String
    package var consumption: Consumption?
    package var digest: String

    package init(_ what: String, consumption: Consumption? = nil, digest: String) {
      self.what = what
      self.consumption = consumption
      self.digest = digest
    }
  }

  /// One asset of the chain.
  package struct Link: Equatable, Sendable {
    package var asset: AssetKey
    package var status: AssetStatus
    package var reasons: [Reason]
    /// Of a fresh asset, what was compared.
    package var proof: [Proof]
    /// The last materialization, and what it was made for.
    package var lastMaterialized: Timestamp?
    package var lastRun: String?
    package var lastCauses: [StaleCause]
    /// What is the case with its partitions; `nil` if it is made as a whole, or is one of them.
    package var partitions: PartitionsReport?

    package init(
      asset: AssetKey, status: AssetStatus, reasons: [Reason] = [], proof: [Proof] = [],
      lastMaterialized: Timestamp? = nil, lastRun: String? = nil, lastCauses: [StaleCause] = []
    ) {
      self.asset = asset
      self.status = status
      self.reasons = reasons
      self.proof = proof
      self.lastMaterialized = lastMaterialized
      self.lastRun = lastRun
      self.lastCauses = lastCauses
    }
  }

  /// The asset asked about first, then the upstream assets that explain it, readers before inputs.
  package var chain: [Link]

  package init(chain: [Link]) { self.chain = chain }
}

extension CanonicalForm {
  /// What differs between two forms of one definition, field by field.
  ///
  /// Of a long text only the words that differ are given, with a few words around them.
  package func changes(to other: CanonicalForm) -> [WhyReport.Change] {
    let names = fields.map(\.name) + other.fields.map(\.name)
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }.compactMap { name in
      let before = values(of: name)
      let now = other.values(of: name)
      guard before != now else { return nil }
      let (old, new) = differingParts(
        before?.joined(separator: ", "), now?.joined(separator: ", "))
      return WhyReport.Change(name, before: old, now: new)
    }
  }

  private func values(of name: String) -> [String]? {
    let values = fields.filter { $0.name == name }.map(\.value)
    return values.isEmpty ? nil : values
  }
}

/// The parts of two texts that differ, cut at spaces, with up to four equal words on each side.
private func differingParts(_ before: String?, _ now: String?) -> (String?, String?) {
  guard let before, let now else { return (before, now) }
  let old = before.split(separator: " ", omittingEmptySubsequences: false)
  let new = now.split(separator: " ", omittingEmptySubsequences: false)
  let head = zip(old, new).prefix { $0 == $1 }.count
  let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed())
    .prefix { $0 == $1 }.count
  let around = 4
  func part(_ words: [Substring]) -> String {
    let first = max(0, head - around)
    let last = min(words.count, words.count - tail + around)
    let text = words[first..<last].joined(separator: " ")
    return (first > 0 ? "… " : "") + text + (last < words.count ? " …" : "")
  }
  return (part(old), part(new))
}
