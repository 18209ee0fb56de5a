import GRDB

/// The schema of the store, as numbered steps that are appended and never edited.
///
/// - 1: runs, attempts, materializations with inputs, definitions, the catalog, stamps, and the
///   views that users may query.
/// - 2: the names that decide what an input is read for, the details that explain its changes, and
///   column lineage as a text; what tables hold, a row for each.
/// - 3: what programs tell of what they made, what checks say in words, and the versions of runtimes.
/// - 4: summaries of what was materialized.
/// - 5: what programs log; what a run has left to do, and until when a killed one was seen.
/// - 6: what the next materialization goes on from.
/// - 7: versions that were published again, durations that are found without reading records, and what
///   became of the rows that were there.
/// - 8: what a run was to bring up to date and did not try, and why.
/// - 9: why the whole of an input was read although the text shows less.
/// - 10: what tables hold is remembered by their own names, not by those of assets.
/// - 11: which files there were of those that are given to programs as they are.
enum StateMigrations {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: tables1)
      try database.execute(sql: views1)
    }
    migrator.registerMigration("2") { database in try database.execute(sql: columns2) }
    migrator.registerMigration("3") { database in try database.execute(sql: programs3) }
    migrator.registerMigration("4") { database in
      try database.execute(sql: "alter table materialization add column summaries text")
    }
    migrator.registerMigration("5") { database in try database.execute(sql: runs5) }
    migrator.registerMigration("6") { database in
      try database.execute(sql: "alter table materialization add column continuation text")
    }
    migrator.registerMigration("7") { database in try database.execute(sql: rollbacks7) }
    migrator.registerMigration("8") { database in
      try database.execute(sql: "alter table run add column untried text")
    }
    migrator.registerMigration("9") { database in
      try database.execute(sql: "alter table materialization_input add column whole_reason text")
    }
    migrator.registerMigration("10") { database in
      try database.execute(
        sql: """
          alter table table_content rename column asset to name;
          delete from table_content;
          delete from warehouse_stamp;
          """)
    }
    migrator.registerMigration("11") { database in try database.execute(sql: files11) }
    return migrator
  }

  private static let files11 = """
    create table file_list (
      id integer primary key,
      file_set text not null,
      digest text not null,
      files blob not null,
      unique (file_set, digest)
    );
    """

  private static let tables1 = """
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
    """

  private static let views1 = """
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

  private static let programs3 = """
    alter table materialization add column metadata text;
    alter table materialization add column checks text;
    alter table check_result add column message text;
    alter table check_result add column metadata text;

    drop view v_checks;
    create view v_checks as
    select a.target, a.asset, a.run_id as run, c.check_name as "check", c.severity, c.passed,
      c.failures, c.sample, c.message, c.metadata
    from check_result c
    join attempt a on a.id = c.attempt_id;

    drop view v_materializations;
    create view v_materializations as
    select m.id as materialization, m.target, m.asset, m.run_id as run,
      strftime('%Y-%m-%dT%H:%M:%SZ', m.finished_at / 1000, 'unixepoch') as finished_at,
      m.duration_ms, m.definition as definition_digest, m.content as content_digest, m.rows,
      m.columns, m.files, m.metrics,
      coalesce(s.materialization_id = m.id, 0) as is_published, m.metadata
    from materialization m
    left join asset_state s on s.target = m.target and s.asset = m.asset;

    create table runtime_version (
      command text primary key,
      stamp text not null,
      version text not null
    ) without rowid;
    """

  private static let rollbacks7 = """
    alter table materialization add column changes text;
    alter table attempt add column restored text;
    create index attempt_restored on attempt (target, asset) where restored is not null;
    create view publishing as
    select target, asset, id as materialization_id, run_id, finished_at as at, 0 as is_rollback
    from materialization
    union all
    select target, asset, restored, run_id, ended_at, 1 from attempt where restored is not null;

    drop index materialization_asset;
    create index materialization_asset on materialization (target, asset, finished_at, duration_ms);

    drop view v_runs;
    create view v_runs as
    with tried as (
      select run_id, outcome, max(id) from attempt group by run_id, asset
    )
    select r.id as run, r.target, r.command,
      strftime('%Y-%m-%dT%H:%M:%SZ', r.started_at / 1000, 'unixepoch') as started_at,
      r.ended_at - r.started_at as duration_ms, r.outcome,
      count(case when a.outcome = 'materialized' then 1 end) as materialized,
      count(case when a.outcome = 'unchanged' then 1 end) as unchanged,
      count(case when a.outcome = 'failed' then 1 end) as failed,
      count(case when a.outcome = 'rolled_back' then 1 end) as rolled_back
    from run r
    left join tried a on a.run_id = r.id
    group by r.id;
    """

  private static let runs5 = """
    create table log_message (
      attempt_id integer not null references attempt (id),
      number integer not null,
      at integer not null,
      level text not null,
      message text not null,
      primary key (attempt_id, number)
    ) without rowid;

    create view v_log_messages as
    select a.target, a.asset, a.run_id as run, a.id as attempt, a.outcome, l.number,
      strftime('%Y-%m-%dT%H:%M:%fZ', l.at / 1000.0, 'unixepoch') as at, l.level, l.message
    from log_message l
    join attempt a on a.id = l.attempt_id;

    create index materialization_metrics on materialization (run_id) where metrics is not null;

    alter table run add column due text;
    alter table run add column last_seen_at integer;
    update run set last_seen_at = ended_at, ended_at = null
    where outcome = 'cancelled'
      and exists (select 1 from attempt where run_id = run.id and outcome is null);

    drop view v_runs;
    create view v_runs as
    with tried as (
      select run_id, outcome, max(id) from attempt group by run_id, asset
    )
    select r.id as run, r.target, r.command,
      strftime('%Y-%m-%dT%H:%M:%SZ', r.started_at / 1000, 'unixepoch') as started_at,
      r.ended_at - r.started_at as duration_ms, r.outcome,
      count(case when a.outcome = 'materialized' then 1 end) as materialized,
      count(case when a.outcome = 'unchanged' then 1 end) as unchanged,
      count(case when a.outcome = 'failed' then 1 end) as failed
    from run r
    left join tried a on a.run_id = r.id
    group by r.id;
    """

  private static let columns2 = """
    alter table materialization add column column_lineage text;
    alter table materialization_input add column names text;
    alter table materialization_input add column details text;

    drop view v_column_lineage;
    drop table column_lineage;
    create view v_column_lineage as
    with published as (
      select m.target, m.asset, c.value as lineage, m.id as materialization
      from asset_state s
      join materialization m on m.id = s.materialization_id
      join json_each(m.column_lineage) c
    )
    select p.target, p.asset, p.lineage ->> 'column' as "column", 'from' as role,
      i.value ->> 'asset' as input, i.value ->> 'column' as input_column, p.materialization
    from published p join json_each(p.lineage, '$.from') i
    union all
    select p.target, p.asset, p.lineage ->> 'column', 'influenced_by',
      i.value ->> 'asset', i.value ->> 'column', p.materialization
    from published p join json_each(p.lineage, '$.influenced_by') i;

    drop table table_digest;
    delete from warehouse_stamp;
    create table table_content (
      target text not null,
      asset text not null collate nocase,
      digests text not null,
      details text,
      primary key (target, asset)
    ) without rowid;
    """
}
