extension Fragment {
  /// Everything that is one step simpler: a part left out, or a part in the place of what it is in.
  var reductions: [Fragment] {
    var reductions: [Fragment] = []
    if role == .expression {
      reductions += parts.filter { $0.role == .expression }
      if text != "1" { reductions.append(Fragment(.expression, "1")) }
    }
    if role == .query || role == .operand { reductions += nested(role) }
    for index in pieces.indices {
      for piece in Self.reductions(of: pieces[index]) {
        var copy = self
        copy.pieces[index] = piece
        reductions.append(copy)
      }
    }
    return reductions
  }

  /// The nearest fragments of a role inside of this one.
  private func nested(_ role: Role) -> [Fragment] {
    parts.flatMap { $0.role == role ? [$0] : $0.nested(role) }
  }

  private static func reductions(of piece: Piece) -> [Piece] {
    switch piece {
    case .text(let text): return text == " distinct" || text == " all" ? [.text("")] : []
    case .part(let part): return part.reductions.map { .part($0) }
    case .optional(let part): return [.text("")] + part.reductions.map { .optional($0) }
    case .list(let parts, let separator, let least):
      var lists: [[Fragment]] = []
      for index in parts.indices where parts.count > least {
        var fewer = parts
        fewer.remove(at: index)
        lists.append(fewer)
      }
      for index in parts.indices {
        for reduced in parts[index].reductions {
          var other = parts
          other[index] = reduced
          lists.append(other)
        }
      }
      return lists.map { .list($0, separator: separator, atLeast: least) }
    }
  }
}

extension RandomSchema {
  /// Everything with one table, one column or one row less.
  var reductions: [RandomSchema] {
    var reductions: [RandomSchema] = []
    for table in tables.indices {
      if tables.count > 1 {
        var copy = self
        copy.tables.remove(at: table)
        reductions.append(copy)
      }
      for row in tables[table].rows.indices {
        var copy = self
        copy.tables[table].rows.remove(at: row)
        reductions.append(copy)
      }
      for column in tables[table].columns.indices where tables[table].columns.count > 1 {
        var copy = self
        copy.tables[table].removeColumn(at: column)
        reductions.append(copy)
      }
    }
    return reductions
  }
}

/// Simplifies as long as what is simpler is still of interest.
///
/// - Parameters:
///   - start: What to simplify; it is of interest.
///   - limit: How many candidates to look at in all.
///   - reductions: What is one step simpler.
///   - isInteresting: Whether a candidate still shows what is looked for.
/// - Returns: Something of interest of which nothing simpler is, unless the limit was reached.
func shrunk<T>(
  _ start: T, limit: Int = 4_000, reductions: (T) -> [T], isInteresting: (T) -> Bool
) -> T {
  var best = start
  var left = limit
  search: while true {
    for candidate in reductions(best) {
      left -= 1
      if left < 0 { return best }
      if isInteresting(candidate) {
        best = candidate
        continue search
      }
    }
    return best
  }
}
