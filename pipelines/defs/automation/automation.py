"""When runs start: every hour, and soon after a new file has stopped growing.

Schedule and sensors are on wherever Dagster's daemon runs; whoever wants to start runs by hand
switches them off in the browser, and Dagster remembers that.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from pipelines.ingest.places import find_files
from pipelines.run import nothing_new, require_rules, require_usable
from pipelines.runs import AlreadyRunningError, exclusive
from pipelines.settings import UsageError, settings_from_environment, without_credentials

WAREHOUSE_JOB = "warehouse"
IN_FLIGHT = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
FINISHED = [
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
]
# As long as deploy/dagster.yaml keeps the ticks that started them.
RUNS_KEPT = timedelta(days=90)

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


def why_not_to_run(instance: dg.DagsterInstance) -> str | None:
    """What `throughline run` would say where it has nothing to do; None where a run is due.

    Raises:
        UsageError: a run could not start: the exports are missing, a rule cannot be used, or one
            is queued or under way, here or from a command line.
    """
    in_flight = dg.RunsFilter(job_name=WAREHOUSE_JOB, statuses=IN_FLIGHT)
    if instance.get_runs_count(in_flight):
        raise AlreadyRunningError("the last run is still under way")
    settings = settings_from_environment()
    require_usable(settings, None)
    with exclusive(settings, "a look of the scheduler"):
        unchanged = nothing_new(settings, None)
    if unchanged:
        return unchanged.message
    require_rules()
    return None


@dg.schedule(
    job=warehouse_job,
    cron_schedule="0 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def hourly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Every hour, where files or rules are new: the looking costs no run."""
    exports = settings_from_environment().exports
    if not find_files(exports):
        return dg.SkipReason(f"no exports below {without_credentials(str(exports))}")
    try:
        reason = why_not_to_run(context.instance)
    except UsageError as error:
        reason = str(error)
    return dg.SkipReason(reason) if reason else dg.RunRequest()


@dg.sensor(
    job=warehouse_job,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
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
    try:
        reason = why_not_to_run(context.instance)
    except UsageError as error:
        return dg.SkipReason(f"new exports, but {error}")
    cursor = json.dumps({"tick": digest, "run": digest})
    if reason:
        return dg.SensorResult(skip_reason=reason, cursor=cursor)
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=digest)], cursor=cursor)


@dg.sensor(minimum_interval_seconds=3600, default_status=dg.DefaultSensorStatus.RUNNING)
def old_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Delete Dagster's record of runs that ended long ago; it has no retention of its own.

    What became of them stays in the warehouse: meta.runs of each release.
    """
    before = datetime.now(UTC) - RUNS_KEPT
    old = context.instance.get_runs(dg.RunsFilter(statuses=FINISHED, created_before=before))
    for run in old:
        context.instance.delete_run(run.run_id)
    return dg.SkipReason(f"{len(old)} runs from before {before:%Y-%m-%d} deleted")
