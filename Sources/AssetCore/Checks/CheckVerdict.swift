extension Check {
  /// What a number of failures means.
  ///
  /// As in dbt: of severity `error` the condition `error_if` comes first and `warn_if` second, of
  /// severity `warn` there is just `warn_if`.
  ///
  /// - Parameters:
  ///   - failures: How many rows or values do not fulfil the check.
  ///   - message: What was found, in words.
  ///   - sample: Some of them.
  /// - Returns: The result, which is fatal only of severity `error`.
  package func result(
    failures: Int, message: String? = nil, sample: RowSample? = nil
  ) -> CheckResult {
    let isError = severity == .error && errorIf.holds(for: failures)
    let isWarning = !isError && warnIf.holds(for: failures)
    return CheckResult(
      name: name, passed: !isError && !isWarning, severity: isWarning ? .warn : severity,
      message: message, failures: failures, sample: failures == 0 ? nil : sample)
  }

  /// The result of a check that just passes or does not.
  package func result(passed: Bool, message: String?) -> CheckResult {
    CheckResult(name: name, passed: passed, severity: severity, message: message)
  }

  /// The result of a check that could not be carried out; nothing is published on its account.
  package func broken(_ reason: String) -> CheckResult {
    CheckResult(
      name: name, passed: false, severity: .error, message: "it could not be carried out: \(reason)"
    )
  }

  /// What the newest time in a column means for `freshness`: a limit that is passed is of the severity
  /// that it is named after.
  package func result(newest: NewestTime.Finding, now: Timestamp) -> CheckResult {
    guard case .freshness(let expected) = assertion else {
      preconditionFailure("only `freshness` is about how new rows are")
    }
    let finding = expected.judge(newest, now: now)
    let isWarning = severity == .warn || finding.outcome == .warn
    return CheckResult(
      name: name, passed: finding.outcome == .pass, severity: isWarning ? .warn : .error,
      message: finding.inWords)
  }

  /// What a number of rows means for `row_count`.
  ///
  /// - Parameters:
  ///   - rows: How many rows there are.
  ///   - other: How many there are of the asset that is to have as many.
  /// - Returns: The result.
  package func result(rowCount rows: Int, other: Int?) -> CheckResult {
    guard case .rowCount(let min, let max, let equals) = assertion else {
      preconditionFailure("only `row_count` is about the number of rows")
    }
    let found = counted(rows, "row")
    if let min, rows < min {
      return result(failures: 1, message: "\(found), fewer than \(grouped(min))")
    }
    if let max, rows > max {
      return result(failures: 1, message: "\(found), more than \(grouped(max))")
    }
    if let equals, let other, rows != other {
      return result(failures: 1, message: "\(found), where `\(equals)` has \(grouped(other))")
    }
    return result(failures: 0, message: found)
  }
}

extension CheckResult {
  /// What its maker is told of a check that did not pass and does not keep the candidate back.
  package var warning: Diagnostic? {
    guard !passed, !isFatal else { return nil }
    return Diagnostic(
      "the check `\(name)` did not pass" + (message.map { ": \($0)" } ?? ""), severity: .warning)
  }
}

extension Asset {
  /// The result of a check without the values of sensitive columns in its sample.
  ///
  /// What an expression or a query makes of them cannot be told from the rest, so of an asset with
  /// sensitive columns the sample of a query is masked as a whole.
  package func masked(_ result: CheckResult) -> CheckResult {
    let sensitive = Set(columns.filter(\.isSensitive).map(\.name.caseFolded))
    guard !sensitive.isEmpty, var sample = result.sample else { return result }
    let isQuery = checks.contains { check in
      guard check.name == result.name, case .sql = check.assertion else { return false }
      return true
    }
    let places = sample.columns.indices.filter {
      isQuery || sensitive.contains(sample.columns[$0].caseFolded)
    }
    for row in sample.rows.indices {
      for place in places where sample.rows[row][place] != .null {
        sample.rows[row][place] = .text("•••")
      }
    }
    var result = result
    result.sample = sample
    return result
  }
}
