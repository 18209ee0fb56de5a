import AssetCore
import AssetSQL

// What declarations of programs mean.

extension DeclarationResolver {
  func program(
    _ program: ProgramDeclaration, of declaration: Declaration, inputs: [AssetInput],
    fields: inout [CanonicalForm.Field]
  ) -> ProgramRecipe? {
    var outputs = program.outputs.compactMap(output)
    let metrics = program.metrics.flatMap(normalize)
    if let metrics, program.product != .table, !outputs.contains(where: { $0.path == metrics }) {
      // A file that is not declared beside is an output of its own.
      if let declared = program.metrics {
        outputs += [output(OutputDeclaration(path: declared))].compactMap { $0 }
      }
    }
    var names: Set<String> = []
    for (index, output) in outputs.enumerated() where !names.insert(output.name).inserted {
      let place =
        index < program.outputs.count ? program.outputs[index].path.place : declaration.place
      log.add(.outputsShareName(output.name, at: place))
    }
    if program.product == .table, let first = program.outputs.first {
      log.add(.uselessOutputs(asset: declaration.name, at: first.path.place))
    } else if program.product != .table, program.outputs.isEmpty {
      log.add(.noOutputs(asset: declaration.name, at: declaration.place))
    }
    guard let command = command(of: program, declaration) else { return nil }
    let given = givenFiles(of: declaration)
    // What it is given as data is no code of it, though its command may name it.
    let scripts = scripts(named: command, besides: program.file).filter { path in
      !given.contains { $0.files.mayHold(path) }
    }
    let codeFiles =
      [program.file].compactMap { $0 } + program.code.flatMap(expandCode) + scripts

    fields.append(.init("kind", program.product.rawValue))
    fields += command.map { .init("run", $0) }
    if let item = declaration.item { fields.append(.init("item", item.text)) }
    for output in outputs {
      fields.append(.init("output", output.path))
      // Only a name that was chosen is not told by the path.
      if output.name != ProgramOutput.name(of: output.path) {
        fields.append(.init("output.name", output.name))
      }
      if output.isFolder { fields.append(.init("output.folder", output.path)) }
    }
    let runtime = program.runtime.flatMap { runtimeCommand($0, declaration) }
    // What it says is filled in once the asset is looked at.
    if runtime != nil { fields.append(.init(Asset.runtimeField, "")) }
    for input in inputs.sorted(by: { $0.key < $1.key }) {
      let columns = input.exportedColumns?.joined(separator: ",") ?? "*"
      fields.append(
        .init("input." + input.key.name.lowercased(), "\(input.format.rawValue) \(columns)"))
      if let filter = input.consumption.filter {
        fields.append(.init("where." + input.key.name.lowercased(), filter.sql))
      }
    }
    var text = ""
    var wholeFiles: [String: ContentDigest] = [:]
    for path in Set(codeFiles).sorted() {
      do throws(FileProblem) {
        if let digest = try digests.digest(of: path) {
          fields.append(.init("code." + path, digest.rawValue))
          continue
        }
        let bytes = try folder.read(path)
        var code = String(decoding: bytes, as: UTF8.self)
        if path == program.file {
          // What the settings say is in the fields, as far as it matters.
          code = SettingsComment.without(code)
          wholeFiles[path] = ContentDigest(fileBytes: bytes)
          fields.append(
            .init("code." + path, ContentDigest(fileBytes: Array(code.utf8)).rawValue))
        } else {
          fields.append(.init("code." + path, ContentDigest(fileBytes: bytes).rawValue))
        }
        text += code
      } catch {
        log.add(LoadingProblem(error, of: path, at: declaration.place))
      }
    }
    // A program gets just the vars whose names its code holds, so that no other can matter to it.
    let vars = project.vars.filter { name, _ in
      let variable = "ASSETCTL_VAR_" + name.uppercased()
      return ([text] + command).contains { $0.holds(word: variable) }
    }
    fields += vars.sorted { $0.key < $1.key }.map { project.field(ofVar: $0.key, $0.value) }
    let secrets = project.secrets + program.secrets
    let environment = environment(of: program, secrets: secrets)
    fields += environment.sorted { $0.key < $1.key }.map { .init("env." + $0.key, $0.value) }
    var recipe = ProgramRecipe(
      product: program.product, command: command, outputs: outputs, vars: vars,
      secrets: Set(secrets.map(\.text)).sorted(), codeFiles: Set(codeFiles).sorted(),
      environment: environment, metrics: metrics,
      item: declaration.item?.handedOver, runtime: runtime)
    recipe.wholeFiles = wholeFiles
    recipe.given = given
    return recipe
  }

  /// The files of the project that a command names: words, parts of words behind `=`, what a shell's
  /// script holds, and modules behind Python's `-m`.
  ///
  /// What a shell makes of its variables and patterns cannot be told.
  private func scripts(named command: [String], besides file: String?) -> [String] {
    var found: [String] = []
    var candidates = command
    for (index, word) in command.enumerated() {
      if word.contains(where: \.isWhitespace) {
        candidates += word.split { " \t\n\r\"'`;|&<>()".contains($0) }.map(String.init)
      }
      if word == "-m", index + 1 < command.count {
        let module = command[index + 1].replacing(".", with: "/")
        candidates += [module + ".py", module + "/__init__.py", module + "/__main__.py"]
      }
    }
    for candidate in candidates {
      for part in [candidate[...]] + candidate.split(separator: "=").dropFirst() {
        guard part.count < 1000, !part.isEmpty, !part.contains(where: \.isNewline),
          let path = try? ProjectPath.normalize(String(part)).get(), path != file,
          path != ProjectFile.path, !path.hasPrefix("."), !written.contains(path),
          !path.foldersAbove.contains(where: written.contains),
          (try? folder.exists(path)) == true, !found.contains(path)
        else { continue }
        found.append(path)
      }
    }
    return found
  }

  private func output(_ declaration: OutputDeclaration) -> ProgramOutput? {
    let path = declaration.path
    guard let normal = normalize(path) else { return nil }
    guard normal != ProjectFile.path else {
      log.add(.outputIsProjectFile(at: path.place))
      return nil
    }
    for folder in ["assets", ".assetctl", ".git"]
    where PathText.lies(normal, in: folder) {
      log.add(.outputInside(path.text, folder: folder, at: path.place))
      return nil
    }
    return ProgramOutput(
      normal, name: declaration.name?.text, isFolder: PathText.endsAsFolder(path.text))
  }

  private func environment(
    of program: ProgramDeclaration, secrets: [PlacedText]
  ) -> [String: String] {
    for secret in secrets where environment[secret.text] == nil {
      log.add(.missingEnvironment(secret.text, at: secret.place))
    }
    var values: [String: String] = [:]
    for name in program.environment {
      if secrets.contains(where: { $0.text == name.text }) {
        log.add(.conflictingSettings("env: \(name.text)", "secrets: \(name.text)", at: name.place))
      }
      // A variable that is not set differs from one that is empty.
      values[name.text] = environment[name.text].map { "=" + $0 } ?? "not set"
    }
    return values
  }

  private func command(of program: ProgramDeclaration, _ declaration: Declaration) -> [String]? {
    let words: [String]
    switch program.run {
    case .words(let list): words = list
    case .line(let line):
      do {
        words = try CommandLineWords.split(line.text)
      } catch {
        log.add(.badCommand(line.text, reason: error.reason, at: line.place))
        return nil
      }
    case nil:
      guard let file = program.file, let runner = Self.runners[ProjectPath.fileExtension(of: file)]
      else {
        log.add(.noRunner(program.file ?? declaration.name, at: declaration.place))
        return nil
      }
      words = [runner, "{file}"]
    }
    guard !words.isEmpty else {
      log.add(.badCommand("", reason: "it is empty", at: declaration.place))
      return nil
    }
    if let shell = declaration.item.flatMap({ _ in Self.shellReadingItem(words) }) {
      log.add(.itemInShell(shell, at: program.run?.place ?? declaration.place))
      return nil
    }
    return words.map { fill($0, file: program.file, item: declaration.item) }
  }

  private static let runners = ["py": "python3", "sh": "bash", "r": "Rscript", "js": "node"]
}

// MARK: - Placeholders

extension DeclarationResolver {
  /// A word of a command with the file and the item in it; it stays one word, whatever they hold.
  private func fill(_ word: String, file: String?, item: ForeachItem?) -> String {
    var values: [String: String] = [:]
    values["file"] = file
    values["item"] = item?.text
    values["stem"] = item?.stem
    return Placeholders.fill(word, values)
  }

  private func runtimeCommand(_ command: PlacedText, _ declaration: Declaration) -> [String]? {
    do {
      return try CommandLineWords.split(command.text)
        .map { fill($0, file: nil, item: declaration.item) }
    } catch {
      log.add(.badCommand(command.text, reason: error.reason, at: command.place))
      return nil
    }
  }

  /// The shell that would read an item as a part of its script, if the command has one.
  private static func shellReadingItem(_ words: [String]) -> String? {
    for (index, word) in words.enumerated() {
      let name = ProjectPath.fileName(of: word)
      guard ["sh", "bash", "dash", "zsh", "ksh"].contains(name) else { continue }
      let rest = words[(index + 1)...]
      guard
        let flag = rest.firstIndex(where: {
          $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.hasSuffix("c")
        }), let script = words[flag...].dropFirst().first, Placeholders.areIn(script)
      else { continue }
      return name
    }
    return nil
  }
}

extension String {
  /// Whether a name stands in the text that is not the beginning of a longer one.
  fileprivate func holds(word: String) -> Bool {
    ranges(of: word).contains { range in
      guard range.upperBound < endIndex else { return true }
      let next = self[range.upperBound]
      return next != "_" && !(next.isASCII && (next.isLetter || next.isNumber))
    }
  }
}
