/* @asset
description: Routes flown at least `min_flights` times, the busiest first.
owner: ops@example.com
tags: [report]
materialized: view
columns:
  place: integer
  origin: text
  dest: text
  dest_name: text
  flights: integer
  late_percent: real
*/
select
  rank() over (order by flights desc, origin, dest) as place,
  origin,
  dest,
  dest_name,
  flights,
  late_percent
from route_performance
where flights >= :min_flights
