#!/usr/bin/env python3
"""@asset
description: How good the model is, and whom to call first.
kind: file
inputs:
  churn_model:
  call_list: {columns: [place, subscriber_id, plan, months, probability]}
outputs: [build/report.md]
"""
import csv
import json
import os

with open(os.environ["ASSETCTL_INPUT_CHURN_MODEL"]) as file:
    model = json.load(file)
with open(os.environ["ASSETCTL_INPUT_CALL_LIST"], newline="") as file:
    calls = list(csv.DictReader(file))

lines = ["# Who may leave", "", "| metric | value |", "|---|---:|"]
lines += [f"| {name} | {value} |" for name, value in sorted(model["metrics"].items())]
lines += ["", "| feature | weight |", "|---|---:|"]
lines += [
    f"| {name} | {weight:+.2f} |"
    for name, weight in sorted(model["weights"].items(), key=lambda pair: -abs(pair[1]))
]
lines += ["", f"Subscribers to call: {len(calls)}. The first ten:", ""]
lines += ["| place | subscriber | plan | months | risk |", "|---:|---:|---|---:|---:|"]
lines += [
    f"| {row['place']} | {row['subscriber_id']} | {row['plan']} | {row['months']} "
    f"| {float(row['probability']):.0%} |"
    for row in sorted(calls, key=lambda row: int(row["place"]))[:10]
]
with open(os.environ["ASSETCTL_OUTPUT"], "w") as file:
    file.write("\n".join(lines) + "\n")
