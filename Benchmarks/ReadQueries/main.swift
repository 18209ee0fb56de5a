// Measures what reading one query costs: its text of forty lines is read over and over, each time with
// another comment, on one core.

import AssetCore
import AssetSQL

let query = """
  with flights as (
    select
      f.id,
      f.carrier,
      f.origin,
      f.dest,
      f.dep_delay,
      f.arr_delay,
      f.time_hour,
      case when f.dep_delay > :minutes then 1 else 0 end as is_late,
      coalesce(f.air_time, 0) as air_time,
      f.distance * 1.609 as kilometres
    from flights_clean as f
    where f.dep_delay is not null
      and f.dep_delay between -60 and 1440
      and f.carrier in (select carrier from airlines where name like '%Inc%')
  ),
  weather as (
    select w.origin, w.time_hour, avg(w.wind_speed) as wind, max(w.precip) as rain
    from weather_hourly as w
    left join stations as s on s.origin = w.origin and s.closed is null
    group by w.origin, w.time_hour
  ),
  joined as (
    select *
    from flights
    left join weather using (origin, time_hour)
    where wind < 100 or rain is null
  )
  select
    j.carrier,
    date(j.time_hour) as day,
    count(*) as flights,
    sum(j.is_late) as late,
    round(avg(j.dep_delay), 2) as mean_delay,
    max(j.kilometres) as longest,
    row_number() over (partition by j.carrier order by count(*) desc) as place
  from joined as j
  group by j.carrier, date(j.time_hour)
  having count(*) > 10
  order by late desc
  """
let columns: [String: [String]] = [
  "flights_clean": [
    "id", "carrier", "origin", "dest", "dep_delay", "arr_delay", "time_hour", "air_time",
    "distance",
    "note", "tail",
  ],
  "airlines": ["carrier", "name"],
  "weather_hourly": ["origin", "time_hour", "wind_speed", "precip", "temp"],
  "stations": ["origin", "closed"],
]

/// The least time of a call in seconds, as the best of several rounds.
@MainActor func leastTime(of body: (String) -> Int) -> Double {
  let clock = ContinuousClock()
  var least = Duration.seconds(1_000_000)
  var found = 0
  for round in 0..<10 {
    let time = clock.measure {
      for number in 0..<1000 { found += body(query + "\n-- \(round).\(number)") }
    }
    least = min(least, time)
  }
  precondition(found > 0)
  return least / .seconds(1000)
}

@MainActor func report(_ name: String, _ seconds: Double) {
  print("10,000 queries of 40 lines: \(name) \((seconds * 10_000 * 1000).rounded() / 1000) s")
}

report(
  "their tables",
  leastTime { (try? analyze($0, dialect: .sqlite).tables.count) ?? 0 })
report(
  "their columns",
  leastTime { query in
    readQuery(query, dialect: .sqlite) { columns[$0.name] }.columns?.count ?? 0
  })
