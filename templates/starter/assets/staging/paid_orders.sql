/* @asset
description: Paid orders with their amount.
# SQLite keeps dates as text. The type says that this text is a date, for checks and for people.
columns:
  order_id: {type: integer, checks: [unique, not_null]}
  ordered: {type: date, checks: [not_null]}
  product: text
  amount: {type: real, description: quantity times price}
*/
select
  order_id,
  ordered,
  product,
  quantity * price as amount
from orders
where status = 'paid'
  and ordered >= :first_day
