/// Programs that edit a table at random, run assetctl, and compare what it made with a model of their own.
///
/// They know nothing of assetctl but its command line, and end with an assertion that names the round
/// where something differs.
enum MergingModels {
  static let incremental = #"""
    # The model of incremental tables: what a table must hold after each run, found without assetctl.
    import json, os, random, sqlite3, subprocess, sys, time

    assetctl, strategy, seed, rounds, kills = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
    keeps = len(sys.argv) > 6  # Versions are kept, and now and then rolled back to.
    random.seed(seed)
    os.makedirs(".assetctl", exist_ok=True)
    database = sqlite3.connect(".assetctl/warehouse.sqlite", timeout=30, isolation_level=None)
    database.execute("pragma journal_mode = wal")
    database.execute("create table events (id integer, day text, at integer, amount real)")

    # A table that takes a while, so that a kill meets all of its making.
    clock = 1500 if kills else 0
    database.executemany("insert into events values (?, ?, ?, 0.5)", [(n % 400, f"d{n // 5}", n + 1) for n in range(clock)])

    queries = {
        "append": ("append", None, "select id, day, at, amount from events where :cursor is null or at > :cursor"),
        "upsert": ("upsert", "id", """select id, day, at, amount from events as e
            where (:cursor is null or at > :cursor) and at = (select max(at) from events x where x.id = e.id)"""),
        "delete_insert": ("delete_insert", "day", """select day, id, at, amount from events
            where :cursor is null or day in (select day from events where at > :cursor)"""),
    }
    name, key, query = queries[strategy]
    settings = f"materialized: incremental\nstrategy: {name}\ncursor: at\n" + (f"unique_key: {key}\n" if key else "") + ("keep: 3\n" if keeps else "")
    os.makedirs("assets", exist_ok=True)
    open("assetctl.yml", "w").write("project: model\n")
    open("assets/sources.yml", "w").write("sources:\n  - name: events\n")
    open("assets/latest.sql", "w").write(f"/* @asset\n{settings}*/\n{query}\n")

    def ordered(rows): return sorted(rows, key=repr)

    def events():
        return ordered(database.execute("select id, day, at, amount from events").fetchall())

    def chosen(rows, cursor):
        """The rows that the query gives."""
        new = [row for row in rows if cursor is None or row[2] > cursor]
        if strategy == "append": return new
        if strategy == "upsert":
            latest = {}
            for row in rows: latest[row[0]] = max(latest.get(row[0], row), row, key=lambda row: row[2])
            return [row for row in new if latest[row[0]][2] == row[2]]
        days = {row[1] for row in new}
        return [row for row in rows if row[1] in days]

    table, read, cursor = [], None, None
    def step():
        """Moves the model on; gives what it expects of the run."""
        global table, read, cursor
        rows = events()
        if rows == read: return "fresh"
        placed = all(row[2] is not None for row in rows)
        grew = read is not None and cursor is not None and placed and [row for row in rows if row[2] <= cursor] == read
        new = chosen(rows, cursor if grew else None)
        if not grew: table = new
        elif strategy == "append": table = table + new
        elif strategy == "upsert":
            keys = {row[0] for row in new}
            table = [row for row in table if row[0] not in keys] + new
        else:
            keys = {row[1] for row in new}
            table = [row for row in table if row[1] not in keys] + new
        first, read, cursor = read is None, rows, max((row[2] for row in rows if row[2] is not None), default=None)
        return "first" if first else "incremental" if grew else "full"

    def edit():
        global clock
        for _ in range(random.randrange(1, 5)):
            kind = random.choice(["ahead"] * 20 + ["late", "change", "remove"] + ["nowhere"] * (strategy == "append"))
            if kind == "ahead" or not events():
                clock += random.randrange(1, 4)
                database.execute("insert into events values (?, ?, ?, ?)",
                    (random.randrange(12), f"d{random.randrange(6)}", clock, random.random()))
            elif kind == "nowhere":
                database.execute("insert into events values (1, 'd0', null, 0)")
            elif kind == "late":
                free = sorted(set(range(1, clock)) - {row[2] for row in events()})
                if free: database.execute("insert into events values (?, ?, ?, ?)", (random.randrange(12), "d0", random.choice(free), 1.5))
            else:
                at = random.choice(events())[2]
                if kind == "change": database.execute("update events set amount = amount + 1 where at is ?", (at,))
                else: database.execute("delete from events where at is ?", (at,))
        if random.random() < 0.5: database.execute("delete from events where at is null")

    order = "id, day, at, amount"
    states = {}  # What the model said when a materialization was published.
    def verify_versions(place):
        """Each version that is there holds what its materialization made."""
        there = database.execute("select name from sqlite_schema where type = 'table' and name like 'assetctl!_version!_%' escape '!'").fetchall()
        if there or database.execute("select 1 from sqlite_schema where name = 'assetctl_version'").fetchone():
            kept = database.execute("""select 'assetctl_version_latest_' || number, materialization from assetctl_version
                where materialization not in (select materialization from assetctl_publication)""").fetchall()
            assert sorted(there) == sorted((name,) for name, _ in kept), f"{place}: {there} and not {kept}"
            assert len(kept) <= 4, f"{place}: {kept}"
            for name, id in kept:
                held = ordered(database.execute(f"select {order} from {name}").fetchall())
                assert held == ordered(states[id][0]), f"{place}: {name} of {id} is {held} and not {states[id][0]}"

    def roll_back(place):
        """Publishes the version before, if there is one; what is killed has done so or not."""
        global table, read, cursor
        for _ in range(kills):
            victim = subprocess.Popen([assetctl, "rollback", "latest"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.random() * 0.05)
            victim.kill()
            victim.wait()
        ran = subprocess.run([assetctl, "rollback", "latest"], capture_output=True, text=True)
        assert ran.returncode in (0, 64), f"{place}: {ran.stderr}"
        if ran.returncode == 0: counts["rolled back"] = counts.get("rolled back", 0) + 1
        id, = database.execute("select materialization from assetctl_publication where asset = 'latest'").fetchone()
        table, read, cursor = states[id]
        held = ordered(database.execute(f"select {order} from latest").fetchall())
        assert held == ordered(table), f"{place}: {held} and not {table}"
        verify_versions(place)

    counts = {}
    longest = 0.02
    for number in range(rounds):
        if random.random() < 0.85: edit()
        if keeps and read is not None and random.random() < 0.4: roll_back(f"{strategy}, seed {seed}, rolled back before round {number}")
        expected = step()
        counts[expected] = counts.get(expected, 0) + 1
        for _ in range(kills):
            victim = subprocess.Popen([assetctl, "materialize"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.random() * longest)
            victim.kill()
            victim.wait()
            if random.random() < 0.5: break
        began = time.monotonic()
        ran = subprocess.run([assetctl, "materialize", "--format", "json"], capture_output=True, text=True)
        longest = min(max(longest, time.monotonic() - began), 0.5)
        place = f"{strategy}, seed {seed}, round {number}, {expected}"
        assert ran.returncode == 0, f"{place}: {ran.stderr}"
        asset = next(a for a in json.loads(ran.stdout)["assets"] if a["asset"] == "latest")
        causes = asset.get("causes", [])
        if kills: pass
        elif expected == "fresh": assert asset["outcome"] == "fresh", f"{place}: {asset}"
        elif expected != "first":
            assert [c.get("full_refresh") for c in causes] == [expected == "full"], f"{place}: {asset}"
            assert ("rows_added" in asset) == (expected == "incremental"), f"{place}: {asset}"
        held = ordered(database.execute(f"select {order} from latest").fetchall())
        wanted = ordered(table)
        assert held == wanted, f"{place}: {held} and not {wanted}"
        assert held == ordered(chosen(read, None)), f"{place}: not as built anew"
        if keeps:
            id, = database.execute("select materialization from assetctl_publication where asset = 'latest'").fetchone()
            states[id] = (table, read, cursor)
            verify_versions(place)
    print(json.dumps(counts))
    """#

  static let snapshot = #"""
    # The model of snapshots: which versions a history must hold after each run, found without assetctl.
    import copy, json, os, random, sqlite3, subprocess, sys, time

    assetctl, comparison, deletes = sys.argv[1:4]
    seed, rounds, kills = map(int, sys.argv[4:7])
    keeps = len(sys.argv) > 7  # Versions of the history are kept, and now and then rolled back to.
    random.seed(seed)
    os.makedirs(".assetctl", exist_ok=True)
    database = sqlite3.connect(".assetctl/warehouse.sqlite", timeout=30, isolation_level=None)
    database.execute("pragma journal_mode = wal")
    database.execute("create table customers (id integer, region text, city, tier, changed text)")
    if kills:  # A table that takes a while, so that a kill meets all of its making.
        database.executemany("insert into customers values (?, 'e', 1, 2, '2024')", [(n,) for n in range(2000)])
    settings = {"all": "check_columns: all", "city": "check_columns: [city]", "changed": "updated_at: changed"}[comparison]
    os.makedirs("assets", exist_ok=True)
    open("assetctl.yml", "w").write("project: model\n")
    open("assets/sources.yml", "w").write("sources:\n  - name: customers\n")
    open("assets/history.sql", "w").write(f"/* @asset\nmaterialized: snapshot\nunique_key: [id, region]\n{settings}\nhard_deletes: {deletes}\n" + ("keep: 1\n" if keeps else "") + "*/\nselect * from customers\n")

    versions = {}   # by key: a list of [row, is it present]
    def typed(row): return tuple((type(value).__name__, value) for value in row)
    def step():
        rows = {row[:2]: row for row in database.execute("select id, region, city, tier, changed from customers")}
        for key, row in rows.items():
            past = versions.setdefault(key, [])
            if past and past[-1][1]:
                last = past[-1][0]
                other = {"all": typed(row) != typed(last), "city": typed(row[2:3]) != typed(last[2:3]), "changed": row[4] > last[4]}[comparison]
                if not other: continue
                past[-1][1] = False
            past.append([row, True])
        if deletes == "invalidate":
            for key, past in versions.items():
                if key not in rows: past[-1][1] = False

    clock = 0
    def edit():
        global clock
        for _ in range(random.randrange(1, 5)):
            clock += 1
            changed = f"2024-01-01T{clock // 60 % 24:02}:{clock % 60:02}:00Z"
            key = (random.randrange(6), random.choice("ns"))
            values = (random.choice(["a", "b", None, 1, 1.0]), random.choice(["x", "y"]))
            there = database.execute("select 1 from customers where id = ? and region = ?", key).fetchall()
            kind = random.choice(["put", "put", "delete", "quiet"])
            if kind == "delete": database.execute("delete from customers where id = ? and region = ?", key)
            elif not there: database.execute("insert into customers values (?, ?, ?, ?, ?)", key + values + (changed,))
            elif kind == "put": database.execute("update customers set city = ?, tier = ?, changed = ? where id = ? and region = ?", values + (changed,) + key)
            else: database.execute("update customers set tier = ? where id = ? and region = ?", values[1:] + key)

    def published():
        return database.execute("select materialization from assetctl_publication where asset = 'history'").fetchone()[0]

    states, away, rollbacks = {}, set(), 0  # What was published; of that what was taken back.
    def roll_back(place):
        global versions, rollbacks
        listed = json.loads(subprocess.run([assetctl, "rollback", "history", "--list", "--format", "json"], capture_output=True, text=True).stdout)
        kept = [version["run"] for version in listed["versions"] if not version["is_published"]]
        if not kept: return
        away.add(published())
        ran = subprocess.run([assetctl, "rollback", "history", "--to", random.choice(kept)], capture_output=True, text=True)
        assert ran.returncode == 0, f"{place}: {ran.stderr}"
        versions, rollbacks = copy.deepcopy(states[published()][0]), rollbacks + 1
        away.discard(published())

    def verify_lost(place):
        """Nothing that was taken back is lost: a history that is published or kept holds it."""
        if not away: return
        kept = database.execute("select name from sqlite_schema where type = 'table' and name like 'assetctl!_version!_%' escape '!'").fetchall()
        holders = []
        for name in ["history"] + [name for name, in kept]:
            rows = database.execute(f"select * from {name}").fetchall()
            holders.append(set(rows) | {row[:6] for row in rows})
        for id in away:
            rows = {row if row[6] else row[:6] for row in states[id][1]}
            assert any(rows <= holder for holder in holders), f"{place}: {id}, {rows}"
        assert len(holders) <= 2 + len(away), f"{place}: {kept}"

    longest = 0.02
    for number in range(rounds):
        if random.random() < 0.85: edit()
        if keeps and versions and random.random() < 0.4: roll_back(f"{comparison}, {deletes}, seed {seed}, rolled back before round {number}")
        step()
        for _ in range(kills):
            victim = subprocess.Popen([assetctl, "materialize"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.random() * longest)
            victim.kill()
            victim.wait()
            if random.random() < 0.5: break
        began = time.monotonic()
        ran = subprocess.run([assetctl, "materialize", "--format", "json"], capture_output=True, text=True)
        longest = min(max(longest, time.monotonic() - began), 0.5)
        place = f"{comparison}, {deletes}, seed {seed}, round {number}"
        assert ran.returncode == 0, f"{place}: {ran.stderr}"
        held = {}
        for row in database.execute("select id, region, city, tier, changed, valid_from, valid_to from history order by valid_from"):
            held.setdefault(row[:2], []).append(row)
        expected = {key: [(typed(row), present) for row, present in past] for key, past in versions.items()}
        found = {key: [(typed(row[:5]), row[6] is None) for row in rows] for key, rows in held.items()}
        assert found == expected, f"{place}: {found} and not {expected}"
        for rows in held.values():
            for row, later in zip(rows, rows[1:]):
                assert row[5] < row[6] <= later[5], f"{place}: {rows}"
                if deletes == "ignore": assert row[6] == later[5], f"{place}: {rows}"
        if comparison == "changed":
            for rows in held.values():
                for place_, row in enumerate(rows):
                    if place_ == 0 or row[4] > rows[place_ - 1][6]: assert row[5] == row[4], f"{place}: {rows}"
        if keeps:
            states[published()] = (copy.deepcopy(versions), database.execute("select id, region, city, tier, changed, valid_from, valid_to from history").fetchall())
            verify_lost(place)
    print(json.dumps({"versions": sum(map(len, versions.values())), "rolled back": rollbacks}))
    """#
}
