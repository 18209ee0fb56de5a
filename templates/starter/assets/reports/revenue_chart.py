#!/usr/bin/env python3
"""@asset
description: A bar for the revenue of each month.
kind: file
# The program is given these columns and no others. A change in another column does not run it.
inputs:
  monthly_revenue: {columns: [month, revenue]}
outputs: [build/revenue.svg]
"""
import csv
import os

WIDTH, HEIGHT, LEFT, BASE = 480, 240, 40, 200

# assetctl says where the rows are. It publishes what is at ASSETCTL_OUTPUT if the program exits with 0.
with open(os.environ["ASSETCTL_INPUT_MONTHLY_REVENUE"], newline="") as file:
    rows = [(row["month"], float(row["revenue"])) for row in csv.DictReader(file)]

top = max(revenue for _, revenue in rows)
step = (WIDTH - 2 * LEFT) / len(rows)

parts = [
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
    'font-family="sans-serif" font-size="12" text-anchor="middle">',
    '<rect width="100%" height="100%" fill="white"/>',
    f'<text x="{WIDTH / 2:g}" y="24" font-size="15">Revenue per month</text>',
]
for index, (month, revenue) in enumerate(rows):
    height = 140 * revenue / top
    middle = LEFT + step * (index + 0.5)
    parts += [
        f'<rect x="{middle - step * 0.3:.1f}" y="{BASE - height:.1f}" '
        f'width="{step * 0.6:.1f}" height="{height:.1f}" fill="#3b6ea5"/>',
        f'<text x="{middle:.1f}" y="{BASE - height - 6:.1f}">{revenue:g}</text>',
        f'<text x="{middle:.1f}" y="{BASE + 18}">{month}</text>',
    ]
parts.append("</svg>")

with open(os.environ["ASSETCTL_OUTPUT"], "w") as file:
    file.write("\n".join(parts) + "\n")
print(f"{len(rows)} months")
