/// Replaces the escapes of a JSON string, already seen to be well-formed, by what they stand for.
func jsonStringContent(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
  var content: [UInt8] = []
  content.reserveCapacity(text.count)
  var index = 0
  while index < text.count {
    guard text[index] == .backslash else {
      content.append(text[index])
      index += 1
      continue
    }
    if let byte = simpleEscape(text[index + 1]) {
      content.append(byte)
      index += 2
      continue
    }
    var units = [hexadecimalUnit(in: text, at: index + 2) ?? 0]
    index += 6
    if UTF16.isLeadSurrogate(units[0]) {
      units.append(hexadecimalUnit(in: text, at: index + 2) ?? 0)
      index += 6
    }
    content.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
  }
  return content
}

/// The byte that a backslash and a single letter stand for.
func simpleEscape(_ letter: UInt8) -> UInt8? {
  switch letter {
  case .quote, .backslash, UInt8(ascii: "/"): letter
  case UInt8(ascii: "b"): 0x08
  case UInt8(ascii: "f"): 0x0C
  case UInt8(ascii: "n"): .lineFeed
  case UInt8(ascii: "r"): .carriageReturn
  case UInt8(ascii: "t"): UInt8(ascii: "\t")
  default: nil
  }
}

/// The UTF-16 unit that four hexadecimal digits stand for.
func hexadecimalUnit(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt16? {
  guard start + 4 <= text.count else { return nil }
  var unit: UInt16 = 0
  for index in start..<(start + 4) {
    guard let digit = hexadecimalDigit(text[index]) else { return nil }
    unit = unit << 4 | UInt16(digit)
  }
  return unit
}

/// What a hexadecimal digit is worth, in either case.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
