/* @asset
description: Revenue of each product.
columns:
  product: {type: text, checks: [unique, not_null, {accepted_values: [coffee, tea, mug]}]}
  revenue: {type: real, checks: [{range: {min: 0}}]}
*/
select
  product,
  sum(amount) as revenue
from paid_orders
group by product
