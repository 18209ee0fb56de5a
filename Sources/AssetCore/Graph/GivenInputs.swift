extension AssetGraph {
  /// What is wrong with how files that are no table are read.
  ///
  /// - Parameter assets: The assets and sources of one project.
  /// - Returns: The problems.
  static func misreadFiles(in assets: [AssetKey: Asset]) -> [GraphError] {
    var errors: [GraphError] = []
    for asset in assets.values {
      for input in asset.inputs {
        guard let source = assets[input.key], let files = source.sourceFiles else { continue }
        if input.isDerived {
          errors.append(.filesAreNoTable(source.key, files, of: asset.key, at: input.place))
        } else if input.consumption != .whole || input.window != nil {
          errors.append(.filesHaveNoColumns(source.key, files, of: asset.key, at: input.place))
        }
      }
      for check in asset.checks {
        for key in check.reads {
          guard let source = assets[key], let files = source.sourceFiles else { continue }
          errors.append(.filesAreNoTable(source.key, files, of: asset.key, at: check.place))
        }
      }
      if case .program(let program) = asset.recipe {
        errors += sharedVariables(of: program, asset, in: assets)
      }
    }
    return errors
  }

  /// The variables that two inputs of a program would both be told by.
  private static func sharedVariables(
    of program: ProgramRecipe, _ asset: Asset, in assets: [AssetKey: Asset]
  ) -> [GraphError] {
    var names: [String] = program.given.map(\.name)
    for input in asset.inputs {
      let name = input.key.name.uppercased()
      names.append(name)
      guard case .program(let writer)? = assets[input.key]?.recipe, writer.outputs.count > 1 else {
        continue
      }
      names += writer.outputs.map { name + "_" + $0.name }
    }
    var seen: Set<String> = []
    let shared = Set(names.filter { !seen.insert($0).inserted })
    return shared.sorted().map {
      .inputsShareVariable("ASSETCTL_INPUT_" + $0, of: asset.key, at: asset.place)
    }
  }
}
