/* @asset
description: Products with their price.
owner: analytics@example.com
tags: [staging]
materialized: view
columns:
  product_id: {type: integer, checks: [unique, not_null]}
  product: text
  price: {type: real, checks: [{range: {min: 0}}]}
*/
select
  id as product_id,
  name as product,
  price
from raw_products
