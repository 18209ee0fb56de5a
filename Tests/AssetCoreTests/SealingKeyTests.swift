import AssetCore
import Testing

@Suite struct SealingKeyTests {
  private let key = SealingKey()
  private let parts: (a: [UInt8], b: [UInt8]) = ([1, 2], [3])

  @Test func `a seal holds for just what was sealed`() {
    let seal = key.seal(of: parts.a, parts.b)

    #expect(seal.count == SealingKey.sealLength)
    #expect(key.isSeal(seal, of: parts.a, parts.b))
    #expect(!key.isSeal(seal, of: [1], [2, 3]))
    #expect(!key.isSeal(seal, of: [1, 2, 3]))
    #expect(!key.isSeal(seal, of: parts.b, parts.a))
    #expect(!key.isSeal([], of: parts.a, parts.b))
    for index in seal.indices {
      var other = seal
      other[index] ^= 1
      #expect(!key.isSeal(other, of: parts.a, parts.b))
    }
    #expect(!SealingKey().isSeal(seal, of: parts.a, parts.b))
  }

  @Test func `a key is kept as a text`() throws {
    let same = try #require(SealingKey(text: key.text))
    #expect(same.isSeal(key.seal(of: parts.a), of: parts.a))
    #expect(SealingKey().text != key.text)
    for text in ["", "00", String(key.text.dropLast()), key.text + "0", "x" + key.text.dropFirst()]
    {
      #expect(SealingKey(text: text) == nil)
    }
  }
}
