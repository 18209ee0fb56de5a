/* @asset
description: Orders and revenue of each month.
# Checks run on the new rows before any reader sees them. If one fails, the old rows stay.
checks:
  - unique: month
  - expression: revenue > 0
*/
select
  substr(ordered, 1, 7) as month,
  count(*) as orders,
  sum(amount) as revenue
from paid_orders
group by month
