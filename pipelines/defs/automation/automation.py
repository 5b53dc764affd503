"""When runs start: every hour, and soon after a new file has stopped growing."""

import hashlib
import json
from pathlib import Path

import dagster as dg

from pipelines.ingest.places import find_files
from pipelines.settings import settings_from_environment

WAREHOUSE_JOB = "warehouse"
IN_FLIGHT = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]

warehouse_job = dg.define_asset_job(
    WAREHOUSE_JOB,
    selection=dg.AssetSelection.all(),
    description="Exports in, audited release out.",
)


def listing_digest(exports: Path | str) -> str:
    """A hash of every path, size and modification time below `exports`; '' if there is nothing."""
    files = find_files(exports)
    listed = [f"{file.relative}\0{file.size}\0{file.modified_at}\n" for file in files]
    return hashlib.sha256("".join(listed).encode()).hexdigest() if files else ""


def is_running(instance: dg.DagsterInstance) -> bool:
    """Whether a run of the warehouse is queued or under way."""
    runs_filter = dg.RunsFilter(job_name=WAREHOUSE_JOB, statuses=IN_FLIGHT)
    return instance.get_runs_count(runs_filter) > 0


@dg.schedule(job=warehouse_job, cron_schedule="0 * * * *", execution_timezone="UTC")
def hourly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Every hour, unless a run is still under way: runs never overlap."""
    if is_running(context.instance):
        return dg.SkipReason("the last run is still under way")
    return dg.RunRequest()


@dg.sensor(job=warehouse_job, minimum_interval_seconds=30)
def new_exports(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Start a run once the exports differ from the last run's and have stopped growing.

    The cursor keeps two digests of the folder: as the last tick saw it, and as the last run
    found it. A file still being copied changes between two ticks.
    """
    seen = json.loads(context.cursor) if context.cursor else {"tick": "", "run": ""}
    digest = listing_digest(settings_from_environment().exports)
    if digest in ("", seen["run"]):
        return dg.SkipReason("no new exports")
    if digest != seen["tick"]:
        cursor = json.dumps({"tick": digest, "run": seen["run"]})
        return dg.SensorResult(skip_reason="new exports, still arriving", cursor=cursor)
    if is_running(context.instance):
        return dg.SkipReason("new exports, but the last run is still under way")
    cursor = json.dumps({"tick": digest, "run": digest})
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=digest)], cursor=cursor)
