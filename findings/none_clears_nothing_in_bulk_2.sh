#!/usr/bin/env bash
# simple-salesforce 1.12.10: None empties a field through one bulk door, and leaves it as it was through the other.
# A contact's phone number is to be taken out of Salesforce, and its owner moved on: {"Phone": None}. By the first bulk
# API that is sent as null, and one would expect the second, bulk2, to mean the same by the same record. Seen: it sends
# CSV with an empty cell, which Salesforce documents to be ignored in an update (#N/A is what empties a field there).
# The job succeeds, and the number that somebody wanted gone stays. The server here is on this machine, and shows what
# is sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check simple-salesforce==1.12.10
env/bin/python -W ignore - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from requests import Session
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

SENT = {}


class Org(BaseHTTPRequestHandler):
    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        door = "bulk" if "/services/async/" in self.path else "bulk2"
        if self.path.rstrip("/").endswith(("/batch", "/batches")) and body:
            SENT[door] = body
        job = {
            "id": "1",
            "jobId": "1",
            "state": "Completed" if door == "bulk" else "Open" if self.command == "POST" else "JobComplete",
            "numberRecordsProcessed": 1,
            "numberRecordsFailed": 0,
        }
        result = [{"success": True, "id": "003", "created": False, "errors": []}]
        self.send_response(201 if self.command == "PUT" else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(result if self.path.endswith("/result") else job).encode())

    do_GET = do_POST = do_PUT = do_PATCH = answer

    def log_message(self, *arguments: object) -> None:
        pass


class Here(HTTPAdapter):
    def send(self, request: object, **options: object) -> object:
        request.url = request.url.replace("https://example.my.salesforce.com", HERE)
        return super().send(request, **options)


server = HTTPServer(("127.0.0.1", 0), Org)
HERE = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
session = Session()
session.trust_env = False
session.mount("https://", Here())
salesforce = Salesforce(instance="example.my.salesforce.com", session_id="session", session=session)
records = [{"Id": "003000000000001", "Phone": None}]
salesforce.bulk.Contact.update(records)
jobs = salesforce.bulk2.Contact.update(records=records)
print(SENT, jobs)
assert json.loads(SENT["bulk"]) == records
header, row = SENT["bulk2"].split()
assert dict(zip(header.split(","), row.split(","))) == {"Id": "003000000000001", "Phone": ""}
assert jobs[0]["numberRecordsFailed"] == 0
server.shutdown()
PYTHON
