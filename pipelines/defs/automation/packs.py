"""The packs of the week's meetings: a schedule each, by the clock of the reporting zone."""

from pathlib import Path

import dagster as dg

from pipelines.defs.resources import POOL
from pipelines.packs import Ceremony, ceremonies, due_on, reporting_zone
from pipelines.reports import report_packs
from pipelines.settings import settings_from_environment

PACK_JOB = "pack"


class PackConfig(dg.Config):
    """Which meeting, and on which day it is held; empty for today."""

    meeting: str
    day: str = ""


@dg.op(pool=POOL, retry_policy=dg.RetryPolicy(max_retries=3, delay=60))
def make_pack(context: dg.OpExecutionContext, config: PackConfig) -> None:
    """Make the page for a meeting of the release that readers see, and send it."""
    home = settings_from_environment().home
    for pack in report_packs(home, config.meeting, config.day or None)["packs"]:
        context.add_output_metadata({"page": dg.MetadataValue.path(str(Path(pack["path"])))})


@dg.job(name=PACK_JOB, description="The page for a meeting: done, blocked, changed, next.")
def pack_job() -> None:
    """One meeting's pack."""
    make_pack()


def schedule_of(ceremony: Ceremony) -> dg.ScheduleDefinition:
    """Every day at the meeting's time; a day that is none of its days is skipped with a word."""
    time = ceremony.local_time

    @dg.schedule(
        name=ceremony.name,
        job=pack_job,
        cron_schedule=f"{time.minute} {time.hour} * * *",
        execution_timezone=str(reporting_zone()),
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"{ceremony.title}; on the next business day where its own is none.",
    )
    def evaluate(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        day = context.scheduled_execution_time.astimezone(reporting_zone()).date()
        if not due_on(ceremony, day):
            return dg.SkipReason(f"{ceremony.title} is not held on {day}")
        config = {"ops": {"make_pack": {"config": {"meeting": ceremony.name, "day": str(day)}}}}
        return dg.RunRequest(run_key=f"{ceremony.name}:{day}", run_config=config)

    return evaluate


@dg.definitions
def defs() -> dg.Definitions:
    """The job, and a schedule a row of the seed ceremonies."""
    return dg.Definitions(
        jobs=[pack_job], schedules=[schedule_of(ceremony) for ceremony in ceremonies().values()]
    )
