import ArgumentParser
import AssetCore
import AssetOperations
import AssetRendering

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program: arguments in, exit code out.
package enum CommandLineTool {
  /// Runs one command.
  ///
  /// Cancelling the task ends what the command has started, and the exit code is 130 then.
  ///
  /// - Parameter arguments: The words of the command line, without the program's name.
  /// - Returns: The exit code, as DESIGN and the docs list them; 74 if all went well but its result
  ///   could not be written to standard output.
  package static func run(_ arguments: [String]) async -> Int32 {
    let code = await carryOut(arguments)
    guard let number = Terminal.outputError else { return code }
    let reason = String(cString: strerror(number))
    let problem = Diagnostic("the result could not be written to standard output: \(reason)")
    Terminal.error.write(
      text(of: [problem], style: Terminal.error.style(.named(in: arguments))))
    // What is stale may be fine with who asks; that nobody was told what it is must not be.
    let isFine = [ExitCode.success, .stale].contains(ExitCode(code))
    return isFine ? ExitCode.unwritten.rawValue : code
  }

  private static func carryOut(_ arguments: [String]) async -> Int32 {
    do {
      let arguments = try withCommandFirst(arguments)
      var command = try await AssetctlCommand.asyncParseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch is CancellationError {
      return ExitCode.interrupted.rawValue
    } catch let error as any DiagnosableError {
      Terminal.error.write(
        text(of: error.diagnostics, style: Terminal.error.style(.named(in: arguments))))
      return exitCode(for: error).rawValue
    } catch {
      return report(error)
    }
  }

  /// Sees to it that no file of a run takes the place of a standard stream that is closed; comes before
  /// anything is opened.
  package static func occupyStandardStreams() { Terminal.occupyClosedStreams() }

  /// Turns the process into a program of an asset, if it was started for that; see `sandbox:`.
  package static func becomeProgramIfAsked() { Workspace.becomeProgramIfAsked() }

  /// Ends the process and every program that it started, leaving nothing half-visible behind: what
  /// was not published is not published.
  package static func endAtOnce() -> Never {
    Workspace.endProgramsAtOnce()
    _exit(ExitCode.interrupted.rawValue)
  }

  /// Moves the options that stand before the command behind it, as in `assetctl -C shop status`.
  private static func withCommandFirst(_ arguments: [String]) throws -> [String] {
    let withValue = ["-C", "--directory", "--target", "--var", "--color", "--format"]
    let flags = ["-q", "--quiet", "-v", "--verbose", "--utc"]
    var rest = arguments[...]
    var moved: [String] = []
    while let first = rest.first, first.hasPrefix("-") {
      let name = first.prefix { $0 != "=" }
      let takesNext = withValue.contains(first)
      let isJoined = first.hasPrefix("-C")
      guard takesNext || isJoined || flags.contains(first) || withValue.contains(String(name))
      else { break }
      moved += rest.prefix(takesNext ? 2 : 1)
      rest = rest.dropFirst(takesNext ? 2 : 1)
    }
    guard let command = rest.first, !command.hasPrefix("-") else { return arguments }
    let known = AssetctlCommand.configuration.subcommands.compactMap {
      $0.configuration.commandName
    }
    guard (known + ["help"]).contains(command) else {
      throw UnknownCommand(name: command, nearest: nearestName(to: command, in: known))
    }
    return [command] + moved + rest.dropFirst()
  }

  /// A first word that is no command.
  private struct UnknownCommand: DiagnosableError {
    var name: String
    var nearest: String?

    var diagnostics: [Diagnostic] {
      let hint =
        Self.elsewhere[name] ?? nearest.map { "did you mean `\($0)`?" }
        ?? "see all commands with `assetctl help`"
      return [Diagnostic("there is no command `\(name)`", hint: hint)]
    }

    /// What commands of dbt, Dagster, SQLMesh, DVC and Make are here.
    private static let elsewhere: [String: String] = {
      let materialize = "`assetctl materialize` builds what is out of date, and runs its checks"
      return [
        "build": materialize, "run": materialize, "make": materialize, "apply": materialize,
        "repro": materialize, "seed": materialize, "snapshot": materialize,
        "backfill":
          "`assetctl materialize ASSET --partition FROM..TO` fills in partitions",
        "ls": "`assetctl list` lists assets",
        "parse": "`assetctl validate` says all that is wrong with the project",
        "lint": "`assetctl validate` says all that is wrong with the project",
        "compile": "`assetctl show ASSET` shows an asset, and `assetctl plan` what would be done",
        "dag": "`assetctl lineage ASSET` shows the graph around an asset",
        "docs": "`assetctl lineage ASSET` and `assetctl show ASSET` show what is known of an asset",
        "freshness": "`assetctl status` tells which sources are late",
        "retry": "`assetctl materialize --retry` tries again what failed in the last run",
        "history": "`assetctl runs` lists runs",
        "audit": "`assetctl check` runs the checks on what is published",
      ]
    }()
  }

  /// A request that does not fit the project is a bad command line; all else is the project's fault.
  private static func exitCode(for error: any DiagnosableError) -> ExitCode {
    switch error {
    case is SelectionError, is UnknownCommand, is CleanError, is PartitionError: .badCommandLine
    case InitError.unknownTemplate: .badCommandLine
    case OperationError.unknownAsset, OperationError.unknownRun, OperationError.noLog,
      OperationError.notATable, OperationError.noPartitions, OperationError.noPartitionOf,
      OperationError.wholeMeant, OperationError.partitionsBelongTogether:
      .badCommandLine
    case is ColumnError, is DiffError, is RollbackError: .badCommandLine
    case TestError.unknownTest, TestError.notAQuery, TestError.nameTaken: .badCommandLine
    default: .badProject
    }
  }

  /// What an option of another tool is here.
  private static func foreignOptionHint(in message: String) -> String? {
    let hints = [
      "--full'": "`--full-refresh` builds incremental and partitioned assets anew",
      "--threads": "`-j N` builds N assets at once",
      "--models": "name assets as words: `assetctl materialize daily+`",
      "--selector": "name assets as words: `assetctl materialize daily+`",
      "--vars": "`--var NAME=VALUE` replaces a var",
      "--project-dir": "`-C DIR` looks for the project there",
      "--profiles-dir": "the warehouse stands in `assetctl.yml`",
      "--state": "`assetctl status` compares with what was materialized",
      "--defer": "what is fresh is not built again; nothing has to be deferred",
      "--start": "`--partition FROM..TO` names partitions",
      "--dry'": "`--dry-run` shows the plan",
    ]
    guard message.contains("Unknown option") else { return nil }
    return hints.first { message.contains($0.key) }?.value
  }

  /// What the argument parser throws: help, the version, or a mistake in the arguments.
  private static func report(_ error: any Error) -> Int32 {
    let code = AssetctlCommand.exitCode(for: error)
    let message = AssetctlCommand.fullMessage(for: error)
    if code == .success {
      Terminal.output.write(message + "\n")
    } else if code == .validationFailure {
      let prefix = "Error: "
      Terminal.error.write(
        (message.hasPrefix(prefix) ? "error: " + message.dropFirst(prefix.count) : message) + "\n"
          + (foreignOptionHint(in: message).map { "\nhint: \($0)\n" } ?? ""))
    } else {
      Terminal.error.write("error: internal: \(error)\n")
      return ExitCode.bug.rawValue
    }
    return code.rawValue
  }
}

extension ExitCode {
  /// A materialization or an error-severity check failed.
  static let failed = ExitCode(1)
  /// The project, its configuration or its store is wrong; nothing ran.
  static let badProject = ExitCode(2)
  /// For `status`: something is stale or waiting.
  static let stale = ExitCode(3)
  static let badCommandLine = ExitCode(64)
  static let bug = ExitCode(70)
  /// The result could not be written to standard output.
  static let unwritten = ExitCode(74)
  static let interrupted = ExitCode(130)
}

struct AssetctlCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assetctl",
    abstract: "A build system for data: materializes what is out of date, and nothing else.",
    discussion: """
      Assets (tables, files, models) are declared under `assets/`; what they read is derived \
      from their queries. Content decides what is stale, never time.

      Examples:
        assetctl materialize            bring everything up to date
        assetctl status                 what is stale, and why
        assetctl why daily_delays       the chain of causes
      """,
    version: assetctlVersion,
    subcommands: [
      InitCommand.self,
      ListCommand.self, ValidateCommand.self, StatusCommand.self, PlanCommand.self,
      MaterializeCommand.self,
      LineageCommand.self, WhyCommand.self, ShowCommand.self, PreviewCommand.self,
      CheckCommand.self, TestCommand.self, DiffCommand.self, RollbackCommand.self,
      RunsCommand.self, LogsCommand.self, CleanCommand.self,
    ])
}

/// The version of the tool.
let assetctlVersion = "0.1.0"
