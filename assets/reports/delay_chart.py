"""@asset
kind: file
description: A chart of each day's mean delay and cancelled flights.
tags: [report]
inputs:
  daily_delays: {columns: [day, mean_dep_delay, cancelled_percent], format: csv}
outputs: [build/delay_chart.svg]
"""

import csv
import os
from datetime import date
from math import ceil

WIDTH = 960
LEFT, RIGHT = 64, 24
DELAY_TOP, DELAY_HEIGHT = 112, 240
CANCELLED_TOP, CANCELLED_HEIGHT = 424, 96
HEIGHT = 600

INK, MUTED, GRID, SHADE = "#1f2933", "#66727f", "#dde3e9", "#f3f5f8"
DELAY, DELAY_PEAK, CANCELLED = "#4c86c6", "#1d4f8c", "#e08a3c"


def read_days(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = [
            (
                date.fromisoformat(row["day"]),
                float(row["mean_dep_delay"]),
                float(row["cancelled_percent"]),
            )
            for row in csv.DictReader(file)
        ]
    return sorted(rows)


def number(value):
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Drawing:
    def __init__(self):
        self.lines = []

    def rect(self, x, y, width, height, fill, title=None, radius=0):
        rounded = f' rx="{radius}"' if radius else ""
        box = (
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" '
            f'height="{number(height)}" fill="{fill}"{rounded}'
        )
        self.lines.append(f"{box}><title>{escaped(title)}</title></rect>" if title else f"{box}/>")

    def line(self, x1, y1, x2, y2, stroke):
        self.lines.append(
            f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" '
            f'stroke="{stroke}"/>'
        )

    def text(self, x, y, text, size=12, fill=MUTED, anchor="start", weight=400, halo=False):
        outline = ' stroke="#ffffff" stroke-width="5" paint-order="stroke"' if halo else ""
        self.lines.append(
            f'<text x="{number(x)}" y="{number(y)}" font-size="{size}" fill="{fill}" '
            f'text-anchor="{anchor}" font-weight="{weight}"{outline}>{escaped(text)}</text>'
        )


def axis_step(top):
    """The roundest step that divides the axis into at most five parts."""
    for step in [1, 2, 5, 10, 20, 25, 50, 100, 200]:
        if top / step <= 5:
            return step
    return 500


def panel(drawing, days, values, top, height, unit, label, fill, peak_fill):
    """Draws one row of bars over the days, with its axis and a label on the highest bar."""
    slot = (WIDTH - LEFT - RIGHT) / len(days)
    step = axis_step(max(max(values), 1))
    ceiling = step * ceil(max(max(values), 1) / step)
    floor = step * -ceil(-min(min(values), 0) / step)

    def y(value):
        return top + height * (ceiling - value) / (ceiling - floor)

    for i, day in enumerate(days):
        if day.weekday() >= 5:
            drawing.rect(LEFT + i * slot, top, slot, height, SHADE)
    for tick in range(floor, ceiling + 1, step):
        drawing.line(LEFT, y(tick), WIDTH - RIGHT, y(tick), MUTED if tick == 0 else GRID)
        drawing.text(LEFT - 8, y(tick) + 4, f"{tick}", anchor="end")
    drawing.text(LEFT, top - 14, label, size=13, fill=INK, weight=600)

    peak = max(values)
    for i, (day, value) in enumerate(zip(days, values)):
        x = LEFT + i * slot + slot * 0.16
        bar_top, bar_bottom = min(y(value), y(0)), max(y(value), y(0))
        title = f"{day:%A} {day.day} {day:%B}: {value:.1f}{unit}"
        is_peak = value == peak
        if bar_bottom > bar_top:
            drawing.rect(
                x, bar_top, slot * 0.68, bar_bottom - bar_top,
                peak_fill if is_peak else fill, title, radius=1.5,
            )
        if is_peak:
            drawing.text(
                min(LEFT + (i + 0.5) * slot, WIDTH - RIGHT - 24), bar_top - 7,
                f"{value:.1f}{unit}", fill=INK, anchor="middle", weight=600, halo=True,
            )


def chart(rows):
    days = [row[0] for row in rows]
    delays = [row[1] for row in rows]
    cancelled = [row[2] for row in rows]
    slot = (WIDTH - LEFT - RIGHT) / len(days)
    first, last = days[0], days[-1]

    drawing = Drawing()
    drawing.rect(0, 0, WIDTH, HEIGHT, "#ffffff")
    drawing.text(LEFT, 40, "How late flights left New York", size=22, fill=INK, weight=700)
    drawing.text(
        LEFT, 63,
        f"{first.day} {first:%B} to {last.day} {last:%B %Y}, from EWR, JFK and LGA; "
        "weekends are shaded",
        size=13,
    )
    panel(
        drawing, days, delays, DELAY_TOP, DELAY_HEIGHT,
        " min", "Mean departure delay, in minutes", DELAY, DELAY_PEAK,
    )
    panel(
        drawing, days, cancelled, CANCELLED_TOP, CANCELLED_HEIGHT,
        "%", "Cancelled flights, in percent", CANCELLED, "#b4611a",
    )
    bottom = CANCELLED_TOP + CANCELLED_HEIGHT
    for i, day in enumerate(days):
        center = LEFT + (i + 0.5) * slot
        drawing.text(center, DELAY_TOP + DELAY_HEIGHT + 18, f"{day.day}", size=11, anchor="middle")
        drawing.text(center, bottom + 18, f"{day.day}", size=11, anchor="middle")
        drawing.text(center, bottom + 33, f"{day:%a}"[0], size=10, anchor="middle")
    drawing.text(LEFT, HEIGHT - 14, "Data: nycflights13", size=11)

    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" '
        "font-family=\"system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\">"
    )
    title = "<title>Mean departure delay and cancelled flights per day</title>"
    return "\n".join([head, title, *drawing.lines, "</svg>", ""])


def main():
    rows = read_days(os.environ["ASSETCTL_INPUT_DAILY_DELAYS"])
    with open(os.environ["ASSETCTL_OUTPUT"], "w", encoding="utf-8", newline="\n") as file:
        file.write(chart(rows))


main()
