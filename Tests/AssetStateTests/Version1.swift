import GRDB

/// Makes a store as the first version of the schema had it, which is never edited.
enum Version1 {
  /// Makes the store, with what the statements put into it.
  static func make(at path: String, _ statements: String) throws {
    try DatabaseQueue(path: path).write { database in
      try database.execute(sql: schema)
      try database.execute(
        sql: """
          create table grdb_migrations (identifier text not null primary key);
          insert into grdb_migrations values ('1');
          """)
      try database.execute(sql: statements)
    }
  }

  private static let schema = """
    create table run (
      id text primary key,
      target text not null,
      command text not null,
      started_at integer not null,
      ended_at integer,
      outcome text
    ) without rowid;

    create table attempt (
      id integer primary key,
      run_id text not null references run (id),
      target text not null,
      asset text not null collate nocase,
      started_at integer not null,
      ended_at integer,
      outcome text,
      error text,
      causes text not null,
      provenance text,
      candidate text
    );
    create index attempt_run on attempt (run_id);

    create table materialization (
      id text primary key,
      target text not null,
      asset text not null collate nocase,
      run_id text not null,
      finished_at integer not null,
      duration_ms integer not null,
      definition text not null,
      content text not null,
      rows integer,
      columns text,
      files text,
      metrics text
    ) without rowid;
    create index materialization_asset on materialization (target, asset, finished_at);

    create table materialization_input (
      materialization_id text not null references materialization (id),
      input text not null,
      consumption text not null,
      digest text not null,
      primary key (materialization_id, input)
    ) without rowid;

    create table definition (
      digest text primary key,
      form text not null
    ) without rowid;

    create table asset_state (
      target text not null,
      asset text not null collate nocase,
      materialization_id text,
      attempt_id integer,
      primary key (target, asset)
    ) without rowid;

    create table asset (
      target text not null,
      key text not null collate nocase,
      kind text not null,
      materialized text,
      group_name text not null,
      description text,
      owner text,
      tags text not null,
      file text not null,
      primary key (target, key)
    ) without rowid;

    create table column_lineage (
      materialization_id text not null references materialization (id),
      column_name text not null,
      role text not null,
      input text not null,
      input_column text not null,
      primary key (materialization_id, column_name, role, input, input_column)
    ) without rowid;

    create table check_result (
      attempt_id integer not null references attempt (id),
      check_name text not null,
      severity text not null,
      passed integer not null,
      failures integer,
      sample text,
      primary key (attempt_id, check_name)
    ) without rowid;

    create table file_stamp (
      path text primary key,
      stamp text not null,
      digest text not null
    ) without rowid;

    create table declaration (
      path text primary key,
      key text not null,
      declarations blob not null
    ) without rowid;

    create table warehouse_stamp (
      target text primary key,
      stamp text not null
    ) without rowid;

    create table table_digest (
      target text not null,
      asset text not null collate nocase,
      consumption text not null,
      digest text not null,
      primary key (target, asset, consumption)
    ) without rowid;

    create view v_assets as
    select a.target, a.key as asset, a.kind, a.materialized, a.group_name as "group",
      a.description, a.owner, a.tags, a.file,
      strftime('%Y-%m-%dT%H:%M:%SZ', m.finished_at / 1000, 'unixepoch') as last_materialized,
      m.rows, m.content as content_digest, m.id as materialization
    from asset a
    left join asset_state s on s.target = a.target and s.asset = a.key
    left join materialization m on m.id = s.materialization_id;

    create view v_materializations as
    select m.id as materialization, m.target, m.asset, m.run_id as run,
      strftime('%Y-%m-%dT%H:%M:%SZ', m.finished_at / 1000, 'unixepoch') as finished_at,
      m.duration_ms, m.definition as definition_digest, m.content as content_digest, m.rows,
      m.columns, m.files, m.metrics,
      coalesce(s.materialization_id = m.id, 0) as is_published
    from materialization m
    left join asset_state s on s.target = m.target and s.asset = m.asset;

    create view v_lineage as
    select m.target, i.input, m.asset, i.consumption, i.digest as input_digest,
      m.id as materialization
    from asset_state s
    join materialization m on m.id = s.materialization_id
    join materialization_input i on i.materialization_id = m.id;

    create view v_column_lineage as
    select m.target, m.asset, l.column_name as "column", l.role, l.input, l.input_column,
      m.id as materialization
    from asset_state s
    join materialization m on m.id = s.materialization_id
    join column_lineage l on l.materialization_id = m.id;

    create view v_runs as
    select r.id as run, r.target, r.command,
      strftime('%Y-%m-%dT%H:%M:%SZ', r.started_at / 1000, 'unixepoch') as started_at,
      r.ended_at - r.started_at as duration_ms, r.outcome,
      count(case when a.outcome = 'materialized' then 1 end) as materialized,
      count(case when a.outcome = 'unchanged' then 1 end) as unchanged,
      count(case when a.outcome = 'failed' then 1 end) as failed
    from run r
    left join attempt a on a.run_id = r.id
    group by r.id;

    create view v_checks as
    select a.target, a.asset, a.run_id as run, c.check_name as "check", c.severity, c.passed,
      c.failures, c.sample
    from check_result c
    join attempt a on a.id = c.attempt_id;
    """
}
