"""An approved brief becomes files that a tracker imports as soon as a release tells of it."""

import dagster as dg

from pipelines.defs.resources import POOL
from pipelines.reports.work_packages import TOOLS, packages_key, report_work_packages
from pipelines.settings import UsageError, settings_from_environment

PACKAGE_JOB = "package"
# Below the home: what leaves the warehouse for people lies there.
FOLDER = "outbox/packages"


@dg.op(pool=POOL, retry_policy=dg.RetryPolicy(max_retries=3, delay=60))
def make_packages(context: dg.OpExecutionContext) -> None:
    """Write the packages of the release that readers see, for each tool that imports them."""
    home = settings_from_environment().home
    reports = {tool: report_work_packages(home, tool, home / FOLDER) for tool in TOOLS}
    context.add_output_metadata({tool: len(report["written"]) for tool, report in reports.items()})


@dg.job(name=PACKAGE_JOB, description="Work packages of approved briefs, for a tracker to import.")
def package_job() -> None:
    """The packages of one release."""
    make_packages()


@dg.sensor(
    job=package_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def approved_briefs(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Make packages once for what approved briefs add or move, and again where that changes."""
    try:
        key = packages_key(settings_from_environment().home)
    except UsageError as error:
        return dg.SkipReason(str(error))
    if not key:
        return dg.SkipReason("no approved brief adds or moves work")
    if key == context.cursor:
        return dg.SkipReason("the packages of this release are made")
    context.update_cursor(key)
    return dg.RunRequest(run_key=key)
