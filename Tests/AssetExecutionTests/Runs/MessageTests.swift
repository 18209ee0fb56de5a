import AssetCore
import AssetTestSupport
import AssetWarehouse
import Testing

@testable import AssetExecution

/// The words of everything that can go wrong with a step.
@Suite struct MessageTests {
  static let steps: [(StepError, Diagnostic)] = [
    (
      .queryRefused(
        Diagnostic("no such column: x", at: Place(file: "a.sql", line: 2, column: 3))),
      Diagnostic("no such column: x", at: Place(file: "a.sql", line: 2, column: 3))
    ),
    (
      .programNotFound(asset: "a", program: "Rscript"),
      Diagnostic(
        "`Rscript`, which makes `a`, is not installed",
        hint: "install it, or set another command with `run:`")
    ),
    (
      .programNotStarted(asset: "a", reason: "no memory"),
      Diagnostic("the program of `a` could not be started: no memory")
    ),
    (
      .outputNotFile(asset: "a", path: "build/a"),
      Diagnostic("the program of `a` wrote `build/a`, which is not a file")
    ),
    (
      .outputOutside(asset: "a", path: "build/a", target: "/srv"),
      Diagnostic(
        "the output `build/a` of `a` lies outside the project, in `/srv`",
        hint: "a symbolic link leads there; write to a folder of the project")
    ),
    (
      .unwritable(path: "build", reason: "Permission denied"),
      Diagnostic(
        "`build` cannot be written: Permission denied", hint: "check the rights on the folder")
    ),
    (.unknown("there is no table `a`"), Diagnostic("there is no table `a`")),
  ]

  @Test(arguments: steps)
  func `every error of a step has its words`(error: StepError, diagnostic: Diagnostic) {
    #expect(error.diagnostics == [diagnostic])
  }

  static let warehouses: [(WarehouseError, Diagnostic)] = [
    (.refused(message: "no such table: x", offset: 5), Diagnostic("no such table: x")),
    (
      .unusable(warehouse: "sqlite:w", reason: "file is not a database"),
      Diagnostic(
        "the warehouse `sqlite:w` cannot be used: file is not a database",
        hint: "check `warehouse:` in `assetctl.yml` and the rights on the file; "
          + "a damaged file may be moved away, and is then built anew")
    ),
    (
      .foreignTable("orders"),
      Diagnostic(
        "the warehouse holds a table `orders` that assetctl did not make",
        hint: "rename or drop it, give the asset another `name:`, or declare it under `sources:`")
    ),
    (
      .undeclaredInput(asset: "a", table: "b"),
      Diagnostic(
        "the query of `a` reads `b`, which is not among its inputs", hint: "add it under `inputs:`")
    ),
    (
      .duplicateColumn(asset: "a", column: "x"),
      Diagnostic(
        "the query of `a` gives two columns named `x`", hint: "name one of them otherwise with `as`"
      )
    ),
    (
      .unknownColumn(asset: "a", column: "x", nearest: "y"),
      Diagnostic("`a` has no column `x`", hint: "did you mean `y`?")
    ),
    (
      .unknownColumn(asset: "a", column: "x", nearest: nil),
      Diagnostic("`a` has no column `x`", hint: "see its columns with `assetctl show a`")
    ),
    (
      .changedMeanwhile,
      Diagnostic(
        "another program keeps writing to the warehouse", hint: "materialize again when it is done")
    ),
    (
      .busy,
      Diagnostic(
        "another program holds the warehouse's write lock",
        hint: "end its transaction, then materialize again")
    ),
  ]

  @Test(arguments: warehouses)
  func `every error of a warehouse has its words`(error: WarehouseError, diagnostic: Diagnostic) {
    #expect(error.diagnostics == [diagnostic])
  }
}
