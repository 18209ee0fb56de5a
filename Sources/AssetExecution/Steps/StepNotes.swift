import AssetCore
import Synchronization

/// What is to be said of a step however it ends.
///
/// Whoever carries out the step writes to it, and whoever tells of a failure reads it.
final class StepNotes: Sendable {
  private struct State {
    var warnings: [Diagnostic] = []
    var hidden: Set<UndeclaredFile> = []
  }

  private let state = Mutex(State())

  /// What the step's maker should know.
  var warnings: [Diagnostic] {
    get { state.withLock { $0.warnings } }
    set { state.withLock { $0.warnings = newValue } }
  }

  /// What the sandbox kept from the program.
  var hidden: Set<UndeclaredFile> {
    get { state.withLock { $0.hidden } }
    set { state.withLock { $0.hidden = newValue } }
  }
}
