/* @asset
description: Traffic and delay per route.
owner: ops@example.com
tags: [report]
columns:
  origin: text
  dest: text
  dest_name: {type: text, description: the code itself where the airport is not known}
  distance: {type: integer, description: miles}
  flights: integer
  carriers: {type: integer, description: airlines that fly the route}
  mean_arr_delay: {type: real, description: minutes}
  late_percent: {type: real, description: flights that were not on time}
*/
select
  flown.origin,
  flown.dest,
  coalesce(airports.name, flown.dest) as dest_name,
  max(flown.distance) as distance,
  count(*) as flights,
  count(distinct flown.carrier) as carriers,
  round(avg(flown.arr_delay), 1) as mean_arr_delay,
  round(100.0 * count(*) filter (where flown.arr_delay > :on_time_minutes) / count(*), 1)
    as late_percent
from flights_clean as flown
left join airports on airports.faa = flown.dest
group by flown.origin, flown.dest, airports.name
