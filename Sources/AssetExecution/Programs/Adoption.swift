import Synchronization

#if os(Linux)
  import CSandbox

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif
#endif

/// Processes that outlive the programs that started them, found by descent.
///
/// The system gives this process what its programs leave behind, whatever group, session or
/// environment it has (Linux: a "child subreaper"). Which program it was left by is told by when it
/// began: it belongs to one of those that were running then. What ended well may leave what it likes.
package enum Adoption {
  /// Names a program among those that this process has started.
  struct Program: Hashable, Sendable {
    fileprivate var number = 0
  }

  #if os(Linux)
    private struct Life {
      var began: Int64
      /// Its process, once that is known.
      var leader: pid_t?
      var ended: Int64?
      var isWell = false
    }

    private struct State {
      var isOn = false
      var lives: [Program: Life] = [:]
      /// Which programs each process may have been left by.
      var owners: [ProcessFacts.Identity: Set<Program>] = [:]
    }

    private static let state = Mutex(State())

    /// How long a process may take to end after it was asked to, in milliseconds.
    private static let grace = 2000

    /// Takes over from now on what programs leave behind.
    ///
    /// A process that has children already cannot tell theirs from those of programs, and takes none.
    package static func begin() {
      state.withLock { state in
        guard !state.isOn, ProcessFacts.ownChildren()?.isEmpty == true else { return }
        state.isOn = csandbox_adopt_orphans() == 0
      }
    }

    /// Takes note that a program is about to be started.
    static func starting() -> Program {
      state.withLock { state in
        guard state.isOn else { return Program() }
        let program = Program(number: state.lives.count + 1)
        state.lives[program] = Life(began: ProcessFacts.now())
        return program
      }
    }

    static func started(_ program: Program, as process: pid_t) {
      state.withLock { $0.lives[program]?.leader = process }
    }

    /// Takes note of all that descends from a program, as long as that can be seen.
    static func noteDescendants(of program: Program) {
      state.withLock { state in
        guard let leader = state.lives[program]?.leader else { return }
        var family: Set<pid_t> = [leader]
        for process in descendants(of: &family) { state.owners[process] = [program] }
      }
    }

    /// Takes note that a program has ended; of one that did not end well, ends what it left.
    static func ended(_ program: Program, isWell: Bool) {
      let left = state.withLock { state -> Set<ProcessFacts.Identity> in
        guard state.lives[program] != nil else { return [] }
        state.lives[program]?.ended = ProcessFacts.now()
        state.lives[program]?.isWell = isWell
        look(&state)
        return isWell ? [] : Set(state.owners.filter { $0.value == [program] }.keys)
      }
      end(left)
    }

    /// Ends what is left at the end of a run of programs of which one or another did not end well.
    static func endStrays() {
      // What ends may leave something in turn.
      for _ in 0..<10 {
        let strays = state.withLock { state -> Set<ProcessFacts.Identity> in
          guard state.isOn else { return [] }
          look(&state)
          return Set(
            state.owners.filter { $0.value.contains { state.lives[$0]?.isWell == false } }.keys)
        }
        if strays.isEmpty { return }
        end(strays)
      }
    }

    /// Looks at what was left to this process since the last time, and lets go what has ended.
    private static func look(_ state: inout State) {
      let leaders = Set(state.lives.values.compactMap { $0.ended == nil ? $0.leader : nil })
      // The process of a program that is being started may be there, but not known yet.
      let unknown = state.lives.values.filter { $0.ended == nil && $0.leader == nil }.map(\.began)
      for pid in ProcessFacts.ownChildren() ?? [] where !leaders.contains(pid) {
        guard let process = ProcessFacts(pid) else { continue }
        let start = process.identity.start
        if let first = unknown.min(), start >= first { continue }
        if process.hasEnded {
          waitpid(pid, nil, WNOHANG)
        } else if state.owners[process.identity] == nil {
          let owners = state.lives.filter {
            $1.began <= start && $1.ended.map { start <= $0 } ?? true
          }
          state.owners[process.identity] = Set(owners.keys)
        }
      }
      state.owners = state.owners.filter { identity, _ in
        ProcessFacts(identity.pid).map { $0.identity == identity && !$0.hasEnded } ?? false
      }
    }

    /// What descends from any of a family, which grows by that.
    private static func descendants(of family: inout Set<pid_t>) -> [ProcessFacts.Identity] {
      let all = ProcessFacts.all()
      var found: [ProcessFacts.Identity] = []
      var isGrowing = true
      while isGrowing {
        isGrowing = false
        for process in all where family.contains(process.parent) {
          guard family.insert(process.pid).inserted else { continue }
          found.append(process.identity)
          isGrowing = true
        }
      }
      return found
    }

    /// Ends processes with all that descends from them.
    private static func end(_ roots: Set<ProcessFacts.Identity>) {
      var family = roots
      var asked: Set<ProcessFacts.Identity> = []
      var waited = 0
      while !family.isEmpty, waited < grace + 1000 {
        var numbers = Set(family.map(\.pid))
        family.formUnion(descendants(of: &numbers))
        family = family.filter { identity in
          guard let process = ProcessFacts(identity.pid), process.identity == identity else {
            return false
          }
          if process.hasEnded, process.parent == getpid() { waitpid(identity.pid, nil, WNOHANG) }
          return !process.hasEnded
        }
        for process in family where waited >= grace || asked.insert(process).inserted {
          kill(process.pid, waited >= grace ? SIGKILL : SIGTERM)
        }
        if family.isEmpty { return }
        usleep(10_000)
        waited += 10
      }
    }
  #else
    package static func begin() {}
    static func starting() -> Program { Program() }
    static func started(_ program: Program, as process: Int32) {}
    static func noteDescendants(of program: Program) {}
    static func ended(_ program: Program, isWell: Bool) {}
    static func endStrays() {}
  #endif
}
