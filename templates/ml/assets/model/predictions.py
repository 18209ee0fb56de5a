#!/usr/bin/env python3
"""@asset
description: For each subscriber the probability of leaving.
# The rows that a program writes become a table, with checks as on any other.
kind: table
inputs:
  features: {columns: [subscriber_id, is_monthly, tenure_years, fee_tens, support_calls, late_payments]}
  churn_model:
code: [assets/model/logistic.py]
columns:
  subscriber_id: {type: integer, checks: [unique, not_null]}
  probability: {type: real, checks: [not_null, {range: {min: 0, max: 1}}]}
checks:
  - row_count: {equals: features}
"""
import csv
import json
import os

import logistic

# A file asset is given as its path, a table as a file with its rows.
with open(os.environ["ASSETCTL_INPUT_CHURN_MODEL"]) as file:
    model = json.load(file)

with open(os.environ["ASSETCTL_OUTPUT"], "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["subscriber_id", "probability"])
    for row in logistic.read(os.environ["ASSETCTL_INPUT_FEATURES"]):
        writer.writerow([row["subscriber_id"], round(logistic.probability(model, row), 4)])
