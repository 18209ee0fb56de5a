/* @asset
description: Flights that never left.
owner: data@example.com
tags: [daily]
columns:
  day: {type: date, description: local day of the scheduled departure}
  carrier: text
  flight: integer
  origin: text
  dest: text
*/
select
  printf('%04d-%02d-%02d', year, month, day) as day,
  carrier,
  flight,
  origin,
  dest
from flights
where dep_time is null
