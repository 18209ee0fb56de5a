import AssetCore

// Files that are given to programs as they are: sources with `path:`, and paths under `inputs:`.

extension DeclarationResolver {
  /// The files that a path or pattern names, whether they are there or not.
  func fileSet(_ path: PlacedText) -> FileSet? {
    guard let normal = normalize(path) else { return nil }
    guard !PathText.lies(normal, in: ".assetctl") else {
      log.add(.pathInStateFolder(path.text, at: path.place))
      return nil
    }
    let isPattern = normal.hasWildcard && !path.isLiteral
    return FileSet(
      normal, isPattern: isPattern, isFolder: !isPattern && PathText.endsAsFolder(path.text))
  }

  /// The files that a program is given by their paths.
  func givenFiles(of declaration: Declaration) -> [GivenFiles] {
    var seen: Set<String> = []
    return declaration.inputs.filter(\.isPath).compactMap { input in
      if input.columns != nil || input.window != nil || input.filter != nil {
        log.add(.pathHasNoColumns(input.name, at: input.place))
      }
      let path = PlacedText(text: input.name, place: input.place, isLiteral: input.isLiteral)
      guard let files = fileSet(path) else { return nil }
      guard seen.insert(files.path).inserted else {
        log.add(.duplicateSetting(input.name, at: input.place))
        return nil
      }
      return GivenFiles(files, name: variableName(of: files))
    }
  }

  /// What tells a path among variables: its stem, of a pattern without wildcards; if nothing else is in it,
  /// the name of the folder.
  private func variableName(of files: FileSet) -> String {
    guard files.isPattern else { return ProgramOutput.name(of: files.path) }
    for part in PathText.parts(of: files.path).reversed() {
      let words = ProgramOutput.name(of: ProjectPath.stem(of: part)).split(separator: "_")
      if !words.isEmpty { return words.joined(separator: "_") }
    }
    return "FILES"
  }

  /// Notes paths under the `inputs:` of what is no program.
  func refusePaths(in declaration: Declaration) {
    if case .program = declaration.body { return }
    for input in declaration.inputs where input.isPath {
      log.add(.pathOfQuery(input.name, at: input.place))
    }
  }
}
