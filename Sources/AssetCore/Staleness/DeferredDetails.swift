/// Details that may not have been made yet, since hardly ever anybody asks for them.
///
/// Two are equal when what they hold is.
struct DeferredDetails: Equatable, Sendable {
  private enum Storage: Sendable {
    case known(ContentDetails?)
    case deferred(@Sendable () -> ContentDetails?)
    case encoded(EncodedDetails)
  }

  private let storage: Storage

  init(_ details: ContentDetails?) { storage = .known(details) }

  init(_ encoded: EncodedDetails) { storage = .encoded(encoded) }

  /// Details that are made each time that somebody asks for them.
  init(deferring make: @escaping @Sendable () -> ContentDetails?) { storage = .deferred(make) }

  var details: ContentDetails? {
    switch storage {
    case .known(let details): details
    case .deferred(let make): make()
    case .encoded(let encoded): encoded.decode(encoded.text)
    }
  }

  /// The text that they have not been decoded from.
  var text: String? {
    if case .encoded(let encoded) = storage { encoded.text } else { nil }
  }

  static func == (left: DeferredDetails, right: DeferredDetails) -> Bool {
    if let text = left.text, text == right.text { return true }
    return left.details == right.details
  }
}

/// Details as the text that a store keeps, and what reads it.
package struct EncodedDetails: Sendable {
  package var text: String
  package var decode: @Sendable (String) -> ContentDetails?

  package init(_ text: String, decode: @escaping @Sendable (String) -> ContentDetails?) {
    self.text = text
    self.decode = decode
  }
}
