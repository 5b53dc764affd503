#!/usr/bin/env bash
# mixpanel 5.4.1: a moment is sent as its office wrote it, and the zone is left out.
# A subscription renews on 2 March at 09:00 in New York, which is 14:00 UTC; Mixpanel takes times for UTC. The client
# writes datetimes itself, and one would expect the two, which are equal in Python, to be sent as one: in UTC, or with
# the zone. Seen: "2026-03-02T09:00:00" and "2026-03-02T14:00:00". Charges and profiles of an office west of Greenwich
# are hours early, and nothing is raised. The endpoint here is a server on this machine.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check mixpanel==5.4.1 tzdata==2026.2
env/bin/python - <<'PYTHON'
import json
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from mixpanel import Consumer, Mixpanel

SENT = []


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        SENT.append(json.loads(parse_qs(body)["data"][0]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"status": 1, "error": null}')

    def log_message(self, *arguments: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
people = f"http://127.0.0.1:{server.server_port}/engage"
client = Mixpanel("token", consumer=Consumer(people_url=people))
in_office = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("America/New_York"))
in_utc = in_office.astimezone(timezone.utc)
assert in_office == in_utc
client.people_set("C-1", {"office": in_office, "utc": in_utc})
client.people_track_charge("C-1", 50, {"$time": in_office})
profile, charge = SENT[0]["$set"], SENT[1]["$append"]
print(profile, charge)
assert profile == {"office": "2026-03-02T09:00:00", "utc": "2026-03-02T14:00:00"}
assert charge["$transactions"]["$time"] == "2026-03-02T09:00:00"
server.shutdown()
PYTHON
