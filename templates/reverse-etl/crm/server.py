#!/usr/bin/env python3
"""A receiver for trying it out: keeps customers in crm/records.json. It listens on 127.0.0.1 alone.

With CRM_TOKEN in its environment it wants that token. `--fail-after N` makes it answer 503 after N records.
"""
import argparse
import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "records.json")

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8787)
parser.add_argument("--fail-after", type=int, metavar="N")
options = parser.parse_args()
token = os.environ.get("CRM_TOKEN")
stored = 0
records = {}
if os.path.exists(FILE):
    with open(FILE) as file:
        records = json.load(file)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        global stored
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            return    # The sender was killed.
        key = self.headers.get("Idempotency-Key")
        known = records.get(self.path)
        if token and self.headers.get("Authorization") != f"Bearer {token}":
            self.answer(401, "no valid token")
        elif not self.path.startswith("/customers/") or not key:
            self.answer(400, "expected a customer and an Idempotency-Key")
        elif known and known["key"] == key:
            # The sender did not hear the answer the last time. Nothing is done twice.
            self.answer(200, "known already")
        elif options.fail_after is not None and stored >= options.fail_after:
            self.answer(503, "out of order")
        else:
            changes = known["changes"] + 1 if known else 1
            records[self.path] = {"key": key, "changes": changes, "record": json.loads(body)}
            with open(FILE + ".new", "w") as file:
                json.dump(records, file, indent=1, sort_keys=True)
            os.replace(FILE + ".new", FILE)
            stored += 1
            self.answer(200, "stored")

    def answer(self, status, text):
        print(f"PUT {self.path}  {status} {text}", flush=True)
        body = (json.dumps({"result": text}) + "\n").encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


print(f"listening on http://127.0.0.1:{options.port}", flush=True)
try:
    HTTPServer(("127.0.0.1", options.port), Handler).serve_forever()
except KeyboardInterrupt:
    pass
