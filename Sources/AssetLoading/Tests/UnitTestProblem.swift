import AssetCore

/// What can be wrong with a unit test, beside its YAML.
enum UnitTestProblem: Equatable {
  case folderInside(String, folder: String)
  case sharedName(String, first: Place)
  case unknownAsset(String, nearest: String?)
  /// What no query makes, and what does in words.
  case notAQuery(String, what: String)
  case notAnInput(String, of: AssetKey, inputs: [AssetKey])
  case inputIsNoTable(AssetKey)
  case inputNotGiven(AssetKey, of: AssetKey)
  case inputGivenTwice(AssetKey)
  case unusedVar(String, of: AssetKey, used: [String])
  case varNotSet(String, of: AssetKey)
  case noPartitions(AssetKey)
  case badPartition(PartitionError)
  /// A value that only a partition has.
  case partitionNotSet(String, of: AssetKey)
  /// Of an input with a window it depends on the partition what is read.
  case windowNotSet(AssetKey, of: AssetKey)
  case badTolerance
  case notBase64
  case columnTwice(String)
  case badQuery(String)
}

extension UnitTestProblem {
  /// The problem in words.
  func diagnostic(at place: Place) -> Diagnostic {
    if case .badPartition(let error) = self { return error.diagnostic(at: place) }
    let (summary, hint) = words
    return Diagnostic(summary, at: place, hint: hint)
  }

  private var words: (summary: String, hint: String?) {
    switch self {
    case .folderInside(let path, let folder):
      (
        "the tests' folder `\(path)` lies under `\(folder)/`",
        "choose another one, such as `tests`"
      )
    case .sharedName(let name, let first):
      ("there is already a test `\(name)`, at \(first)", "give one of them another name")
    case .unknownAsset(let name, let nearest):
      (
        "there is no asset `\(name)`",
        nearest.map { "did you mean `\($0)`?" } ?? "see all assets with `assetctl list`"
      )
    case .notAQuery(let name, let what):
      (
        "`\(name)` is \(what), and only queries can be tested",
        "test the queries that read it, with rows of it under `given:`"
      )
    case .notAnInput(let name, let asset, let inputs):
      (
        "`\(name)` is no input of `\(asset)`",
        nearestName(to: name, in: inputs.map(\.name)).map { "did you mean `\($0)`?" }
          ?? (inputs.isEmpty
            ? "remove it: `\(asset)` reads nothing"
            : "it reads " + listed(inputs.map { "`\($0)`" }))
      )
    case .inputIsNoTable(let input):
      ("`\(input)` is a file, which has no rows", "remove it")
    case .inputNotGiven(let input, let asset):
      (
        "the test gives no rows of `\(input)`, which `\(asset)` reads",
        "add them under `given:`; an empty table is `\(input): []`"
      )
    case .inputGivenTwice(let input): ("`\(input)` is given twice", "keep one of the two")
    case .unusedVar(let name, let asset, let used):
      (
        "the query of `\(asset)` does not use a var `\(name)`",
        nearestName(to: name, in: used).map { "did you mean `\($0)`?" } ?? "remove it"
      )
    case .varNotSet(let name, let asset):
      (
        "the test does not say what `:\(name)` is, which the query of `\(asset)` uses",
        "add it under `vars:` of the test"
      )
    case .noPartitions(let asset): ("`\(asset)` has no partitions", "remove `partition:`")
    case .badPartition(let error):
      (error.diagnostics.first?.summary ?? "", error.diagnostics.first?.hint)
    case .partitionNotSet(let name, let asset):
      (
        "the test does not say which partition of `\(asset)` it makes, whose query uses `:\(name)`",
        "name it with `partition:`"
      )
    case .windowNotSet(let input, let asset):
      (
        "the test does not say which partition of `\(asset)` it makes, which has a window on `\(input)`",
        "name it with `partition:`"
      )
    case .badTolerance: ("`tolerance` must be a number from 0 to 1", nil)
    case .notBase64: ("the value is not Base64, as `!!binary` asks for", nil)
    case .columnTwice(let name): ("the row has the column `\(name)` twice", "keep one of the two")
    case .badQuery(let reason): ("the query cannot be read: \(reason)", nil)
    }
  }
}
