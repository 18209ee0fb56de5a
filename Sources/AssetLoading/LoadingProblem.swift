import AssetCore
import AssetSQL

/// What can be wrong with the files of a project.
enum LoadingProblem: Error, Equatable {
  case noAssets
  case unreadable(String, reason: String)
  case missingFile(String, at: Place)
  case notUTF8(at: Place)
  case yaml(String, at: Place)
  case checkNeedsTable(String, at: Place)
  case metricNeedsProgram(String, at: Place)
  case unquotedPlaceholder(String, at: Place)
  case duplicateSetting(String, at: Place)
  case unknownSetting(String, at: Place, nearest: String?)
  case notSupportedYet(String, at: Place)
  case emptyColumns(of: String, at: Place)
  case wrongType(setting: String, expected: String, at: Place)
  case missingSetting(String, of: String, at: Place)
  case missingRecipe(at: Place)
  case unknownValue(String, setting: String, known: [String], at: Place)
  case conflictingSettings(String, String, at: Place)
  case onlyForTables(String, at: Place)
  /// A setting of tables beside `path:`, which is files as they are.
  case notWithPath(String, at: Place)
  /// A path under the `inputs:` of a query.
  case pathOfQuery(String, at: Place)
  /// Settings that choose rows or columns of a path.
  case pathHasNoColumns(String, at: Place)
  /// A condition on the rows of an input of something else than a program.
  case whereOfQuery(at: Place)
  case badCondition(String, RowCondition.Fault, at: Place)
  /// A condition with the value of a secret, which records would keep.
  case secretInCondition(String, at: Place)
  /// A path that leads to what assetctl keeps for itself.
  case pathInStateFolder(String, at: Place)
  case badName(String, at: Place)
  case reservedName(String, prefix: String, at: Place)
  case badPath(String, ProjectPath.Fault, at: Place)
  case outputInside(String, folder: String, at: Place)
  case outputIsProjectFile(at: Place)
  case schemaOfRenamed(String, table: TableName, at: Place)
  /// A source whose table an asset of the project makes.
  case sourceIsAsset(String, asset: AssetKey, at: Place)
  /// A source in another database that is the warehouse itself.
  case sourceInWarehouse(String, database: String, at: Place)
  /// A view over a source that stands beside the warehouse.
  case viewBeside(String, source: String, database: String, at: Place)
  /// A common table expression that has the name of an input which stands for other rows in the query.
  case ownNameOfInput(String, at: Place)
  /// A view whose text would hold the value of a secret.
  case secretInView(String, variable: String, at: Place)
  case databasesDifferByCase(String, String, at: Place)
  case limitsOutOfOrder(at: Place)
  case badOutputName(String, at: Place)
  case outputsShareName(String, at: Place)
  /// Two items of `foreach:` whose assets would have one name.
  case itemsShareName(String, String, String, at: Place)
  case badItemName(String, item: String, at: Place)
  /// A placeholder of `foreach:` in a text that a shell would read.
  case itemInShell(String, at: Place)
  case unknownPool(String, at: Place, nearest: String?)
  case repeatedIndex(String, at: Place)
  case badVarName(String, at: Place)
  case varsDifferByCase(String, String, at: Place)
  case positionalParameter(String, at: Place)
  case noOutputs(asset: String, at: Place)
  case uselessOutputs(asset: String, at: Place)
  case noFilesMatch(String, at: Place)
  case noRunner(String, at: Place)
  case badCommand(String, reason: String, at: Place)
  case unclosedHeader(at: Place)
  case missingEnvironment(String, at: Place)
  case unknownTarget(String, known: [String])
  case unknownVar(String, at: Place?, nearest: String?)
  /// Partitions that are not declared as they must be.
  case partitions(PartitionError, at: Place)
  case badPartitionValue(String, reason: String, at: Place)
  /// Something that has a meaning only in an asset with partitions.
  case needsPartitions(String, at: Place)
  case needsPartitionsOfTime(String, at: Place)
  case partitionsNeedTable(at: Place)
  case partitionUnused(asset: String, PartitionScheme, at: Place)
  case unnamedPartitionColumn(String, at: Place)
  case schemaOfWindow(String, at: Place)
  /// A setting that only counts beside another one.
  case settingNeeds(String, String, at: Place)
  /// Words that are not the name of a column, alone or behind that of an input.
  case badCursor(String, at: Place)
  case unknownCursorInput(String, asset: String, known: [String], at: Place)
  /// A query that asks for the cursor of an asset that has none.
  case cursorNotSet(asset: String, at: Place)
  /// A cursor that the query never asks for.
  case cursorNotUsed(asset: String, at: Place)
  case badWarehouse(String, at: Place?)
  case unknownSchema(String, table: String, at: Place)
  case sql(SQLError, at: Place)
  /// A piece of another tool's templates in a query.
  case template(Template, at: Place)
  /// What the engine does not take for a query; no words if it ends too early.
  case refusedQuery(String?, hint: String?, at: Place)
  /// A query of a `with` clause that reads itself and is not recursive.
  case circle(String, at: Place)
  case repeatedColumn(String, first: Place, at: Place)
  /// A column that is asked of an asset whose query does not give it.
  case noResultColumn(String, asset: String, given: [String], at: Place)
  case test(UnitTestProblem, at: Place)
}
