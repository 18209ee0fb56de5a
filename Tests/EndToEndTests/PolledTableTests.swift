import AssetTestSupport
import Testing

/// Readers that poll tables while these are published two hundred times.
@Suite(.timeLimit(.minutes(15))) struct PolledTableTests {
  @Test func `readers see whole old or whole new rows, of each partition, and never an error`()
    async throws
  {
    let project = try TemporaryProject()

    let result = try await project.startPython(
      Self.program, [try BuiltProgram.path, "200"]
    ).result()

    #expect(result.exitCode == 0, "\(result.errors)")
  }

  private static let program = #"""
    # Readers that poll tables while they are rebuilt: they see whole old or whole new rows.
    import json, os, sqlite3, subprocess, sys, threading

    assetctl, rebuilds = sys.argv[1], int(sys.argv[2])
    def write(path, text):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        open(path, "w").write(text)
    DAYS = 4
    write("assetctl.yml", "project: polled\n")
    write("assets/sources.yml", "sources:\n  - name: events\n")
    newest = "version = (select max(version) from events)"
    write("assets/plain.sql", f"/* @asset\nchecks: [unique: id, not_null: version]\nindexes: [[id]]\n*/\nselect id, day, version from events where {newest}\n")
    write("assets/latest.sql", """/* @asset
    materialized: incremental
    unique_key: id
    cursor: at
    checks: [unique: id]
    */
    select id, day, version, at from events as e
    where (:cursor is null or at > :cursor) and at = (select max(at) from events as x where x.id = e.id)
    """)
    write("assets/daily.sql", f"""/* @asset
    partitions: {{column: day, every: day, start: 2024-01-01, end: 2024-01-0{DAYS}}}
    checks: [unique: id]
    */
    select id, day, version from events
    where day >= :partition_start and day < :partition_end and {newest}
    """)
    write("assets/shown.sql", "/* @asset\nmaterialized: view\n*/\nselect * from daily\n")
    os.makedirs(".assetctl", exist_ok=True)
    database = sqlite3.connect(".assetctl/warehouse.sqlite", timeout=60, isolation_level=None)
    database.execute("pragma journal_mode = wal")
    database.execute("create table events (id integer, day text, version integer, at integer)")
    database.execute("create index by_id on events (id, at)")

    def size(version):
        """How many rows a day has."""
        return 20 + version // 3

    at = 0
    def begin(version):
        global at
        rows = []
        for day in range(1, DAYS + 1):
            for row in range(size(version)):
                at += 1
                rows.append((day * 1000 + row, f"2024-01-0{day}", version, at))
        database.execute("begin")
        database.executemany("insert into events values (?, ?, ?, ?)", rows)
        database.execute("commit")

    def materialize():
        """Gives how many publications there were."""
        ran = subprocess.run([assetctl, "materialize", "--format", "json"], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assets = {asset["asset"]: asset for asset in json.loads(ran.stdout)["assets"]}
        assert len(assets["daily"]["partitions"]) == DAYS, assets["daily"]
        assert "rows_added" in assets["latest"] or not assets["latest"]["causes"][0].get("full_refresh", False), assets["latest"]
        return 2 + DAYS

    begin(0)
    materialize()
    reader = subprocess.Popen([sys.executable, "-c", """
    import json, os, sqlite3
    database = sqlite3.connect(".assetctl/warehouse.sqlite", timeout=60)
    database.execute("pragma query_only = on")
    seen = set()
    looks = 0
    print("reading", flush=True)
    while not os.path.exists("stop"):
        for table in ("plain", "latest", "daily", "shown"):
            part = "day" if table in ("daily", "shown") else "''"
            for row in database.execute(f"select '{table}', {part}, count(*), count(distinct id), min(version), max(version) from {table} group by 2"):
                seen.add(row)
            looks += 1
    print(json.dumps([looks, sorted(seen)]))
    """], stdout=subprocess.PIPE, text=True)
    try:
        assert reader.stdout.readline() == "reading\n"
        version = published = 0
        while published < rebuilds:
            version += 1
            begin(version)
            published += materialize()
        open("stop", "w").close()
        output, _ = reader.communicate(timeout=60)
    finally:
        reader.kill()
    assert reader.returncode == 0, "the reader met an error"
    looks, seen = json.loads(output)
    for table, part, rows, ids, first, last in seen:
        whole = size(last) * (1 if part else DAYS)
        assert first == last and rows == ids == whole, f"{table} {part}: {rows} rows, {ids} ids, of {first} to {last}"
    # All tables and partitions were there at each look, and the reader saw them change.
    for table in ("plain", "latest", "daily", "shown"):
        parts = {part for name, part, *_ in seen if name == table}
        assert len(parts) == (DAYS if table in ("daily", "shown") else 1), parts
        versions = {last for name, _, _, _, _, last in seen if name == table}
        assert len(versions) > version / 2, f"{table}: {len(versions)} of {version}"
    print(json.dumps({"publications": published, "looks": looks}))
    """#
}
