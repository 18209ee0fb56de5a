/* @asset
description: Flights that reached their destination, with the local day they were scheduled for.
owner: data@example.com
tags: [daily]
columns:
  day: {type: date, description: local day of the scheduled departure}
  departure_hour: {type: timestamp, description: "scheduled hour of departure, in UTC"}
  hour: {type: integer, description: scheduled local hour of departure}
  carrier: text
  flight: integer
  tailnum: text
  origin: text
  dest: text
  distance: {type: integer, description: miles}
  dep_delay: {type: integer, description: minutes; below zero is early}
  arr_delay: {type: integer, description: minutes; below zero is early}
indexes: [[origin, departure_hour], [day]]
*/
select
  printf('%04d-%02d-%02d', year, month, day) as day,
  time_hour as departure_hour,
  hour,
  carrier,
  flight,
  tailnum,
  origin,
  dest,
  distance,
  dep_delay,
  arr_delay
from flights
where dep_time is not null      -- cancelled
  and arr_delay is not null     -- diverted
  and dep_delay <= 1440         -- later than a day is a typing error
