"""Logistic regression without packages. No @asset: this is a module that the programs import."""
import csv
import math

FEATURES = ["is_monthly", "tenure_years", "fee_tens", "support_calls", "late_payments"]


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def values(row):
    return [float(row[name]) for name in FEATURES]


def probability(model, row):
    score = model["bias"]
    for name, value in zip(FEATURES, values(row)):
        score += model["weights"][name] * (value - model["means"][name])
    return 1 / (1 + math.exp(-score))


def train(rows, steps, penalty, rate=0.3):
    """Full gradient descent from zero. There is no chance in it, so there is no seed either."""
    count = len(rows)
    columns = list(zip(*map(values, rows)))
    means = [sum(column) / count for column in columns]
    points = [[value - mean for value, mean in zip(values(row), means)] for row in rows]
    labels = [float(row["churned"]) for row in rows]
    weights, bias = [0.0] * len(FEATURES), 0.0
    for _ in range(steps):
        gradient, bias_gradient = [penalty * weight for weight in weights], 0.0
        for point, label in zip(points, labels):
            score = bias + sum(weight * value for weight, value in zip(weights, point))
            error = (1 / (1 + math.exp(-score)) - label) / count
            bias_gradient += error
            for index, value in enumerate(point):
                gradient[index] += error * value
        weights = [weight - rate * slope for weight, slope in zip(weights, gradient)]
        bias -= rate * bias_gradient
    # Rounded: the last bits of exp() differ between machines, and are no reason for another model.
    return {
        "bias": round(bias, 6),
        "weights": {name: round(weight, 6) for name, weight in zip(FEATURES, weights)},
        "means": {name: round(mean, 6) for name, mean in zip(FEATURES, means)},
    }


def auc(model, rows):
    """How often a subscriber who left has the higher probability than one who stayed."""
    left = [probability(model, row) for row in rows if row["churned"] == "1"]
    stayed = [probability(model, row) for row in rows if row["churned"] == "0"]
    wins = sum((a > b) + 0.5 * (a == b) for a in left for b in stayed)
    return wins / (len(left) * len(stayed))


def log_loss(model, rows):
    """How surprised the model is by what happened. Always saying 50 % gives 0.693."""
    total = 0.0
    for row in rows:
        chance = probability(model, row)
        total -= math.log(chance if row["churned"] == "1" else 1 - chance)
    return total / len(rows)


def accuracy(model, rows):
    right = sum((probability(model, row) >= 0.5) == (row["churned"] == "1") for row in rows)
    return right / len(rows)
