import AssetCore

// The written form of partitions and windows.

extension ByteWriter {
  mutating func write(_ partitions: PartitionsDeclaration) {
    write(partitions.place)
    write(partitions.scheme) { $0.write($1) }
  }

  private mutating func write(_ scheme: PartitionScheme) {
    write(scheme.column)
    switch scheme.division {
    case .values(let values):
      write(true)
      write(values) { $0.write($1) }
    case .time(let time):
      write(false)
      write(time.every.rawValue)
      write(time.start)
      write(time.end) { $0.write($1) }
      write(PartitionReader.format(of: time.bounds) ?? "")
    }
  }

  mutating func write(_ window: InputWindow) {
    write(window.column) { $0.write($1) }
    switch window.window {
    case .all: write(true)
    case .around(let before, let after):
      write(false)
      write(before)
      write(after)
    }
  }
}

extension ByteReader {
  mutating func partitions() throws(Mismatch) -> PartitionsDeclaration {
    let place = try place()
    return PartitionsDeclaration(
      scheme: try optional { (reader) throws(Mismatch) in try reader.scheme() }, place: place)
  }

  private mutating func scheme() throws(Mismatch) -> PartitionScheme {
    let column = try text()
    if try flag() {
      return PartitionScheme(
        column: column, .values(try array { (reader) throws(Mismatch) in try reader.value() }))
    }
    let every: PartitionUnit = try raw()
    let start = try text()
    let end = try optional { (reader) throws(Mismatch) in try reader.text() }
    let numbers = PartitionReader.formats[try text()]
    do throws(PartitionError) {
      let time = try PartitionTime(every: every, start: start, end: end, numbers: numbers)
      return PartitionScheme(column: column, .time(time))
    } catch {
      throw Mismatch()
    }
  }

  mutating func window() throws(Mismatch) -> InputWindow {
    let column = try optional { (reader) throws(Mismatch) in try reader.text() }
    if try flag() { return InputWindow(.all, column: column) }
    return InputWindow(.around(before: try integer(), after: try integer()), column: column)
  }
}
