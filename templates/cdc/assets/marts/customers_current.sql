/* @asset
description: The customers as they are now.
# The table that the last run replaced is kept, so that `assetctl diff` shows which rows changed.
keep: 1
columns:
  id: {type: integer, checks: [unique, not_null]}
  name: {type: text, checks: [not_null]}
  city: text
  tier: {type: text, checks: [{accepted_values: [basic, gold]}]}
*/
select id, name, city, tier, at as changed_at
from customer_state
where op <> 'delete'
