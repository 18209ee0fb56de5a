#!/usr/bin/env python3
"""@asset
description: Pages of the service, written to one file per resource.
owner: platform@example.com
tags: [extract]
kind: file
# One declaration, three assets: extract_customers, extract_products and extract_orders. Each is
# retried, fails and is selected on its own.
foreach: [customers, products, orders]
name: extract_{item}
outputs: ["build/raw/{item}.jsonl"]
# The stand-in for the service is a file, so assetctl sees when its content changes. Nobody can see that
# of a real service. Write `volatile: 1h` instead of `inputs:` there: ask again after an hour.
inputs: [api/shop.json]
retries: {max: 3, delay: 1s, backoff: exponential}
pool: api
"""
import json
import os

PAGE_SIZE = 10


def fetch(resource, page):
    """One page of a resource. Replace the body by a request to your service."""
    with open(os.environ["ASSETCTL_INPUT_SHOP"]) as file:
        rows = json.load(file)[resource]
    end = page * PAGE_SIZE
    return {"items": rows[end - PAGE_SIZE : end], "next": page + 1 if end < len(rows) else None}


resource = os.environ["ASSETCTL_ITEM"]
page, count = 1, 0
with open(os.environ["ASSETCTL_OUTPUT"], "w") as output:
    while page is not None:
        answer = fetch(resource, page)
        for item in answer["items"]:
            # Rows are written as they come. The queries in `staging` give them their form.
            output.write(json.dumps(item, sort_keys=True) + "\n")
        count += len(answer["items"])
        print(f"page {page}: {len(answer['items'])} rows")
        page = answer["next"]
print(f"{resource}: {count} rows")
