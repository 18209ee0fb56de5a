import AssetTestSupport
import Testing

/// assetctl killed a hundred times at random moments while it makes tables that go on from their rows: the
/// next run brings, row for row, what runs that nobody disturbed bring.
@Suite(.timeLimit(.minutes(15))) struct KilledTableTests {
  @Test(arguments: zip(["incremental", "snapshot", "partitions"], [33, 33, 34]))
  func `a run after a kill gives what an undisturbed one gives`(
    subject: String, kills: Int
  ) async throws {
    let seed = UInt64.random(in: 1...999_999)
    let project = try TemporaryProject()

    let result = try await project.startPython(
      Self.program, [try BuiltProgram.path, subject, "\(seed)", "\(kills)"]
    ).result()

    #expect(result.exitCode == 0, "\(subject), seed \(seed): \(result.errors)")
    #expect(result.output == "\(kills)\n")
  }

  /// Kills runs of one project, and none of another one with the same rows.
  ///
  /// Kills that came when the run had ended are not counted.
  private static let program = #"""
    # Kills at random moments: whatever was cut short, the next run brings what an undisturbed one brings.
    import os, random, sqlite3, subprocess, sys, time

    assetctl, subject = sys.argv[1:3]
    seed, kills = map(int, sys.argv[3:])
    random.seed(seed)

    def write(folder, path, text):
        os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
        open(f"{folder}/{path}", "w").write(text)

    settings = {
        "incremental": ("materialized: incremental\nunique_key: id\ncursor: at", "select id, at, day, n from events as e where (:cursor is null or at > :cursor) and at = (select max(at) from events as x where x.id = e.id)"),
        "snapshot": ("materialized: snapshot\nunique_key: id\nhard_deletes: invalidate", "select id, at, day, n from events as e where at = (select max(at) from events as x where x.id = e.id)"),
        "partitions": ("partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-12}", "select id, at, day, n from events where day >= :partition_start and day < :partition_end"),
    }[subject]
    read = {
        "partitions": "/* @asset\npartitions: {column: day, every: week, start: 2024-01-01, end: 2024-01-08}\n*/\nselect day, count(*) as k, sum(n) as n from made where day >= :partition_start and day < :partition_end group by day\n",
    }.get(subject, "select day, count(*) as k, sum(n) as n from made group by day\n")

    def project(folder):
        write(folder, "assetctl.yml", "project: kills\n")
        write(folder, "assets/sources.yml", "sources:\n  - name: events\n")
        write(folder, "assets/made.sql", f"/* @asset\n{settings[0]}\nchecks: [not_null: id]\nindexes: [[id, at]]\n*/\n{settings[1]}\n")
        write(folder, "assets/read.sql", read)
        os.makedirs(f"{folder}/.assetctl", exist_ok=True)
        database = sqlite3.connect(f"{folder}/.assetctl/warehouse.sqlite", timeout=60, isolation_level=None)
        database.execute("pragma journal_mode = wal")
        database.execute("create table events (id integer, at integer, day text, n integer)")
        database.execute("create index by_id on events (id, at)")
        return database

    killed, undisturbed = project("killed"), project("undisturbed")
    clock = 0
    def edit():
        global clock
        rows = []
        for _ in range(300 if clock == 0 else random.randrange(1, 12)):
            clock += 1
            rows.append((random.randrange(120), clock, f"2024-01-{random.randrange(1, 13):02}", random.randrange(100)))
        statements = [("insert into events values (?, ?, ?, ?)", row) for row in rows]
        if random.random() < 0.2: statements.append(("delete from events where id = ?", (random.randrange(120),)))
        if random.random() < 0.2: statements.append(("update events set n = n + 1 where at = ?", (random.randrange(1, clock),)))
        for database in (killed, undisturbed):
            database.execute("begin")
            for statement in statements: database.execute(*statement)
            database.execute("commit")

    def content(database, table):
        result = database.execute(f"select * from {table}")
        # When a version began, the clock says; which one follows which is what is compared.
        names = [column[0] for column in result.description]
        times = {names.index(name) for name in ("valid_from", "valid_to") if name in names}
        return names, sorted(repr([value is None if place in times else value for place, value in enumerate(row)]) for row in result)

    longest, met, number = 0.05, 0, 0
    while met < kills:
        number += 1
        edited = number == 1 or random.random() < 0.6
        if edited: edit()
        place = f"{subject}, seed {seed}, kill {number}"
        victim = subprocess.Popen([assetctl, "-C", "killed", "materialize"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.random() * longest * 0.8)
        victim.kill()
        met += victim.wait() < 0
        began = time.monotonic()
        for folder in ("undisturbed", "killed") if edited else ("killed",):
            ran = subprocess.run([assetctl, "-C", folder, "materialize"], capture_output=True, text=True)
            assert ran.returncode == 0, f"{place}: {ran.stdout}{ran.stderr}"
            if folder == "undisturbed": longest = min(max(0.02, time.monotonic() - began), 0.5)
        for table in ("made", "read"):
            assert content(killed, table) == content(undisturbed, table), f"{place}: {table} differs"
        if number % 5 == 0:
            again = subprocess.run([assetctl, "-C", "killed", "materialize"], capture_output=True, text=True)
            assert again.stdout.startswith("nothing to do"), f"{place}: {again.stdout}"
    print(met)
    """#
}
