/* @asset
description: Paid orders with what they brought in. Other teams build on this table.
owner: analytics@example.com
tags: [mart, daily]
# The table must have exactly these columns, with values of these types. Otherwise it is not published.
contract: enforced
columns:
  order_id: {type: integer, checks: [unique, not_null]}
  day: {type: date, checks: [not_null]}
  customer_id: {type: integer, checks: [not_null]}
  country: text
  product: text
  quantity: {type: integer, checks: [{range: {min: 1}}]}
  amount: {type: real, description: quantity times price}
indexes: [[day]]
checks:
  - row_count: {min: 1, max: 1000000}
*/
select
  o.order_id,
  o.day,
  o.customer_id,
  c.country,
  p.product,
  o.quantity,
  o.quantity * p.price as amount
from stg_orders as o
join stg_customers as c on c.customer_id = o.customer_id
join stg_products as p on p.product_id = o.product_id
where o.status = 'paid'
