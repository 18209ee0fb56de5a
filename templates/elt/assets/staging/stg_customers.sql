/* @asset
description: Customers under the names that the marts use.
owner: analytics@example.com
tags: [staging]
# A view stores no rows, so staging costs nothing. Checks run on it as on a table.
materialized: view
columns:
  customer_id: {type: integer, checks: [unique, not_null]}
  name: text
  country: {type: text, checks: [not_null, {matches: {pattern: '^[A-Z]{2}$'}}]}
*/
select
  id as customer_id,
  name,
  country
from raw_customers
