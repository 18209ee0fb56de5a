#!/usr/bin/env python3
"""@asset
description: Sends the scores that changed to the CRM, and remembers what it has accepted.
kind: file
inputs:
  customer_scores: {columns: [customer_id, email, score, segment]}
outputs:
  state: build/pushed.jsonl      # for each customer the digest of what was sent last
  outbox: build/outbox.jsonl    # what this run sent, or would have sent
# 75 is the exit code of this program if a later attempt may succeed. A wrong token is not tried again.
retries: {max: 2, delay: 1s, backoff: exponential, on: [75]}
timeout: 10m
# The program reads its journal, which is no input. `strict` would hide it.
sandbox: off
# Delete the next "#" if the CRM wants a token. Every command then requires CRM_TOKEN to be set, and
# shows *** in its place.
# secrets: [CRM_TOKEN]
"""
import csv
import hashlib
import http.client
import json
import os
import sys
from urllib.parse import quote, urlsplit

STATE = "build/pushed.jsonl"
# assetctl publishes the state when the program exits with 0. While rows are on their way, the journal has
# it instead, and the published state is gone. So after a failure or a kill this asset is stale, whatever
# became of its input, and the next attempt goes on from the journal.
JOURNAL = "build/pushed.journal"
TRY_AGAIN = 75


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def load():
    """What each receiver was sent last: (URL, customer) -> {"digest", "version", "accepted"}."""
    state = {}
    for path in (STATE, JOURNAL):
        if os.path.exists(path):
            with open(path) as file:
                for line in file:
                    entry = json.loads(line)
                    state[entry["url"], entry["id"]] = entry["sent"]
            break
    return state


def line(key, sent):
    return json.dumps({"url": key[0], "id": key[1], "sent": sent}) + "\n"


def begin(state):
    """Lets the journal take the place of the published state."""
    os.makedirs("build", exist_ok=True)
    with open(JOURNAL + ".new", "w") as file:
        file.writelines(line(key, sent) for key, sent in sorted(state.items()))
        file.flush()
        os.fsync(file.fileno())
    os.replace(JOURNAL + ".new", JOURNAL)
    if os.path.exists(STATE):
        os.remove(STATE)


def remember(key, sent):
    with open(JOURNAL, "a") as file:
        file.write(line(key, sent))


def changed(rows, url, state):
    for row in rows:
        key = (url, row["customer_id"])
        body = json.dumps(
            {"email": row["email"], "score": int(row["score"]), "segment": row["segment"]},
            sort_keys=True,
        )
        now = digest(body)
        before = state.get(key, {"digest": None, "version": 0})
        if before["digest"] != now:
            version = before["version"] + 1
        elif not before["accepted"]:
            version = before["version"]
        else:
            continue
        # The same for each attempt to send this content, so that a receiver that has it already can tell.
        # The version makes it another one when an old content comes back later.
        idempotency_key = digest(f"{row['customer_id']} {version} {body}")
        yield key, body, idempotency_key, {"digest": now, "version": version}


class Receiver:
    """Sends with PUT, which may be repeated without harm."""

    def __init__(self, url):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            sys.exit(f"crm_url: `{url}` does not begin with http:// or https://")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(parts.netloc, timeout=10)
        self.path = parts.path.rstrip("/")
        self.headers = {"Content-Type": "application/json"}
        if token := os.environ.get("CRM_TOKEN"):
            self.headers["Authorization"] = f"Bearer {token}"

    def put(self, customer, body, idempotency_key):
        try:
            self.connection.request(
                "PUT",
                f"{self.path}/customers/{quote(customer, safe='')}",
                body=body,
                headers=self.headers | {"Idempotency-Key": idempotency_key},
            )
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            print(f"customer {customer}: {error}", file=sys.stderr)
            sys.exit(TRY_AGAIN)
        if answer.status >= 300:
            print(f"customer {customer}: {answer.status} {answer.reason}", file=sys.stderr)
            sys.exit(TRY_AGAIN if answer.status == 429 or answer.status >= 500 else 1)


url = os.environ["ASSETCTL_VAR_CRM_URL"]
state = load()
with open(os.environ["ASSETCTL_INPUT_CUSTOMER_SCORES"], newline="") as file:
    rows = list(csv.DictReader(file))
changes = list(changed(rows, url, state))

receiver = Receiver(url) if url else None
if receiver and changes:
    begin(state)
with open(os.environ["ASSETCTL_OUTPUT_OUTBOX"], "w") as outbox:
    for number, (key, body, idempotency_key, sent) in enumerate(changes, 1):
        if receiver:
            # If the answer is lost, nobody knows which content the receiver has. Then the row is sent
            # again, even if it is by then as it was before.
            remember(key, sent | {"accepted": False})
            receiver.put(key[1], body, idempotency_key)
            remember(key, sent | {"accepted": True})
            print(f"{number} of {len(changes)}: customer {key[1]} accepted")
        state[key] = sent | {"accepted": True}
        outbox.write(
            f'{{"put": "customers/{key[1]}", "key": "{idempotency_key}", "body": {body}}}\n'
        )

with open(os.environ["ASSETCTL_OUTPUT_STATE"], "w") as file:
    file.writelines(line(key, sent) for key, sent in sorted(state.items()))
print(f"{len(changes)} of {len(rows)} customers {'sent' if url else 'written to the outbox'}")
