#!/usr/bin/env python3
"""@asset
description: Weights of a logistic regression, with how well they do on the test rows.
kind: model
# The id is left out: the training must not read it, and a new id alone trains nothing.
inputs:
  train_rows: {columns: [is_monthly, tenure_years, fee_tens, support_calls, late_payments, churned]}
  test_rows: {columns: [is_monthly, tenure_years, fee_tens, support_calls, late_payments, churned]}
# An imported module is part of the definition only if it is named here.
code: [assets/model/logistic.py]
outputs: [build/churn_model.json]
# The numbers under "metrics" in the output. A model that is out of bounds is not published.
checks:
  - metric: {name: test_auc, min: 0.75}
  - metric: {name: test_log_loss, max: 0.6}
  - metric: {name: test_accuracy, min: 0.7, severity: warn}    # published all the same
"""
import json
import os

import logistic

train_rows = logistic.read(os.environ["ASSETCTL_INPUT_TRAIN_ROWS"])
test_rows = logistic.read(os.environ["ASSETCTL_INPUT_TEST_ROWS"])

model = logistic.train(
    train_rows,
    steps=int(os.environ["ASSETCTL_VAR_STEPS"]),
    penalty=float(os.environ["ASSETCTL_VAR_PENALTY"]),
)
model["metrics"] = {
    "train_rows": len(train_rows),
    "test_rows": len(test_rows),
    "train_auc": round(logistic.auc(model, train_rows), 4),
    "test_auc": round(logistic.auc(model, test_rows), 4),
    "test_log_loss": round(logistic.log_loss(model, test_rows), 4),
    "test_accuracy": round(logistic.accuracy(model, test_rows), 4),
}

with open(os.environ["ASSETCTL_OUTPUT"], "w") as file:
    json.dump(model, file, indent=2, sort_keys=True)
    file.write("\n")
print(json.dumps(model["metrics"]))
