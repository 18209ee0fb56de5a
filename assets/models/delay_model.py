"""@asset
kind: model
description: Predicts a departure's delay from its hour, airport, airline and weather.
tags: [model]
inputs:
  flights_with_weather:
    columns:
      - day
      - hour
      - carrier
      - origin
      - dep_delay
      - temp_c
      - wind_kmh
      - precip_mm
      - visibility_km
    format: csv
outputs: [build/delay_model.json]
"""

# A ridge regression in plain Python. Every fifth day is kept out of the fit and measures the error.

import csv
import json
import os
from math import sqrt

RIDGE = 10.0
WEATHER = ["temp_c", "wind_kmh", "precip_mm", "visibility_km"]


def read_flights(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_held_out(flight):
    return int(flight["day"][-2:]) % 5 == 0


def mean(values):
    return sum(values) / len(values)


class Encoder:
    """Turns a flight into a sparse row: pairs of a column's position and its value."""

    def __init__(self, flights):
        self.names = ["intercept"]
        self.centers = {}
        self.scales = {}
        self.positions = {}
        for column in WEATHER:
            known = [float(flight[column]) for flight in flights if flight[column] != ""]
            center = mean(known)
            self.centers[column] = center
            self.scales[column] = sqrt(mean([(x - center) ** 2 for x in known])) or 1.0
            self.add(column)
        for column, order in [("hour", int), ("origin", str), ("carrier", str)]:
            for value in sorted({flight[column] for flight in flights}, key=order):
                self.add(f"{column}={value}")

    def add(self, name):
        self.positions[name] = len(self.names)
        self.names.append(name)

    def row(self, flight):
        row = [(0, 1.0)]
        for column in WEATHER:
            if flight[column] != "":  # no reading counts as a usual one
                value = (float(flight[column]) - self.centers[column]) / self.scales[column]
                row.append((self.positions[column], value))
        for column in ["hour", "origin", "carrier"]:
            position = self.positions.get(f"{column}={flight[column]}")
            if position is not None:
                row.append((position, 1.0))
        return row


def fit(rows, targets, width):
    """Solves the normal equations, with a penalty on all coefficients but the intercept."""
    matrix = [[0.0] * (width + 1) for _ in range(width)]
    for row, target in zip(rows, targets):
        for i, x in row:
            line = matrix[i]
            for j, y in row:
                line[j] += x * y
            line[width] += x * target
    for i in range(1, width):
        matrix[i][i] += RIDGE
    return solve(matrix)


def solve(matrix):
    """Gaussian elimination with partial pivoting; the last column is the right-hand side."""
    size = len(matrix)
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(matrix[r][i]))
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        for r in range(i + 1, size):
            factor = matrix[r][i] / matrix[i][i]
            if factor:
                for c in range(i, size + 1):
                    matrix[r][c] -= factor * matrix[i][c]
    solution = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(matrix[i][c] * solution[c] for c in range(i + 1, size))
        solution[i] = (matrix[i][size] - rest) / matrix[i][i]
    return solution


def rmse(errors):
    return round(sqrt(mean([error * error for error in errors])), 3)


def mae(errors):
    return round(mean([abs(error) for error in errors]), 3)


def main():
    flights = read_flights(os.environ["ASSETCTL_INPUT_FLIGHTS_WITH_WEATHER"])
    fitted = [flight for flight in flights if not is_held_out(flight)]
    held_out = [flight for flight in flights if is_held_out(flight)]

    encoder = Encoder(fitted)
    targets = [float(flight["dep_delay"]) for flight in fitted]
    weights = fit([encoder.row(flight) for flight in fitted], targets, len(encoder.names))

    usual = mean(targets)
    errors = []
    baseline_errors = []
    for flight in held_out:
        delay = float(flight["dep_delay"])
        predicted = sum(weights[i] * x for i, x in encoder.row(flight))
        errors.append(delay - predicted)
        baseline_errors.append(delay - usual)

    model = {
        "target": "dep_delay",
        "ridge": RIDGE,
        "rows": {"fitted": len(fitted), "held_out": len(held_out)},
        "metrics": {
            "rmse": rmse(errors),
            "mae": mae(errors),
            "baseline_rmse": rmse(baseline_errors),
            "baseline_mae": mae(baseline_errors),
        },
        "standardization": {
            column: {
                "mean": round(encoder.centers[column], 4),
                "deviation": round(encoder.scales[column], 4),
            }
            for column in WEATHER
        },
        "coefficients": {
            name: round(weight, 4) + 0.0 for name, weight in zip(encoder.names, weights)
        },
    }
    with open(os.environ["ASSETCTL_OUTPUT"], "w", encoding="utf-8", newline="\n") as file:
        json.dump(model, file, indent=2)
        file.write("\n")


main()
