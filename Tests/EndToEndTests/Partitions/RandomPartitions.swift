/// A program that makes random projects with partitions, edits them at random, and compares what assetctl
/// makes of them with what it makes of the same files and rows from nothing.
///
/// It ends with the edits and the files of the round where something differs.
enum RandomPartitions {
  static let program = #"""
    # The model of partitions: whatever is edited, a run brings what a project built from nothing has.
    import datetime, json, os, random, shutil, sqlite3, subprocess, sys, time

    assetctl = sys.argv[1]; seed, rounds, kills = map(int, sys.argv[2:5])
    random.seed(seed)
    log = []
    base = datetime.date(2024, 1, 1)
    def day(offset): return str(base + datetime.timedelta(offset))
    SPAN = 38
    CITIES = ["ber", "o'slo", "new york", "a@b"]

    def write(path, text):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        open(path, "w").write(text)

    number_type = "integer"
    def fill(folder, rows):
        os.makedirs(folder + "/.assetctl", exist_ok=True)
        database = sqlite3.connect(folder + "/.assetctl/warehouse.sqlite", timeout=30, isolation_level=None)
        database.execute("pragma journal_mode = wal")
        database.execute(f"create table events (day text, city text, n {number_type})")
        database.execute("begin")
        database.executemany("insert into events values (?, ?, ?)", rows)
        database.execute("commit")
        return database

    def some_row():
        where = random.choice([day(random.randrange(-3, SPAN)), day(random.randrange(12))])
        return (where, random.choice(CITIES), random.randrange(100))

    database = fill(".", [some_row() for _ in range(60)])

    class Table:
        """One that may have partitions; `units` are days, weeks, months or values."""
        def __init__(self, name, before):
            self.name, self.before = name, before
            self.unit = None
            self.change(True)

        def change(self, anew=False):
            if anew or random.random() < 0.3: self.unit = random.choice(["day", "day", "week", "month", "values", None])
            self.last = random.randrange(6, SPAN)
            self.first = random.randrange(0, 5)
            self.cities = random.sample(CITIES, random.randrange(1, len(CITIES) + 1))
            self.query()

        def query(self):
            self.extra = random.choice(["", "", ", 1 as x", ", n as x, 'y' as \"Y y\""])
            source, other = random.choice(self.before), random.choice(self.before)
            number = random.randrange(5)
            own = "{0}day >= :partition_start and {0}day < :partition_end"
            self.inputs = {}
            if self.unit is None:
                self.text = random.choice([
                    f"select day, city, n from {source} where n > {number}",
                    f"select day, city, sum(n) as n from {source} where day >= '{day(number)}' and day < '{day(9)}' group by day, city",
                    f"select a.day, a.city, a.n + b.n as n from {source} as a join {other} as b on a.day = b.day and a.city = b.city",
                ])
            elif self.unit == "values":
                self.text = random.choice([
                    f"select day, city, n from {source} where city = :partition_key and n >= {number}",
                    f"select day, :partition_key as city, sum(n) as n from {source} where city <> :partition_key group by day",
                    f"select a.day, a.city, max(a.n) as n from {source} as a join {other} as b on a.city = b.city where a.city = :partition_key and b.city = :partition_key group by a.day",
                ])
            else:
                first = "cast(:partition_start as text)"
                kind = random.randrange(8)
                if kind < 2: self.text = f"select day, city, sum(n) + {number} as n from {source} where {own.format('')} group by day, city"
                elif kind == 2: self.text = f"select a.day, a.city, a.n + (select count(*) from {other}) as n from {source} as a where {own.format('a.')}"
                elif kind == 3: self.text = f"select day, city, n from {source} where day between :partition_start and date(:partition_end, '-1 day')"
                elif kind == 4: self.text = f"select a.day, a.city, sum(coalesce(b.n, {number})) as n from {source} as a left join {other} as b on b.city = a.city and {own.format('b.')} where {own.format('a.')} group by 1, 2"
                elif kind == 5:
                    self.inputs = {source: "{before: %d, after: %d, column: day}" % (random.randrange(4), random.randrange(2))}
                    self.text = f"select {first} as day, city, sum(n) + {number} as n from {source} group by city"
                elif kind == 6:
                    self.inputs = {source: "all"}
                    self.text = f"select {first} as day, 'all' as city, count(*) as n from {source} where day < :partition_start"
                else: self.text = f"select {first} as day, name as city, size as n from cities"

        def header(self):
            lines = []
            if self.unit == "values":
                lines.append(f"partitions: {{column: city, values: {json.dumps(self.cities)}}}")
            elif self.unit:
                first, last = base + datetime.timedelta(self.first), base + datetime.timedelta(self.last)
                if self.unit == "week": first, last = (d - datetime.timedelta(d.weekday()) for d in (first, last))
                if self.unit == "month": first, last = (d.replace(day=1) for d in (first, last))
                lines.append(f"partitions: {{column: day, every: {self.unit}, start: {first}, end: {last}}}")
            if self.inputs:
                lines.append("inputs:")
                for name, window in self.inputs.items(): lines.append(f"  {name}: {{window: {window}}}")
            return "/* @asset\n" + "\n".join(lines) + "\n*/\n" if lines else ""

        def write(self):
            extra = f"select *{self.extra} from (\n{self.text}\n)" if self.extra else self.text
            write(f"assets/{self.name}.sql", self.header() + extra + "\n")

    write("assetctl.yml", "project: model\n")
    write("assets/sources.yml", "sources:\n  - name: events\n")
    write("assets/cities.csv", "name,size\nber,1\nrom,2\n")
    names = ["p0", "p1", "p2", "p3"]
    tables = [Table(name, ["events", "events", "events"] + names[:number] * 2) for number, name in enumerate(names)]
    for table in tables: table.write()
    write("assets/whole.sql", f"select city, sum(n) as n from {random.choice(names)} group by city\n")
    write("assets/part.sql", f"select count(*) as k, sum(n) as n from {random.choice(names)} where day >= '{day(4)}' and day < '{day(9)}'\n")
    write("assets/shown.sql", f"/* @asset\nmaterialized: view\n*/\nselect day, n from {random.choice(names)}\n")
    everything = ["cities"] + names + ["whole", "part", "shown"]

    def run(*arguments, folder="."):
        return subprocess.run([assetctl, *arguments], capture_output=True, text=True, cwd=folder)

    def retype():
        """Lets the input have another type, of whose values some may look like others."""
        global number_type
        rows = database.execute("select day, city, n from events").fetchall()
        number_type = random.choice(["integer", "integer", "text", "real", "numeric", ""])
        strange = random.choice([0, 0, 0.1, 1])
        rows = [(d, c, f"0{n}" if random.random() < strange and n is not None else n) for d, c, n in rows]
        log.append(("events", number_type, strange))
        database.execute("begin")
        database.execute("drop table events")
        database.execute(f"create table events (day text, city text, n {number_type})")
        database.executemany("insert into events values (?, ?, ?)", rows)
        database.execute("commit")

    def edit():
        if random.random() < 0.15: return retype()
        kind = random.randrange(23)
        table = random.choice(tables)
        def sql(text, *values):
            log.append((text, values))
            try: database.execute(text, values)
            except sqlite3.Error as error: log.append(str(error))
        if kind < 6: sql("insert into events values (?, ?, ?)", *some_row())
        elif kind < 8: sql(f"update events set n = n + 1 where rowid = (select rowid from events order by (rowid * {random.randrange(1, 9999)}) % 977 limit 1)")
        elif kind < 9: sql(f"delete from events where rowid % 31 = {random.randrange(31)}")
        elif kind < 10: sql("insert into events values (null, ?, 5)", random.choice(CITIES))
        elif kind < 11: sql("update events set day = ? where rowid % 29 = ?", day(random.randrange(SPAN)), random.randrange(29))
        elif kind < 13: table.query()
        elif kind < 14: table.change()
        elif kind < 15: table.change(True)
        elif kind < 17: table.last = min(SPAN + 3, max(table.first, table.last + random.randrange(-2, 4)))
        elif kind < 18: table.cities = random.sample(CITIES, random.randrange(1, len(CITIES) + 1))
        elif kind < 19: write("assets/cities.csv", f"name,size\nber,{random.randrange(9)}\nrom,2\n"); log.append("cities")
        elif kind < 20:
            name = table.name
            sql(random.choice([f"update {name} set n = n + 1 where rowid in (select min(rowid) from {name})", f"delete from {name} where rowid in (select max(rowid) from {name})",
                f"delete from {name}", f"drop table {name}", f"insert into {name} (day, city, n) values ('{day(random.randrange(SPAN))}', 'ber', 1)",
                f"insert into {name} (day, city, n) values ('1999', 'nowhere', 1)", f"insert into {name} (day, city, n) values (null, null, null)",
                f"insert into {name} select * from {name} limit 1", f"alter table {name} add column more"]))
        elif kind < 21:
            first = random.randrange(SPAN)
            words = ["--partition", f"{day(first)}..{day(first + random.randrange(5))}"] if table.unit == "day" else \
                ["--partition", random.choice(table.cities)] if table.unit == "values" else []
            if random.random() < 0.3: words.append("--force")
            ran = run("materialize", table.name, *words)
            log.append((table.name, words, ran.returncode, ran.stderr.strip()[:100]))
            assert ran.returncode in (0, 64), f"{ran.stdout}{ran.stderr}"
        elif kind < 22:
            words = [table.name, "--only"]
            log.append((words, run("materialize", *words).returncode))
        else: log.append(("retry", run("materialize", "--retry").returncode))
        table.write()
        log.append((table.name, open(f"assets/{table.name}.sql").read()))

    def content(connection, table):
        rows = connection.execute(f"select * from {table}")
        types = connection.execute("select name, lower(type) from pragma_table_info(?)", (table,)).fetchall()
        return types, sorted(map(repr, rows))

    counts = {}
    longest = 0.05
    for number in range(rounds):
        place = f"seed {seed}, round {number}"
        if number: log = []
        for _ in range(random.randrange(1, 4) if number else 0): edit()
        for _ in range(kills):
            victim = subprocess.Popen([assetctl, "materialize"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.random() * longest)
            victim.kill()
            victim.wait()
        def tell(*what):
            print(place, file=sys.stderr)
            for entry in log: print(entry, file=sys.stderr)
            for name in names: print(name, open(f"assets/{name}.sql").read(), file=sys.stderr)
            print(*what, sep="\n", file=sys.stderr)
            sys.exit(1)
        began = time.monotonic()
        ran = run("materialize", "--format", "json")
        longest = min(max(longest, time.monotonic() - began), 1)
        if ran.returncode: tell("the run failed", ran.stdout, ran.stderr)
        for asset in json.loads(ran.stdout)["assets"]:
            for part in asset.get("partitions", []): counts[part["outcome"]] = counts.get(part["outcome"], 0) + 1
        shutil.rmtree("clean", ignore_errors=True)
        os.makedirs("clean")
        shutil.copy("assetctl.yml", "clean/assetctl.yml")
        shutil.copytree("assets", "clean/assets")
        clean = fill("clean", database.execute("select * from events").fetchall())
        built = run("materialize", folder="clean")
        if built.returncode: tell("the clean run failed", built.stdout, built.stderr)
        for table in everything:
            held, wanted = content(database, table), content(clean, table)
            if held != wanted: tell(f"{table} differs", "held and not wanted", set(held[1]) - set(wanted[1]), "wanted", set(wanted[1]) - set(held[1]), held[0], wanted[0], len(held[1]), len(wanted[1]), ran.stdout)
        clean.close()
        again = run("materialize")
        if again.returncode or f"nothing to do: all {len(everything)} assets are fresh" not in again.stdout: tell("a further run says", again.stdout, again.stderr)
        status = run("status")
        if status.returncode: tell("status says", status.stdout)
    print(json.dumps(counts))
    """#
}
