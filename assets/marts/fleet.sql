/* @asset
description: Aircraft that each airline flew, with what the register knows of them.
owner: ops@example.com
tags: [fleet]
columns:
  carrier: text
  tailnum: text
  manufacturer: {type: text, description: null where the register does not have the tail number}
  model: text
  seats: integer
  built: {type: integer, description: year of manufacture}
indexes: [[carrier]]
*/
with aircraft as (
  select distinct carrier, tailnum
  from flights_clean
)
select
  aircraft.carrier,
  aircraft.tailnum,
  case
    when planes.manufacturer like 'AIRBUS%' then 'Airbus'
    when planes.manufacturer like 'BOEING%' then 'Boeing'
    when planes.manufacturer like 'BOMBARDIER%' then 'Bombardier'
    when planes.manufacturer like 'CANADAIR%' then 'Bombardier'
    when planes.manufacturer like 'EMBRAER%' then 'Embraer'
    when planes.manufacturer like 'MCDONNELL DOUGLAS%' then 'McDonnell Douglas'
    when planes.manufacturer is not null then 'other'
  end as manufacturer,
  planes.model,
  planes.seats,
  planes.year as built
from aircraft
left join planes
  on planes.tailnum = aircraft.tailnum
  -- American and Envoy report numbers of their own, which match other airlines' aircraft or none.
  and aircraft.carrier not in ('AA', 'MQ')
