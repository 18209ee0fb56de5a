#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The form in which Dagster Pipes hands its parameters over in the environment: JSON, compressed by
/// zlib, in base 64 (`encode_param` of the PyPI package `dagster-pipes`).
///
/// The zlib stream (RFC 1950) has stored blocks alone, as the texts are a path long.
func pipesParameter(_ json: [UInt8]) -> String {
  var stream: [UInt8] = [0x78, 0x01]
  var rest = json[...]
  repeat {
    let block = rest.prefix(0xFFFF)
    rest = rest.dropFirst(block.count)
    let length = UInt16(block.count)
    stream.append(rest.isEmpty ? 1 : 0)
    for number in [length, ~length] { stream += [UInt8(number & 0xFF), UInt8(number >> 8)] }
    stream += block
  } while !rest.isEmpty
  let checksum = adler32(json)
  stream += (0..<4).map { UInt8(checksum >> (24 - 8 * $0) & 0xFF) }
  return Data(stream).base64EncodedString()
}

private func adler32(_ bytes: [UInt8]) -> UInt32 {
  var low: UInt32 = 1
  var high: UInt32 = 0
  for byte in bytes {
    low = (low + UInt32(byte)) % 65_521
    high = (high + low) % 65_521
  }
  return high << 16 | low
}
