import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension StepContext {
  /// Runs a program in the sandbox that its asset asks for.
  ///
  /// - Parameters:
  ///   - call: The program.
  ///   - step: The step that runs it.
  ///   - work: The folder for its exported inputs and its candidate, relative to the project.
  ///   - run: Runs the call that it is given to its end; it may do so several times.
  /// - Throws: What `run` throws, with what the sandbox knows of it, or a ``SandboxError``.
  /// - Returns: What is to be said of what the program read.
  func sandboxed(
    _ call: ProgramCall, _ step: Step, work: String, run: (ProgramCall) async throws -> Void
  ) async throws -> [Diagnostic] {
    let mode = step.asset.policy.sandbox
    guard mode != .off else {
      try await run(call)
      return []
    }
    #if os(Linux)
      guard
        let executable = ProgramPlace.find(
          call.command[0], in: call.folder, path: call.environment["PATH"])
      else { throw StepError.programNotFound(asset: call.asset, program: call.command[0]) }
      if let fault = ProgramPlace.fault(of: executable, path: call.environment["PATH"]) {
        throw StepError.programUnusable(asset: call.asset, program: call.command[0], fault)
      }
      let watch: FileWatch
      do {
        watch = try FileWatch(
          FileJudge(rules(for: call, step, work: work), hidesUndeclared: mode == .strict))
      } catch let error as FileWatchError {
        return try await unwatched(call, step, because: systemError(error.code), run: run)
      }
      var watched = call
      watched.command = WatchedProgram.words(
        call.command, executable: executable, mode: mode, socket: watch.socket)
      do {
        try await run(watched)
      } catch {
        let findings = watch.end()
        if mode == .strict { step.notes.hidden = findings.files }
        if error is CancellationError { throw error }
        throw findings.explanation(of: error, call, hides: mode == .strict)
      }
      let findings = watch.end()
      guard mode == .strict else { return findings.warnings(on: step.asset) }
      step.notes.hidden = findings.files
      return []
    #else
      return try await unwatched(call, step, because: "it is for Linux only", run: run)
    #endif
  }

  /// Runs a program that cannot be watched, unless it must be.
  private func unwatched(
    _ call: ProgramCall, _ step: Step, because reason: String,
    run: (ProgramCall) async throws -> Void
  ) async throws -> [Diagnostic] {
    guard step.asset.policy.sandbox == .check else {
      throw SandboxError.notAvailable(asset: call.asset, reason: reason)
    }
    try await run(call)
    return SandboxFindings(obstacle: reason).warnings(on: step.asset)
  }

  /// What a program may read: its code, its own and its inputs' outputs, and what it is handed.
  private func rules(for call: ProgramCall, _ step: Step, work: String) -> SandboxRules {
    var rules = SandboxRules(project: real(folder.project))
    guard case .program(let program) = step.asset.recipe else { return rules }
    let outputs = step.asset.outputs + step.inputs.flatMap(\.outputs)
    let handed = call.environment.filter { $0.key.hasPrefix("ASSETCTL_INPUT_") }.map(\.value)
    rules.files = Set(
      (program.codeFiles + step.asset.dataFiles).map { real(folder.absolute($0)) }
        + handed.map(real))
    let given = (step.asset.givenFiles + step.inputs.compactMap(\.sourceFiles))
    // Links in a folder lead elsewhere in the project.
    for set in given {
      let paths = (try? FileSetLook(set, in: folder.project))?.paths ?? []
      rules.files.formUnion(paths.map { real(folder.absolute($0)) })
    }
    let paths = given.filter { !$0.isPattern }.map(\.path)
    rules.folders = Set(([work] + outputs + paths).map { real(folder.absolute($0)) })
    for (output, key) in published.assets { rules.published[real(folder.absolute(output))] = key }
    rules.warehouse = published.warehouse.map(real)
    return rules
  }
}

/// A path without symbolic links, as far as it leads to something.
private func real(_ path: String) -> String {
  if let real = realpath(path, nil) {
    defer { free(real) }
    return String(cString: real)
  }
  guard let folder = PathText.folder(of: path), !folder.isEmpty else { return path }
  return real(folder) + "/" + PathText.name(of: path)
}
