/// Tells whether a file's times would be others if it had changed once more since they were read.
///
/// The times of a file move in steps of up to 10 milliseconds, and where they have no fractions of a
/// second in steps of up to two seconds (FAT). A younger file may change again and keep its times, so
/// nothing may be concluded from them; git calls such files "racily clean". A time that lies well
/// ahead, as from an archive or before a clock was set back, is one that no change made now would
/// leave behind.
///
/// - Parameters:
///   - modified: When its content changed last, in nanoseconds.
///   - changed: When its folder entry changed last, in nanoseconds.
///   - now: The present, in nanoseconds, read before the file is looked at again.
/// - Returns: Whether the times can be relied on.
package func isSettled(modified: Int64, changed: Int64, now: Int64) -> Bool {
  let second: Int64 = 1_000_000_000
  let isCoarse = modified % second == 0 || changed % second == 0
  let step = isCoarse ? 2 * second : 50_000_000
  return [modified, changed].allSatisfy { now - $0 > step || $0 - now > 2 * second }
}
