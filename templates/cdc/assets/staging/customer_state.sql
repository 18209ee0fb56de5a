/* @asset
description: The last change of each customer. A deleted customer stays as a row with op delete.
materialized: incremental
# A new row replaces the row with the same id. Rows are never removed by that, so a deletion is
# remembered here, and left out by the view customers_current.
unique_key: id
strategy: upsert
# assetctl remembers the greatest seq that was read. The next run reads only the rows after it.
cursor: seq
columns:
  id: {type: integer, checks: [unique, not_null]}
*/
with new_changes as (
  select
    id,
    op,
    name,
    city,
    tier,
    seq,
    at,
    -- Several changes of one customer may come in one run. The last one wins.
    row_number() over (partition by id order by seq desc) as newest_first
  from changes
  -- :cursor is null when the table is built from scratch.
  where :cursor is null or seq > :cursor
)
select id, op, name, city, tier, seq, at
from new_changes
where newest_first = 1
