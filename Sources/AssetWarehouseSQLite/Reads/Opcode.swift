/// What an instruction of SQLite's virtual machine does with a cursor, as far as it decides what is
/// read.
///
/// The names of instructions are no stable contract: what is not listed here counts as unknown.
enum CursorUse: Equatable {
  /// Nothing with a cursor on a table or index.
  case none
  /// Opens cursor `p1` on the table or index whose root page is `p2`, of database `p3`.
  case open
  /// Opens cursor `p1` on something of the program's own.
  case openOwn
  /// Moves cursor `p1` one row on, or asks how many rows there are; looks at no value.
  case move
  /// Reads column `p2` of cursor `p1`.
  case column
  /// Reads, or looks up, the row number of cursor `p1`, or a key if that is on an index.
  case key
  /// Moves cursor `p3` to the row that cursor `p1`, which is on an index, stands on.
  case follow
  /// Takes cursor `p1` for one on something of the program's own.
  case own
  /// Anything at all.
  case unknown

  init(opcode: String) { self = Self.uses[opcode] ?? .unknown }

  private static let uses: [String: CursorUse] = {
    var uses: [String: CursorUse] = [:]
    for (use, opcodes) in lists {
      for opcode in opcodes.split(whereSeparator: \.isWhitespace) { uses[String(opcode)] = use }
    }
    return uses
  }()

  private static let lists: [(CursorUse, String)] = [
    (.open, "OpenRead ReopenIdx"),
    (.openOwn, "OpenAutoindex OpenEphemeral OpenPseudo SorterOpen"),
    (
      .move,
      """
      Rewind Next Prev Last Close Count NullRow IfNullRow IfNotOpen IfSmaller FinishSeek
      CursorHint CursorLock CursorUnlock ColumnsUsed
      """
    ),
    (.column, "Column"),
    (
      .key,
      """
      Rowid SeekRowid NotExists SeekLT SeekLE SeekGE SeekGT
      IdxRowid IdxLE IdxGT IdxLT IdxGE Found NotFound NoConflict IfNoHope SeekHit
      """
    ),
    (.follow, "DeferredSeek"),
    (
      .own,
      """
      Sort SorterSort SorterNext SorterInsert SorterCompare SorterData Sequence SequenceTest
      NewRowid Insert Delete IdxInsert IdxDelete ResetSorter RowData RowCell OpenDup
      """
    ),
    (
      .none,
      """
      Init Transaction Halt HaltIfNull Goto Gosub Return InitCoroutine Yield EndCoroutine
      BeginSubrtn Jump Once If IfNot IsTrue IsNull NotNull ZeroOrNull SoftNull ElseEq
      Ne Eq Gt Le Lt Ge Compare Permutation And Or Not BitAnd BitOr BitNot ShiftLeft ShiftRight
      Add Subtract Multiply Divide Remainder Concat AddImm MustBeInt RealAffinity Cast Affinity
      Integer Int64 Real String String8 Null Blob Variable Move Copy SCopy IntCopy CollSeq
      Function PureFunc GetSubtype SetSubtype ClrSubtype MakeRecord ResultRow
      AggStep AggStep1 AggValue AggInverse AggFinal RowSetAdd RowSetRead RowSetTest
      IfPos IfNotZero DecrJumpZero OffsetLimit MemMax Filter FilterAdd SeekScan ReadCookie
      VOpen VFilter VColumn VNext VInitIn
      Trace Noop Explain Abortable ReleaseReg TableLock
      """
    ),
  ]
}
