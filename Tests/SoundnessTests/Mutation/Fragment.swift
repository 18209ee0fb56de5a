/// A piece of a query's text that knows its parts, so that it can be taken apart again.
///
/// It is as much syntax as a generator and a shrinker need: what a part is for, which parts may be
/// left out, and which may stand for the whole.
struct Fragment {
  /// What a fragment is for; a broken analysis forgets fragments of one role.
  enum Role {
    case query, operand, item, source, expression
    case filter, using, group, having, distinct, order, limit, window, setOperator, withClause
    case other
  }

  enum Piece {
    case text(String)
    case part(Fragment)
    /// A part that may be left out, its keyword included.
    case optional(Fragment)
    /// Parts of which all but a few may be left out.
    case list([Fragment], separator: String, atLeast: Int)
  }

  var role: Role
  var pieces: [Piece]

  init(_ role: Role, _ pieces: [Piece]) {
    self.role = role
    self.pieces = pieces
  }

  init(_ role: Role, _ text: String) { self.init(role, [.text(text)]) }

  /// An expression of literal texts and parts.
  init(_ pieces: Piece...) { self.init(.expression, pieces) }

  /// The query's text.
  var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .part(let part), .optional(let part): part.write(to: &text)
      case .list(let parts, let separator, _):
        for (index, part) in parts.enumerated() {
          if index > 0 { text += separator }
          part.write(to: &text)
        }
      }
    }
  }

  /// The fragments that this one is made of directly.
  var parts: [Fragment] {
    pieces.flatMap { piece in
      switch piece {
      case .text: [Fragment]()
      case .part(let part), .optional(let part): [part]
      case .list(let parts, _, _): parts
      }
    }
  }

  /// Whether a fragment of a role is somewhere in this one.
  func contains(_ role: Role) -> Bool {
    self.role == role || parts.contains { $0.contains(role) }
  }

  /// The same with every fragment of a role left out, where that can be, or written otherwise.
  func replacing(_ role: Role, by text: String) -> Fragment {
    if self.role == role { return Fragment(role, text) }
    var copy = self
    copy.pieces = pieces.map { piece in
      switch piece {
      case .text: piece
      case .part(let part): .part(part.replacing(role, by: text))
      case .optional(let part): .optional(part.replacing(role, by: text))
      case .list(let parts, let separator, let least):
        .list(
          parts.map { $0.replacing(role, by: text) }, separator: separator, atLeast: least)
      }
    }
    return copy
  }
}

extension Fragment.Piece: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  init(stringLiteral value: String) { self = .text(value) }
}
