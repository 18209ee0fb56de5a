/* @asset
description: One row of weather per airport and hour, in metric units.
owner: data@example.com
tags: [hourly]
columns:
  origin: text
  observed_hour: {type: timestamp, description: hour in UTC; a local one can come twice}
  temp_c: {type: real, description: degrees Celsius}
  humidity: {type: real, description: percent}
  wind_kmh: {type: real, description: kilometres per hour}
  precip_mm: {type: real, description: millimetres in the hour}
  visibility_km: {type: real, description: kilometres}
indexes: [[origin, observed_hour]]
*/
select
  origin,
  time_hour as observed_hour,
  round((avg(temp) - 32) / 1.8, 1) as temp_c,
  round(avg(humid), 1) as humidity,
  -- One reading in February says 1048 miles per hour.
  round(avg(wind_speed) filter (where wind_speed < 200) * 1.609344, 1) as wind_kmh,
  round(max(precip) * 25.4, 2) as precip_mm,
  round(avg(visib) * 1.609344, 1) as visibility_km
from weather
group by origin, time_hour
