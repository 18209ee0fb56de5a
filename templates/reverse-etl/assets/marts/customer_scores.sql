/* @asset
description: A score from 0 to 100 for each customer, by number, sum and age of the orders.
# These checks guard the CRM: if one fails, the program that sends the rows is not started.
columns:
  customer_id: {type: integer, checks: [unique, not_null]}
  email: {type: text, sensitive: true, checks: [not_null, {matches: {pattern: '^[^@ ]+@[^@ ]+$'}}]}
  score: {type: integer, checks: [not_null, {range: {min: 0, max: 100}}]}
  segment: {type: text, checks: [{accepted_values: [top, steady, quiet]}]}
*/
with bought as (
  select
    customer_id,
    count(*) as orders,
    sum(amount) as total,
    julianday(:today) - julianday(max(day)) as days_ago
  from orders
  group by customer_id
),
scored as (
  select
    customers.customer_id,
    customers.email,
    -- 0 for customers who have ordered nothing yet.
    coalesce(cast(round(min(
      10 * bought.orders + bought.total / 10 + max(0, 30 - bought.days_ago), 100
    )) as integer), 0) as score
  from customers
  left join bought on bought.customer_id = customers.customer_id
)
select
  customer_id,
  email,
  score,
  case
    when score >= 70 then 'top'
    when score >= 35 then 'steady'
    else 'quiet'
  end as segment
from scored
