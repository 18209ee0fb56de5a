import AssetCore
import AssetSQL

/// What can be wrong with the files of a project.
enum LoadingProblem: Error, Equatable {
  case noProject(folder: String)
  case noAssets
  case unreadable(String, reason: String)
  case missingFile(String, at: Place)
  case notUTF8(at: Place)
  case yaml(String, at: Place)
  case duplicateSetting(String, at: Place)
  case unknownSetting(String, at: Place, nearest: String?)
  case notSupportedYet(String, at: Place)
  case wrongType(setting: String, expected: String, at: Place)
  case missingSetting(String, of: String, at: Place)
  case unknownValue(String, setting: String, known: [String], at: Place)
  case conflictingSettings(String, String, at: Place)
  case badName(String, at: Place)
  case reservedName(String, prefix: String, at: Place)
  case badPath(String, ProjectPath.Fault, at: Place)
  case outputInside(String, folder: String, at: Place)
  case noOutputs(asset: String, at: Place)
  case uselessOutputs(asset: String, at: Place)
  case noFilesMatch(String, at: Place)
  case noRunner(String, at: Place)
  case badCommand(String, reason: String, at: Place)
  case unclosedHeader(at: Place)
  case missingEnvironment(String, at: Place)
  case unknownTarget(String, known: [String])
  case unknownVar(String, at: Place?, nearest: String?)
  case engineVar(String, at: Place)
  case badWarehouse(String, at: Place?)
  case unknownSchema(String, table: String, at: Place)
  case sql(SQLError, at: Place)
}
