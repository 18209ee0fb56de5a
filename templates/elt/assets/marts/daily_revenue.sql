/* @asset
description: Orders and revenue per day.
owner: analytics@example.com
tags: [mart, daily]
checks:
  - unique: day
  - expression: revenue > 0
*/
select
  day,
  count(*) as orders,
  sum(amount) as revenue
from fct_orders
group by day
