/* @asset
description: Orders, one row each, with the nested customer taken out.
owner: analytics@example.com
tags: [staging]
materialized: view
columns:
  order_id: {type: integer, checks: [unique, not_null]}
  customer_id: {type: integer, checks: [not_null, {relationships: {to: stg_customers.customer_id}}]}
  product_id: {type: integer, checks: [{relationships: {to: stg_products.product_id}}]}
  status: {type: text, checks: [{accepted_values: [paid, open, refunded]}]}
*/
select
  id as order_id,
  -- JSON Lines keeps a nested value as JSON text.
  json_extract(customer, '$.id') as customer_id,
  product_id,
  quantity,
  status,
  date(ordered_at) as day
from raw_orders
