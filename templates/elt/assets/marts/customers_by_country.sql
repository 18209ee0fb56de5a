/* @asset
description: Where the customers live.
owner: analytics@example.com
tags: [mart]
columns:
  country: {type: text, checks: [unique, not_null]}
  customers: integer
checks:
  # No customer is counted twice or left out.
  - sql: |
      select counted.n, listed.n as expected
      from (select sum(customers) as n from customers_by_country) as counted,
           (select count(*) as n from stg_customers) as listed
      where counted.n <> listed.n
    name: all customers are counted
*/
select
  country,
  count(*) as customers
from stg_customers
group by country
