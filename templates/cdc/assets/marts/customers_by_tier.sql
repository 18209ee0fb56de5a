/* @asset
description: How many customers each tier has now.
checks:
  - unique: tier
*/
select tier, count(*) as customers
from customers_current
group by tier
