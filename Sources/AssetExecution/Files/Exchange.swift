#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The atomic exchange of two paths, where the system has one.
///
/// The functions are looked up by name, since neither is in every C library that this is built with.
enum Exchange {
  /// Exchanges what two paths name; false if that is not possible here.
  static func swap(_ first: String, _ second: String) -> Bool {
    #if canImport(Darwin)
      return renamex_np(first, second, UInt32(RENAME_SWAP)) == 0
    #else
      guard let renameat2 else { return false }
      return renameat2(AT_FDCWD, first, AT_FDCWD, second, exchangeFlag) == 0
    #endif
  }

  #if !canImport(Darwin)
    private typealias RenameAt2 =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32

    /// `RENAME_EXCHANGE` of renameat2(2).
    private static let exchangeFlag: UInt32 = 2

    private static let renameat2: RenameAt2? = dlsym(nil, "renameat2").map {
      unsafeBitCast($0, to: RenameAt2.self)
    }
  #endif
}
