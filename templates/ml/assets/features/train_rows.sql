/* @asset
description: The rows for training.
materialized: view
*/
select subscriber_id, is_monthly, tenure_years, fee_tens, support_calls, late_payments, churned
from features
where split = 'train'
