/// Tells whether a file's times would be others if it had changed once more since they were read.
///
/// Every change of a file moves the time of its entry (`ctime`), which cannot be set by hand. It moves
/// in steps of up to 10 milliseconds, and where it has no fractions of a second in steps of up to two
/// seconds (FAT). A younger file may change again and keep its times, so nothing may be concluded from
/// them; git calls such files "racily clean". A time that lies well ahead, as before a clock was set
/// back, is one that no change made now would leave behind.
///
/// - Parameters:
///   - changed: When the file's entry changed last, in nanoseconds.
///   - now: The present, in nanoseconds, read before the file is looked at.
/// - Returns: Whether the times can be relied on.
package func isSettled(changed: Int64, now: Int64) -> Bool {
  let second: Int64 = 1_000_000_000
  let step = changed % second == 0 ? 2 * second : 50_000_000
  return now - changed > step || changed - now > 2 * second
}
