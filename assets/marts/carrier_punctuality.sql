/* @asset
description: Airlines from the most to the least punctual.
owner: ops@example.com
tags: [report]
columns:
  place: {type: integer, description: 1 is the most punctual}
  carrier: text
  name: text
  flown: integer
  cancelled: integer
  on_time_percent: {type: real, description: of the flights that were flown or cancelled}
  mean_arr_delay: {type: real, description: minutes}
*/
with flown as (
  select
    carrier,
    count(*) as flights,
    count(*) filter (where arr_delay <= :on_time_minutes) as on_time,
    avg(arr_delay) as mean_arr_delay
  from flights_clean
  group by carrier
),
lost as (
  select carrier, count(*) as flights
  from flights
  where dep_time is null
  group by carrier
),
score as (
  select
    flown.carrier,
    flown.flights as flown,
    coalesce(lost.flights, 0) as cancelled,
    100.0 * flown.on_time / (flown.flights + coalesce(lost.flights, 0)) as on_time_percent,
    flown.mean_arr_delay
  from flown
  left join lost on lost.carrier = flown.carrier
)
select
  rank() over (order by score.on_time_percent desc, score.carrier) as place,
  score.carrier,
  airlines.name,
  score.flown,
  score.cancelled,
  round(score.on_time_percent, 1) as on_time_percent,
  round(score.mean_arr_delay, 1) as mean_arr_delay
from score
join airlines on airlines.carrier = score.carrier
