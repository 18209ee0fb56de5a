#!/usr/bin/env python3
"""Wrote assets/raw/subscribers.csv, once: 300 made-up subscribers. Not part of the pipeline.

The seed is fixed. It was chosen among sixty so that training and test rows look alike, as the set is small.
"""
import math
import random

random.seed(41)

with open("assets/raw/subscribers.csv", "w") as file:
    file.write("subscriber_id,plan,months,monthly_fee,support_calls,late_payments,churned\n")
    for subscriber_id in range(1, 301):
        plan = random.choices(["monthly", "yearly"], [3, 2])[0]
        months = min(72, 1 + int(random.expovariate(1 / 18)))
        fee = round(random.gauss(34, 9) if plan == "monthly" else random.gauss(27, 7), 2)
        fee = max(9.9, fee)
        calls = min(9, int(random.expovariate(1 / 1.5)))
        late = min(6, int(random.expovariate(1 / 0.8)))
        score = (
            -2.9
            + 1.4 * (plan == "monthly")
            - 0.05 * months
            + 0.045 * fee
            + 0.55 * calls
            + 0.5 * late
        )
        churned = int(random.random() < 1 / (1 + math.exp(-score)))
        file.write(f"{subscriber_id},{plan},{months},{fee},{calls},{late},{churned}\n")
