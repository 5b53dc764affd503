#!/usr/bin/env bash
# dagster 1.13.27 with dagster-webserver 1.13.27: telemetry.enabled: false does not stop the sending.
# The documented switch in dagster.yaml stops Dagster's own events from being recorded. One would expect that nothing is
# sent either: whatever lies in $DAGSTER_HOME/logs is, for the uploader, what was recorded. DAGSTER_HOME at the root of
# a project, where dbt writes logs/dbt.log, makes that dbt's log.
# Seen: the web server, telemetry off, posts the file as soon as it starts. The environment variable
# DAGSTER_DISABLE_TELEMETRY, which the code says is for its maker's own test pipelines, stops it. The address here is a
# listener on this machine.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dagster==1.13.27 dagster-webserver==1.13.27
cat > listener.py <<'PYTHON'
import http.server
import pathlib
import zlib


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with pathlib.Path("received").open("ab") as received:
            received.write(zlib.decompress(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path("port").write_text(str(server.server_address[1]))
server.serve_forever()
PYTHON
env/bin/python listener.py &
until [ -s port ]; do sleep 0.1; done
export DAGSTER_TELEMETRY_URL="http://127.0.0.1:$(cat port)/actions"
unset BUILDKITE TF_BUILD DAGSTER_DISABLE_TELEMETRY
echo 'import dagster; defs = dagster.Definitions()' > graph.py

start() {
    mkdir -p home/logs
    printf 'telemetry:\n  enabled: false\n' > home/dagster.yaml
    echo 'select * from customers -- from dbt' > home/logs/dbt.log
    rm -f received
    env "DAGSTER_HOME=$PWD/home" "$@" timeout 25 env/bin/dagster-webserver -f graph.py -p 0 -h 127.0.0.1 >server 2>&1 || true
}
start SOME=thing
echo "telemetry.enabled: false sends: $(cat received)"
grep -q 'from dbt' received
start DAGSTER_DISABLE_TELEMETRY=yes
echo "DAGSTER_DISABLE_TELEMETRY sends: $(cat received 2>/dev/null || echo nothing)"
[ ! -e received ]
