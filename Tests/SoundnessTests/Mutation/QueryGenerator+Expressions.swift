import AssetTestSupport

extension QueryGenerator {
  /// A name of a column, most often one that is in scope.
  mutating func column() -> Fragment {
    if random.chance(30) {
      return Fragment(.expression, written(random.pick(RandomSchema.columnNames)))
    }
    var sources = scopes.last ?? []
    if scopes.count > 1, random.chance(3) { sources = random.pick(scopes) }
    guard let source = sources.randomElement(using: &random),
      let name = source.columns.filter({ !$0.isEmpty }).randomElement(using: &random)
    else { return Fragment(.expression, random.pick(Self.literals)) }
    return Fragment(.expression, reference(to: name, of: source, in: sources))
  }

  /// A name of a source's column, which is qualified where it has to be, and elsewhere as it comes.
  mutating func reference(to name: String, of source: Source, in sources: [Source]) -> String {
    let others = sources.flatMap(\.columns).count { $0.lowercased() == name.lowercased() }
    let isQualified = !source.name.isEmpty && (others > 1 ? !random.chance(15) : random.chance(2))
    return (isQualified ? written(source.name) + "." : "") + written(name)
  }

  mutating func expression(depth: Int) -> Fragment {
    guard depth < 4 else { return random.chance(5) ? literal() : column() }
    switch Int.random(in: 0..<16, using: &random) {
    case 0...6: return column()
    case 7: return literal()
    case 8:
      return Fragment(
        "(", .part(expression(depth: depth + 1)),
        .text(random.pick([" + ", " || ", " * ", " - "])),
        .part(expression(depth: depth + 1)), ")")
    case 9:
      let name = random.pick(["coalesce", "ifnull", "max", "min", "nullif"])
      return Fragment(
        "\(name)(", .part(expression(depth: depth + 1)), ", ", .part(expression(depth: depth + 1)),
        ")")
    case 10:
      return Fragment(
        .text(random.pick(["length(", "typeof(", "upper(", "quote(", "cast("])),
        .part(expression(depth: depth + 1)), ")"
      ).castingRight
    case 11:
      return Fragment(
        "case when ", .part(predicate(depth: depth + 1)), " then ",
        .part(expression(depth: depth + 1)), " else ", .part(expression(depth: depth + 1)), " end")
    case 12:
      return Fragment(
        "case ", .part(expression(depth: depth + 1)), " when ",
        .part(expression(depth: depth + 1)), " then ", .part(expression(depth: depth + 1)), " end")
    case 13, 14:
      guard budget > 0 else { return column() }
      budget -= 1
      return Fragment("(", .part(query(depth: depth + 1, width: 1).query), ")")
    default: return Fragment("(", .part(predicate(depth: depth + 1)), ")")
    }
  }

  private mutating func literal() -> Fragment { Fragment(.expression, random.pick(Self.literals)) }

  mutating func predicate(depth: Int) -> Fragment {
    guard depth < 5 else { return Fragment(.part(column()), " is not null") }
    switch Int.random(in: 0..<14, using: &random) {
    case 0...3:
      return Fragment(
        .part(expression(depth: depth + 1)),
        .text(random.pick([" = ", " < ", " >= ", " <> ", " is ", " is not ", " like "])),
        .part(expression(depth: depth + 1)))
    case 4: return Fragment(.part(column()), .text(random.pick([" is null", " is not null"])))
    case 5:
      return Fragment(
        .part(expression(depth: depth + 1)), .text(random.pick([" in (", " not in ("])),
        .list([literal(), column(), literal()], separator: ", ", atLeast: 1), ")")
    case 6, 7:
      guard budget > 0 else { return Fragment(.part(column()), " > 0") }
      budget -= 1
      return Fragment(
        .part(expression(depth: depth + 1)), .text(random.pick([" in (", " not in ("])),
        .part(query(depth: depth + 1, width: 1).query), ")")
    case 8, 9:
      guard budget > 0 else { return Fragment(.part(column()), " > 0") }
      budget -= 1
      return Fragment(
        .text(random.pick(["exists (", "not exists ("])),
        .part(query(depth: depth + 1, width: nil).query), ")")
    case 10:
      guard budget > 0 else { return Fragment(.part(column()), " > 0") }
      budget -= 1
      return Fragment(
        "(", .part(column()), ", ", .part(expression(depth: depth + 1)), ") in (",
        .part(query(depth: depth + 1, width: 2).query), ")")
    case 11:
      return Fragment(
        .part(column()), " between ", .part(expression(depth: depth + 1)), " and ",
        .part(expression(depth: depth + 1)))
    case 12:
      // `x in t` is of the table's one column.
      let narrow = (tables + declared).filter { $0.columns.count == 1 }
      guard let table = narrow.randomElement(using: &random) else { return Fragment("1") }
      return Fragment(.part(column()), .text(" in " + written(table.name)))
    default:
      return Fragment(
        "(", .part(predicate(depth: depth + 1)), .text(random.pick([" and ", " or "])),
        .part(predicate(depth: depth + 1)), ")")
    }
  }

  mutating func aggregate(depth: Int) -> Fragment {
    var pieces: [Fragment.Piece]
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: pieces = ["count(*)"]
    case 2: return Fragment(.part(column()))
    case 3: pieces = ["count(distinct ", .part(expression(depth: depth + 1)), ")"]
    default:
      let name = random.pick(["sum", "min", "max", "count", "total", "group_concat", "avg"])
      pieces = ["\(name)(", .part(expression(depth: depth + 1)), ")"]
    }
    if random.chance(5) {
      pieces.append(
        .optional(
          Fragment(.filter, [" filter (where ", .part(predicate(depth: depth + 2)), ")"])))
    }
    return Fragment(.expression, pieces)
  }

  mutating func windowCall(depth: Int) -> Fragment {
    var pieces: [Fragment.Piece] = []
    switch Int.random(in: 0..<4, using: &random) {
    case 0: pieces = [.text(random.pick(["row_number()", "rank()", "dense_rank()", "ntile(2)"]))]
    case 1:
      pieces = [
        .text(random.pick(["lag(", "lead(", "first_value(", "last_value("])),
        .part(expression(depth: depth + 2)), ")",
      ]
    default:
      pieces = [
        .text(random.pick(["sum(", "count(", "max("])), .part(expression(depth: depth + 2)), ")",
      ]
      if random.chance(4) {
        pieces.append(
          .optional(
            Fragment(.filter, [" filter (where ", .part(predicate(depth: depth + 2)), ")"])))
      }
    }
    if random.chance(3) {
      // The presence of this role makes the `select` declare the window `w`.
      pieces.append(.part(Fragment(.window, random.pick([" over w", " over (w)"]))))
    } else {
      pieces += [" over (", .part(window(depth: depth + 1)), ")"]
    }
    return Fragment(.expression, pieces)
  }

  /// What stands in the parentheses of a window.
  mutating func window(depth: Int) -> Fragment {
    var pieces: [Fragment.Piece] = []
    if random.chance(2) {
      pieces.append(
        .optional(Fragment(.other, ["partition by ", .part(expression(depth: depth + 2)), " "])))
    }
    if !random.chance(4) {
      var order: [Fragment.Piece] = ["order by ", .part(expression(depth: depth + 2))]
      if random.chance(3) {
        order.append(
          .optional(
            Fragment(
              .other,
              random.pick([
                " rows between unbounded preceding and current row",
                " rows between 1 preceding and 1 following", " groups 1 preceding",
                " range unbounded preceding exclude current row",
              ]))))
      }
      pieces.append(.optional(Fragment(.other, order)))
    }
    return Fragment(.other, pieces)
  }
}

extension Fragment {
  /// `cast(x)` completed to `cast(x as text)`.
  fileprivate var castingRight: Fragment {
    guard text.hasPrefix("cast(") else { return self }
    var copy = self
    copy.pieces[copy.pieces.count - 1] = " as text)"
    return copy
  }
}
