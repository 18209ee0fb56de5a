/// Lets a few commands run at once, so that tests that begin all together do not starve each other:
/// a program that is given four seconds should have them.
///
/// Who has waited for long goes on all the same, since one command of a test may wait for another.
actor Turns {
  static let commands = Turns(count: 8)

  private var free: Int
  private var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  private var next = 0

  init(count: Int) { free = count }

  /// Runs the body when it is its turn.
  func take<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
    let hasTurn = await begin()
    defer { if hasTurn { end() } }
    return try await body()
  }

  /// - Returns: Whether there was room; `false` if it took too long.
  private func begin() async -> Bool {
    if free > 0 {
      free -= 1
      return true
    }
    next += 1
    let number = next
    return await withCheckedContinuation { continuation in
      waiting.append((number, continuation))
      Task {
        try? await Task.sleep(for: .seconds(15))
        giveUp(number)
      }
    }
  }

  private func giveUp(_ number: Int) {
    guard let place = waiting.firstIndex(where: { $0.number == number }) else { return }
    waiting.remove(at: place).continuation.resume(returning: false)
  }

  private func end() {
    if waiting.isEmpty {
      free += 1
    } else {
      waiting.removeFirst().continuation.resume(returning: true)
    }
  }
}
