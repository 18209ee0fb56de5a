/* @asset
description: Size and age of the fleet that each airline sent to New York.
owner: ops@example.com
tags: [fleet, report]
materialized: view
columns:
  carrier: text
  name: text
  aircraft: integer
  registered_percent: {type: real, description: aircraft whose year of manufacture is known}
  mean_age: {type: real, description: "years in 2013, over the aircraft whose year is known"}
  mean_seats: {type: real, description: over the aircraft that are in the register}
*/
select
  fleet.carrier,
  airlines.name,
  count(*) as aircraft,
  round(100.0 * count(fleet.built) / count(*), 1) as registered_percent,
  round(2013 - avg(fleet.built), 1) as mean_age,
  round(avg(fleet.seats), 1) as mean_seats
from fleet
join airlines on airlines.carrier = fleet.carrier
group by fleet.carrier, airlines.name
