/// What calling a function means for the repeatability of a result.
enum Volatility: Equatable {
  case random
  case clock
  case connectionState
  /// The clock, when the argument at this index is `'now'` or missing.
  case clockArgument(Int)

  /// The functions of all dialects whose results differ from call to call, in lower case.
  static let ofFunctions: [String: Volatility] = {
    let names: [(Volatility, String)] = [
      (
        .random,
        """
        random randomblob rand randn setseed uuid gen_random_uuid uuidv4 uuidv7 uuid_generate_v1 \
        uuid_generate_v4 nextval shuffle monotonically_increasing_id
        """
      ),
      (
        .clock,
        """
        now today current_timestamp current_date current_time current_localtime \
        current_localtimestamp clock_timestamp statement_timestamp transaction_timestamp \
        timeofday get_current_timestamp get_current_time localtime localtimestamp curdate
        """
      ),
      (
        .connectionState,
        """
        changes total_changes last_insert_rowid currval lastval txid_current \
        pg_backend_pid
        """
      ),
      (.clockArgument(0), "date time datetime julianday unixepoch unix_timestamp"),
      (.clockArgument(1), "strftime"),
    ]
    var volatilities: [String: Volatility] = [:]
    for (volatility, functions) in names {
      for function in functions.split(separator: " ") {
        volatilities[String(function)] = volatility
      }
    }
    return volatilities
  }()
}
