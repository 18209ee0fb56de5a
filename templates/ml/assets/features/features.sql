/* @asset
description: One row of numbers per subscriber, and whether it is for training or for the test.
columns:
  subscriber_id: {type: integer, checks: [unique, not_null]}
  split: {type: text, checks: [{accepted_values: [train, test]}]}
checks:
  # A program would be given an empty text for a null, and fail.
  - expression: tenure_years is not null and fee_tens is not null
  - row_count: {equals: subscribers}
*/
select
  subscriber_id,
  -- The split follows from the id alone: no random(), so each run gives the same, and a new subscriber
  -- moves no other one from training to the test. The multiplication scatters ids that are neighbors.
  case
    when (subscriber_id * 2654435761 % 4294967296) / 1000 % 100 < :test_share then 'test'
    else 'train'
  end as split,
  plan = 'monthly' as is_monthly,
  months / 12.0 as tenure_years,
  monthly_fee / 10.0 as fee_tens,
  support_calls,
  late_payments,
  churned
from subscribers
