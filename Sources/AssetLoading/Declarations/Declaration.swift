import AssetCore
import AssetSQL

/// An asset or source as one file declares it, before vars, globs and names are looked up.
struct Declaration: Equatable {
  var name: String
  /// Where the asset is declared.
  var place: Place
  var description: String?
  var owner: String?
  var tags: [String] = []
  var columns: [DeclaredColumn] = []
  var inputs: [InputDeclaration] = []
  var volatility: Volatility?
  var policy = PolicyDeclaration()
  /// Of a source, how new its data is expected to be.
  var freshness: Freshness?
  /// Of a source, whether checks that fail keep its readers from being made.
  var failureStopsReaders = true
  var checks: [CheckDeclaration] = []
  /// Whether the declared columns are a contract.
  var isContractEnforced = false
  /// Whether a candidate that is not published is kept.
  var keepsRefused = false
  var partitions: PartitionsDeclaration?
  /// The items to make assets for; the name is a template then.
  var foreach: ForeachDeclaration?
  /// The item that this is the asset of.
  var item: ForeachItem?
  var body: Body

  enum Body: Equatable {
    case query(QueryDeclaration)
    case rows(RowsDeclaration)
    case program(ProgramDeclaration)
    /// A table, of the warehouse or of a database file, whose path may hold `${NAME}`.
    case source(table: String, database: PlacedText?)
    /// A path or pattern of files that are taken as they are.
    case files(PlacedText)
  }
}

/// A name under `inputs:`, or the path of files.
struct InputDeclaration: Equatable {
  var name: String
  var place: Place
  var columns: [String]?
  var format: AssetInput.ExportFormat = .csv
  var window: InputWindow?
  /// The condition on its rows.
  var filter: PlacedText?
  /// Whether `*` and `?` in a path stand for themselves.
  var isLiteral = false

  /// Whether it is a path, which no name of an asset looks like.
  var isPath: Bool { name.contains { $0 == "/" || $0 == "." } }
}

/// What stands under `partitions:`.
struct PartitionsDeclaration: Equatable {
  /// `nil` if something is wrong with it, which was noted.
  var scheme: PartitionScheme?
  var place: Place
}

struct QueryDeclaration: Equatable {
  var form: QueryRecipe.Form
  var indexes: [[String]]
  var text: String
  var analysis: QueryAnalysis
  /// The names of the columns that it gives; `nil` if the text alone does not tell them.
  var columns: [String]?
}

/// A seed, or a source that is files.
struct RowsDeclaration: Equatable {
  /// A path or a pattern.
  var file: PlacedText
  var format: RowFormat
  var isSource: Bool
}

struct ProgramDeclaration: Equatable {
  var product: ProgramRecipe.Product
  /// The program's own file, if it is declared in one.
  var file: String?
  /// The command as it is written, or nothing for the default of the file's extension.
  var run: RunSetting?
  var outputs: [OutputDeclaration]
  var code: [PlacedText]
  var environment: [PlacedText]
  var secrets: [PlacedText]
  /// A command whose output is part of the definition, such as `python3 --version`.
  var runtime: PlacedText?
  /// The path of the output that holds metrics.
  var metrics: PlacedText?

  enum RunSetting: Equatable {
    case line(PlacedText)
    case words([String])

    /// Where it stands, as far as that is known.
    var place: Place? {
      if case .line(let line) = self { line.place } else { nil }
    }
  }
}

/// An entry of `outputs:`.
struct OutputDeclaration: Equatable {
  /// Its name, if the outputs are a mapping.
  var name: PlacedText?
  var path: PlacedText
}

/// What is set of how to materialize an asset; the project's defaults stand in for the rest.
struct PolicyDeclaration: Equatable {
  var retries: RetryPolicy?
  var timeoutMilliseconds: Int64?
  var pool: PlacedText?
  var weight: Int?
  var sandbox: SandboxMode?
  var keptVersions: Int?
}

/// A text and where it stands.
struct PlacedText: Equatable {
  var text: String
  var place: Place
  /// Whether `*` and `?` in it stand for themselves.
  var isLiteral = false
}
