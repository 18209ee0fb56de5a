/* @asset
description: How each day went, over all three airports.
owner: ops@example.com
tags: [daily, report]
columns:
  day: date
  flown: integer
  cancelled: integer
  cancelled_percent: {type: real, description: of the flights that were flown or cancelled}
  mean_dep_delay: {type: real, description: minutes}
  mean_arr_delay: {type: real, description: minutes}
  on_time_percent: {type: real, description: of the flights that were flown}
*/
with flown as (
  select
    day,
    count(*) as flights,
    avg(dep_delay) as mean_dep_delay,
    avg(arr_delay) as mean_arr_delay,
    count(*) filter (where arr_delay <= :on_time_minutes) as on_time
  from flights_clean
  group by day
),
lost as (
  select printf('%04d-%02d-%02d', year, month, day) as day, count(*) as flights
  from flights
  where dep_time is null
  group by 1
)
select
  flown.day,
  flown.flights as flown,
  coalesce(lost.flights, 0) as cancelled,
  round(100.0 * coalesce(lost.flights, 0) / (flown.flights + coalesce(lost.flights, 0)), 1)
    as cancelled_percent,
  round(flown.mean_dep_delay, 1) as mean_dep_delay,
  round(flown.mean_arr_delay, 1) as mean_arr_delay,
  round(100.0 * flown.on_time / flown.flights, 1) as on_time_percent
from flown
left join lost on lost.day = flown.day
