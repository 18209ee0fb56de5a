package import AssetCore
import Yams

extension ProjectFolder {
  /// The files that unit tests take rows from, whatever else is right or wrong with the tests.
  ///
  /// - Parameter path: The folder of the tests.
  /// - Throws: What keeps a file of tests from being read, so that it is not known what it names.
  /// - Returns: The paths, relative to the project's folder.
  package func filesOfTests(in path: String) throws(Problems) -> Set<String> {
    do throws(LoadingProblem) {
      var named: Set<String> = []
      for path in try tests(in: path) {
        let bytes: [UInt8]
        do throws(FileProblem) {
          bytes = try read(path)
        } catch {
          throw LoadingProblem(error, of: path, at: Place(file: path))
        }
        let source = try SourceText(bytes, file: path)
        try YAMLSource(file: path, text: source.text).parse()?.collectFiles(into: &named)
      }
      return named
    } catch {
      throw Problems([error.diagnostic])
    }
  }

  private func tests(in path: String) throws(LoadingProblem) -> [String] {
    do throws(FileProblem) {
      return try files(path).filter { ["yml", "yaml"].contains(ProjectPath.fileExtension(of: $0)) }
    } catch {
      throw .unreadable(path, reason: error.reason)
    }
  }
}

extension Node {
  fileprivate func collectFiles(into named: inout Set<String>) {
    switch self {
    case .mapping(let mapping):
      for (key, value) in mapping {
        if key.string == "file", let text = value.string,
          case .success(let path) = ProjectPath.normalize(text)
        {
          named.insert(path)
        }
        value.collectFiles(into: &named)
      }
    case .sequence(let sequence): for node in sequence { node.collectFiles(into: &named) }
    case .scalar, .alias: break
    }
  }
}
