#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1: macros see no `graph` where a run is handed a manifest that was read back.
# dbt's programmatic runner takes a manifest, so that a process need not parse the project again, and dbt itself keeps
# one in partial_parse.msgpack. One would expect a run to be the same with it. Seen: a hook that looks through
# `graph.sources` ends the run with "'dict object' has no attribute 'sources'", since `graph` is made where dbt parses,
# and is not among what the manifest keeps. With the manifest of a parse in the same process, or after
# build_flat_graph() on the one that was read, the hook finds its source.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.5
mkdir models macros
cat > dbt_project.yml <<'YAML'
name: finding
version: 1.0.0
profile: finding
flags: {send_anonymous_usage_stats: false}
on-run-start: "{{ told() }}"
YAML
cat > profiles.yml <<'YAML'
finding: {target: dev, outputs: {dev: {type: duckdb, path: ":memory:"}}}
YAML
cat > models/sources.yml <<'YAML'
sources: [{name: crm, tables: [{name: deals}]}]
YAML
echo 'select 1 as deal_id' > models/first.sql
cat > macros/told.sql <<'SQL'
{% macro told() %}{% if execute %}
{% do log('sources in the graph: ' ~ graph.sources.values() | list | length, info=true) %}
{% endif %}{% endmacro %}
SQL
cat > run.py <<'PY'
import sys

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

places = ["--profiles-dir", ".", "--no-use-colors"]
if sys.argv[1] == "parsed":
    manifest = dbtRunner().invoke(["--quiet", "parse", *places]).result
else:
    with open("target/partial_parse.msgpack", "rb") as file:
        manifest = Manifest.from_msgpack(file.read())
if sys.argv[1] == "mended":
    manifest.build_flat_graph()
done = dbtRunner(manifest=manifest).invoke(["run", *places])
print("exception:", " ".join(str(done.exception).split()))
PY
for manifest in parsed read_back mended; do
    env/bin/python run.py "$manifest" > "$manifest" 2>&1
    echo "$manifest: $(grep -oE "sources in the graph: [0-9]+|exception: .*|'dict object'.*" "$manifest" | sort -u | tr '\n' ';')"
done
grep -q 'sources in the graph: 1' parsed
grep -q "'dict object' has no attribute 'sources'" read_back
grep -q 'sources in the graph: 1' mended
