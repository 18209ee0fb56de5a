/* @asset
description: Orders and revenue per month. It has nothing to do with the CRM.
checks:
  - unique: month
  - expression: revenue > 0
*/
select
  substr(day, 1, 7) as month,
  count(*) as orders,
  sum(amount) as revenue
from orders
group by month
