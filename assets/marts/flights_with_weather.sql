/* @asset
description: Flights with the weather at their airport in the hour they were to leave.
owner: data@example.com
tags: [daily]
columns:
  day: date
  hour: integer
  carrier: text
  flight: integer
  origin: text
  dest: text
  dep_delay: integer
  temp_c: {type: real, description: null where no reading was taken}
  wind_kmh: real
  precip_mm: real
  visibility_km: real
*/
select
  flown.day,
  flown.hour,
  flown.carrier,
  flown.flight,
  flown.origin,
  flown.dest,
  flown.dep_delay,
  observed.temp_c,
  observed.wind_kmh,
  observed.precip_mm,
  observed.visibility_km
from flights_clean as flown
left join weather_hourly as observed
  on observed.origin = flown.origin
  and observed.observed_hour = flown.departure_hour
