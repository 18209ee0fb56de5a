/* @asset
description: Subscribers with a high risk of leaving, the highest first.
checks:
  - unique: subscriber_id
  - expression: probability >= :high_risk
*/
select
  rank() over (order by predictions.probability desc, subscribers.subscriber_id) as place,
  subscribers.subscriber_id,
  subscribers.plan,
  subscribers.months,
  predictions.probability
from predictions
join subscribers on subscribers.subscriber_id = predictions.subscriber_id
where predictions.probability >= :high_risk
  and subscribers.churned = 0
