#!/usr/bin/env bash
# dlt 1.31.0 on DuckDB 1.5.5: a record that changes twice on a day stays as it was at noon.
# An export tells the day of the last change; it is loaded at noon and in the evening by an incremental on that day, with
# a primary key and write_disposition="merge". One would expect the merge to bring the evening's state, as the cursor's
# last value is included. Seen: at the last value dlt drops, before any merge, each record whose key it has seen, however
# it has changed; deal 1 stays open until it is changed on another day, while deal 2 of the same evening arrives.
# Without a primary key whole records are compared, and the evening's is loaded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export RUNTIME__DLTHUB_TELEMETRY=false DLT_DATA_DIR="$folder/dlt"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check "dlt[duckdb]==1.31.0" duckdb==1.5.5
env/bin/python - <<'PYTHON'
import dlt

NOON = [{"id": 1, "stage": "open", "changed_on": "2026-11-27"}]
EVENING = [
    {"id": 1, "stage": "won", "changed_on": "2026-11-27"},
    {"id": 2, "stage": "open", "changed_on": "2026-11-27"},
]


def load(name: str, **hints: str) -> list[tuple[int, str]]:
    destination = dlt.destinations.duckdb(f"{name}.duckdb")
    pipeline = dlt.pipeline(name, destination=destination, dataset_name="crm")
    for delivery in (NOON, EVENING):

        @dlt.resource(name="deals", **hints)
        def deals(changed=dlt.sources.incremental("changed_on")):
            yield from delivery

        pipeline.run(deals())
    with pipeline.sql_client() as client:
        return client.execute_sql("select id, stage from deals order by id, stage")


merged = load("merged", primary_key="id", write_disposition="merge")
appended = load("appended", write_disposition="append")
print("merged", merged, "appended", appended)
assert merged == [(1, "open"), (2, "open")]
assert appended == [(1, "open"), (1, "won"), (2, "open")]
PYTHON
