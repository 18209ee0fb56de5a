import AssetCore
import AssetExecution

extension SeedRecipe {
  /// The names of the columns as the beginning of the files tells them.
  ///
  /// - Parameter folder: The project's folder.
  /// - Returns: The names in order, and whether there can be no more; `nil` for no files, or files that
  ///   cannot be read, which is a problem of the run that loads them.
  func columns(in folder: String) -> (names: [String], isComplete: Bool)? {
    let files = self.files.map { RowFile(path: folder + "/" + $0, shownPath: $0) }
    guard !files.isEmpty else { return nil }
    let rows = RowFiles(files, csv: CSVFormat(format) ?? CSVFormat())
    guard let found = try? rows.columnNames(), !found.names.isEmpty else { return nil }
    return found
  }
}
