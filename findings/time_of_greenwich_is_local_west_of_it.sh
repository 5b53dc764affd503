#!/usr/bin/env bash
# segment-analytics-python 2.4.0: whose time a timestamp is depends on whether it has come yet.
# A timestamp without a zone is taken by the library for local time or for UTC, and one would expect it to be one of
# the two. Seen: one that lies more than five seconds back on the clock of the wall is UTC, any other is local. So
# datetime.utcnow() is right in Berlin, where it lies an hour or two back, and in New York, where it is still to come,
# the event happens four or five hours later than it did; datetime.now() is right everywhere, and a local time of five
# minutes ago, as from a queue, is off by the zone. The endpoint here is a server on this machine.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check segment-analytics-python==2.4.0
cat > track.py <<'PYTHON'
import gzip
import json
import sys
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

from segment.analytics.client import Client

BODIES = []


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        BODIES.append(json.loads(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
host = f"http://127.0.0.1:{server.server_port}"
client = Client("key", host=host, sync_mode=True, on_error=lambda error, items: sys.exit(str(error)))
now = datetime.now(timezone.utc)
for name, moment in (
    ("utcnow", now.replace(tzinfo=None)),
    ("now", now.astimezone().replace(tzinfo=None)),
    ("five minutes ago", (now - timedelta(minutes=5)).astimezone().replace(tzinfo=None)),
    ("with a zone", now),
):
    client.track("reader-1", name, timestamp=moment)
late = {}
for body in BODIES:
    for event in body["batch"]:
        late[event["event"]] = round((datetime.fromisoformat(event["timestamp"]) - now).total_seconds() / 3600)
print(sys.argv[1], late)
assert late == json.loads(sys.argv[2])
server.shutdown()
PYTHON
export no_proxy=127.0.0.1
# zones without daylight saving, as TZ writes them: five hours west and one hour east of Greenwich
TZ=EST5 env/bin/python -W ignore track.py "New York" \
    '{"utcnow": 5, "now": 0, "five minutes ago": -5, "with a zone": 0}'
TZ=CET-1 env/bin/python -W ignore track.py "Berlin" \
    '{"utcnow": 0, "now": 0, "five minutes ago": 1, "with a zone": 0}'
