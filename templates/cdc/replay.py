#!/usr/bin/env python3
"""Replays all changes in plain Python and compares the result with the tables of the warehouse."""
import glob
import json
import sqlite3
import sys

changes = []
for path in sorted(glob.glob("changes/*.jsonl")):
    with open(path) as file:
        changes += [json.loads(line) for line in file]
changes.sort(key=lambda change: change["seq"])

current, history = {}, []
for change in changes:
    key = change["id"]
    if key in current:
        current[key]["valid_to"] = change["at"]
    if change["op"] == "delete":
        current.pop(key, None)
    else:
        version = dict(change, valid_to=None)
        current[key] = version
        history.append(version)


def rows(versions, *names):
    return sorted(tuple(version[name] for name in names) for version in versions)


warehouse = sqlite3.connect("file:.assetctl/warehouse.sqlite?mode=ro", uri=True)
pairs = {
    "customers_current": (
        rows(current.values(), "id", "name", "city", "tier", "at"),
        "select id, name, city, tier, changed_at from customers_current order by id",
    ),
    "customer_history": (
        rows(history, "id", "seq", "name", "city", "tier", "at", "valid_to"),
        "select id, seq, name, city, tier, valid_from, valid_to from customer_history order by id, seq",
    ),
}
same = True
for name, (replayed, query) in pairs.items():
    published = warehouse.execute(query).fetchall()
    same = same and published == replayed
    print(f"{name}: {len(published)} rows,", "as replayed" if published == replayed else "NOT as replayed")
sys.exit(0 if same else 1)
