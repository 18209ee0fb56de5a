import AssetCore
import AssetWarehouse

/// The columns that the objects of JSON Lines files have together, and what their values have
/// shown.
struct JSONTable {
  private(set) var evidence: [ColumnEvidence] = []
  private var columns = ColumnNames()
  /// The names as bytes, to recognize a key without making a string of it.
  private var keys: [[UInt8]] = []

  /// The keys of all objects, in the order in which they first appear.
  var names: [String] { columns.names }

  /// Reads all objects, and refuses keys that could not be columns of one table.
  init(readingAll objects: inout JSONLinesObjects) throws {
    var lastObject: [Int] = []
    var object = 0
    while try objects.next() {
      object += 1
      var guess = 0
      for member in objects.members {
        let index: Int
        if let known = position(of: member, in: objects, guess: guess) {
          index = known
        } else {
          let name = objects.key(of: member)
          try columns.append(name, at: objects.place(at: member.key.lowerBound - 1))
          index = keys.count
          keys.append(Array(name.utf8))
          evidence.append([])
          lastObject.append(0)
        }
        guard lastObject[index] < object else {
          throw RowFileError.repeatedKey(
            objects.place(at: member.key.lowerBound - 1), key: names[index])
        }
        lastObject[index] = object
        guess = index + 1
        note(member, in: objects, at: index)
      }
    }
  }

  /// The column that a key names; `guess` is tried first, as objects mostly have their keys in one
  /// order.
  func position(of member: JSONMember, in objects: JSONLinesObjects, guess: Int) -> Int? {
    if !member.isKeyEscaped, guess < keys.count {
      let key = objects.bytes(member.key)
      if keys[guess].withUnsafeBufferPointer({ $0.holdsSame(as: key) }) { return guess }
    }
    return columns[objects.key(of: member)]
  }

  private mutating func note(
    _ member: JSONMember, in objects: JSONLinesObjects, at index: Int
  ) {
    switch member.kind {
    case .null: break
    case .true, .false: evidence[index].insert(.boolean)
    case .string, .nested: evidence[index].insert(.text)
    case .number:
      guard let number = NumberText(objects.bytes(member.value)) else { return }
      evidence[index].note(number)
    }
  }
}

extension JSONLinesObjects {
  /// Reads a member's value as a type, strictly; a string counts as what it says.
  ///
  /// - Returns: The value, or `nil` if it is not of the type.
  func value(of member: JSONMember, as type: ColumnType) -> Value? {
    switch member.kind {
    case .null:
      .null
    case .true, .false:
      switch type {
      case .text: .text(member.kind == .true ? "true" : "false")
      case .real: .real(member.kind == .true ? 1 : 0)
      case .integer, .numeric, .boolean: .integer(member.kind == .true ? 1 : 0)
      case .blob, .date, .timestamp: nil
      }
    case .number:
      switch type {
      case .text, .integer, .boolean, .real, .numeric: type.value(of: bytes(member.value))
      case .blob, .date, .timestamp: nil
      }
    case .string:
      withString(member.value, isEscaped: member.isEscaped) { type.value(of: $0) }
    case .nested:
      type == .text ? type.value(of: bytes(member.value)) : nil
    }
  }
}
