#!/usr/bin/env bash
# dagster 1.13.27 with dagster-dbt 0.29.27: enable_source_tests_as_checks undoes blocking checks of the source.
# A raw table has a blocking asset check of its own, and dbt models that read it as a source. One would expect that
# showing dbt's source tests as checks, too, adds checks and changes nothing about the order.
# Seen: without the setting the failed check stops dbt; with it dbt runs before the check does, the models are built
# from a refused delivery, and only then the run fails.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dagster==1.13.27 dagster-dbt==0.29.27 dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.5
mkdir models
cat > dbt_project.yml <<'YAML'
name: finding
version: 1.0.0
profile: finding
flags: {send_anonymous_usage_stats: false}
YAML
cat > profiles.yml <<'YAML'
finding: {target: dev, outputs: {dev: {type: duckdb, path: warehouse.duckdb}}}
YAML
cat > models/raw.yml <<'YAML'
sources:
  - name: raw
    schema: main
    tables: [{name: contacts, columns: [{name: id, data_tests: [not_null]}]}]
YAML
echo "select id from {{ source('raw', 'contacts') }}" > models/people.sql
export DAGSTER_DISABLE_TELEMETRY=1 PATH="$PWD/env/bin:$PATH"
dbt parse --quiet --profiles-dir .
cat > graph.py <<'PYTHON'
import dagster as dg
import duckdb
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    dbt_assets,
)


def order_of_steps(enabled):
    @dg.asset(key=["raw", "contacts"])
    def contacts():
        with duckdb.connect("warehouse.duckdb") as con:
            con.execute("create or replace table contacts as select 1 as id")

    @dg.asset_check(asset=dg.AssetKey(["raw", "contacts"]), blocking=True)
    def plausible():
        return dg.AssetCheckResult(passed=False)

    settings = DagsterDbtTranslatorSettings(enable_source_tests_as_checks=enabled)

    @dbt_assets(
        manifest="target/manifest.json",
        dagster_dbt_translator=DagsterDbtTranslator(settings=settings),
    )
    def models(context: dg.AssetExecutionContext, dbt: DbtCliResource):
        yield from dbt.cli(["build"], context=context).stream()

    defs = dg.Definitions(
        assets=[contacts, models],
        asset_checks=[plausible],
        resources={"dbt": DbtCliResource(project_dir=".", profiles_dir=".")},
        jobs=[dg.define_asset_job("all", "*")],
        executor=dg.in_process_executor,
    )
    job = defs.resolve_job_def("all")
    result = job.execute_in_process(raise_on_error=False)
    return [e.step_key for e in result.all_events if e.event_type_value == "STEP_START"]


off, on = order_of_steps(False), order_of_steps(True)
print("off:", off, "| on:", on)
assert off == ["raw__contacts", "raw__contacts_plausible"], off
assert on == ["raw__contacts", "models", "raw__contacts_plausible"], on
PYTHON
python graph.py 2>/dev/null
