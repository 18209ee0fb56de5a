/* @asset
description: All versions of each customer, with the time from which and until which each was valid.
materialized: incremental
# A new version ends the one before it. So all versions of the customers with new changes are
# written again, and the customers without any are left alone.
unique_key: id
strategy: delete_insert
cursor: seq
columns:
  valid_to: {type: timestamp, description: null for the version that is valid now}
checks:
  - unique: [id, seq]
  - expression: valid_to is null or valid_to >= valid_from
  # Two versions of a customer are never valid at the same time.
  - sql: |
      select id, count(*) as versions
      from customer_history
      where valid_to is null
      group by id
      having count(*) > 1
    name: at most one version is valid now
*/
with versions as (
  select
    id,
    seq,
    op,
    name,
    city,
    tier,
    at as valid_from,
    lead(at) over (partition by id order by seq) as valid_to
  from changes
  where id in (select id from changes where :cursor is null or seq > :cursor)
)
select id, seq, name, city, tier, valid_from, valid_to
from versions
-- A deletion ends a version and begins none.
where op <> 'delete'
