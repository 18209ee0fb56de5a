#if os(Linux)
  import AssetCore
  import CSandbox

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// Judges the calls of one watched program, before each is made.
  ///
  /// A file that the program made itself is none of its inputs, and neither is one whose content it
  /// replaced before it read it.
  struct FileJudge {
    let rules: SandboxRules
    let hidesUndeclared: Bool
    private(set) var files: Set<UndeclaredFile> = []
    /// What the program made, by the real path.
    private var made: Set<String> = []
    /// Where files were that the program moved.
    private var origins: [String: String] = [:]
    private var verdicts: [String: SandboxRules.Verdict] = [:]

    init(_ rules: SandboxRules, hidesUndeclared: Bool) {
      self.rules = rules
      self.hidesUndeclared = hidesUndeclared
    }

    /// Decides on a call.
    ///
    /// - Returns: The error that the program is to get; 0 to let it do what it was about to do.
    mutating func judge(_ call: csandbox_call, of process: WatchedProcess) -> Int32 {
      guard let given = process.path(at: call.path, in: call.folder) else {
        return hidesUndeclared ? EACCES : 0
      }
      guard case .path(let path) = given else {
        if call.kind == csandbox_move { move(nil, to: target(of: call, of: process)) }
        return 0
      }
      switch call.kind {
      case csandbox_open:
        guard let flags = process.flags(of: call) else { return hidesUndeclared ? EACCES : 0 }
        return open(path, flags)
      case csandbox_execute: return read(FilePlace(path))
      default:
        // By a new name it may be published without having been opened.
        let error = read(FilePlace(path, followsLink: false))
        if error == 0 { move(path, to: target(of: call, of: process)) }
        return error
      }
    }

    private func target(of call: csandbox_call, of process: WatchedProcess) -> [UInt8]? {
      guard case .path(let path)? = process.path(at: call.target, in: call.target_folder) else {
        return nil
      }
      return path
    }

    private mutating func open(_ path: [UInt8], _ flags: Int32) -> Int32 {
      guard let place = FilePlace(path) else {
        if flags & O_CREAT != 0, let new = FilePlace.ofNew(path) { note(made: new) }
        return 0
      }
      guard place.isFile, rules.mayMatter(place.path) else { return 0 }
      let mode = flags & O_ACCMODE
      if mode != O_RDONLY, flags & O_TRUNC != 0 {
        note(made: place.path)
        return 0
      }
      return mode == O_WRONLY ? 0 : read(place)
    }

    private mutating func read(_ place: FilePlace?) -> Int32 {
      guard let place, place.isFile, !made.contains(place.path) else { return 0 }
      switch verdict(on: origins[place.path] ?? place.path) {
      case .free: return 0
      case .undeclared(let file):
        files.insert(file)
        return hidesUndeclared ? ENOENT : 0
      case .aside(let path):
        guard hidesUndeclared else { return 0 }
        files.insert(.aside(path))
        return ENOENT
      }
    }

    private mutating func verdict(on path: String) -> SandboxRules.Verdict {
      if let known = verdicts[path] { return known }
      var verdict = rules.verdict(on: path)
      if case .undeclared(.code) = verdict, isInstalled(path) { verdict = .free }
      verdicts[path] = verdict
      return verdict
    }

    /// Whether a file belongs to a virtual environment of Python, which is like one outside.
    private func isInstalled(_ path: String) -> Bool {
      var folder = FilePublishing.parent(of: path)
      while rules.relative(folder) != nil {
        if access(folder + "/pyvenv.cfg", F_OK) == 0 { return true }
        folder = FilePublishing.parent(of: folder)
      }
      return false
    }

    private mutating func note(made path: String) {
      guard rules.mayMatter(path) else { return }
      made.insert(path)
      origins[path] = nil
    }

    /// Takes note of a further or another name; of a folder, for all that the program knows in it.
    private mutating func move(_ source: [UInt8]?, to target: [UInt8]?) {
      guard let target, let new = FilePlace.ofNew(target), rules.mayMatter(new) else { return }
      guard let source, let old = FilePlace(source, followsLink: false) else {
        return note(made: new)
      }
      guard old.isFolder else {
        if made.contains(old.path) || !rules.mayMatter(old.path) { return note(made: new) }
        made.remove(new)
        origins[new] = origins[old.path] ?? old.path
        return
      }
      for path in made {
        guard let inside = PathText.place(of: path, in: old.path), !inside.isEmpty else { continue }
        note(made: new + "/" + inside)
      }
    }
  }

  extension SandboxRules {
    /// Whether a file can be anything but free.
    fileprivate func mayMatter(_ path: String) -> Bool {
      relative(path) != nil || warehouse.map { path.utf8.starts(with: $0.utf8) } == true
    }
  }
#endif
