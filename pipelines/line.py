"""The steps of the line, and the order in which `throughline run` takes them.

Dagster draws the same functions as assets and checks (defs/) and orders them by the tables that
they read. The command needs no graph for eight steps in a row, and Dagster costs it ten seconds.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import duckdb

from pipelines.ingest.environment import is_passing, way_out
from pipelines.project import project
from pipelines.runs import connection, finish_run, kept_open, newest_batch, start_run
from pipelines.settings import Settings, UsageError, utc_now, utc_text, without_credentials
from pipelines.sql import text_list
from pipelines.transform.fingerprint import rules_fingerprint

if TYPE_CHECKING:
    from expectations.results import CheckResult
    from pipelines.attribution.counting import Counting
    from pipelines.publish import Published
    from pipelines.transform.build import NodeResult

# Of so few rows threads cost more processor time than they save waiting, as they hand each other
# hundreds of small tables.
FEW_ROWS = 200_000

logger = logging.getLogger(__name__)


class StepError(Exception):
    """A step cannot go on, and none after it; ops.runs has the same words."""


@dataclass(frozen=True)
class Run:
    """One run of the line over one warehouse. Whoever makes it holds the warehouse.

    Attributes:
        run_id: its row in ops.runs.
        settings: where.
        requested_as_of: the clock that it was started with, naive UTC; None for the present.
        rules: the fingerprint of the rules that it began with.
    """

    run_id: str
    settings: Settings
    requested_as_of: datetime | None
    rules: str = field(default_factory=rules_fingerprint)

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The build file, open for writing. Keep it short: dbt opens it for itself."""
        with connection(self.settings.build_path) as con:
            yield con

    def as_of_at(self, con: duckdb.DuckDBPyConnection) -> datetime:
        """The run's clock, naive UTC: what was asked for, else the newest batch.

        Raises:
            StepError: nothing has been loaded yet.
        """
        moment = self.requested_as_of or newest_batch(con)
        if moment is None:
            raise StepError("nothing has been loaded yet: materialise the raw tables first")
        return moment


def load_exports(run: Run) -> datetime | None:
    """Load new files, unless the run's clock stands at or before the newest batch: a replay.

    Returns:
        The time of the batch that they make; None where nothing was new.

    Raises:
        StepError: no file was ever usable.
    """
    from pipelines import ingest  # noqa: PLC0415 - each step imports what it alone needs
    from pipelines.erasure.register import note_in_build, read_register  # noqa: PLC0415
    from pipelines.ingest.ledger import USABLE  # noqa: PLC0415
    from pipelines.ingest.load import next_batch_time  # noqa: PLC0415

    exports, wanted = run.settings.exports, run.requested_as_of
    erasures = read_register(run.settings.home)
    with run.connect() as con:
        note_in_build(con, erasures)
        newest = newest_batch(con)
        # Also of a load that was killed: what it loaded has the time that it had.
        ((latest,),) = con.execute("select max(loaded_at) from ops.batches").fetchall()
        start_run(con, run.run_id, wanted or newest or utc_now())
        if wanted is None or latest is None or wanted > latest:
            ingest.load_exports(
                con,
                exports,
                contracts=ingest.load_contracts(),
                loaded_at=next_batch_time(latest, wanted or utc_now()),
                progress=lambda number, total, path: logger.info("[%d/%d] %s", number, total, path),
                erased=erasures.redactor(),
            )
        ((found, usable),) = con.execute(
            f"select count(*), count(*) filter (status in {text_list(USABLE)}) from ops.files"
        ).fetchall()
        if usable == 0:
            message = (
                f"nothing usable below {without_credentials(str(exports))}: {found} files found,"
                " none of them an export that can be read and a contract knows"
            )
            finish_run(con, run.run_id, "unusable", message=message)
            raise StepError(message)
        start_run(con, run.run_id, run.as_of_at(con))
        now_newest = newest_batch(con)
        ((rows,),) = con.execute("select sum(rows_loaded) from ops.files").fetchall()
        if rows <= FEW_ROWS:
            con.execute("set threads = 1")
    return now_newest if now_newest != newest else None


def audit_delivery(run: Run) -> tuple[CheckResult, ...]:
    """Judge what was delivered. A critical failure is in ops.runs; who goes on is the caller's."""
    from expectations import runner  # noqa: PLC0415
    from pipelines.ingest import load_contracts  # noqa: PLC0415

    with run.connect() as con:
        results = runner.audit_delivery(con, load_contracts(), run.as_of_at(con))
        refuse(con, run.run_id, "the deliveries", results)
    return results


def audit_marts(run: Run) -> tuple[CheckResult, ...]:
    """Judge the marts, in the same way."""
    from expectations import runner  # noqa: PLC0415

    with run.connect() as con:
        results = runner.audit_marts(con, run.as_of_at(con))
        refuse(con, run.run_id, "the marts", results)
    return results


def refuse(
    con: duckdb.DuckDBPyConnection, run_id: str, what: str, results: Sequence[CheckResult]
) -> None:
    """Note in ops.runs why nothing will be published, if anything critical failed."""
    failures = [r.describe() for r in results if r.severity == "critical" and not r.success]
    if failures:
        message = f"the audit of {what} refused {len(failures)} of {len(results)} checks: "
        finish_run(con, run_id, "refused", message=message + "; ".join(failures))
        for failure in failures:
            logger.error("%s", failure)


def build_models(
    run: Run, *, after_solve: bool, selected: Sequence[str] = ()
) -> Sequence[NodeResult]:
    """One half of the dbt project with its data tests, on the engine that the warehouse names.

    Args:
        run: the run.
        after_solve: which half.
        selected: names of what alone is to be built of it; none for all.

    Raises:
        TransformError: a model or a test failed.
    """
    from pipelines import spark  # noqa: PLC0415
    from pipelines.ingest.relations import set_clock  # noqa: PLC0415
    from pipelines.transform.build import TransformError, build  # noqa: PLC0415
    from pipelines.transform.prepared import AFTER_SOLVE  # noqa: PLC0415
    from pipelines.transform.replay import build_half  # noqa: PLC0415

    settings = run.settings
    with run.connect() as con:
        as_of_at = run.as_of_at(con)
        set_clock(con, as_of_at)
    try:
        if settings.target == "spark":
            results = spark.build_half(
                settings, as_of_at, after_solve=after_solve, selected=selected
            )
        elif not selected:
            results = build_half(settings, as_of_at, after_solve=after_solve)
        elif after_solve:
            results = build(settings, selected)
        else:
            results = build(settings, selected, exclude=[AFTER_SOLVE])
    except TransformError as error:
        with run.connect() as con:
            finish_run(con, run.run_id, "failed", message=str(error))
        raise
    logger.info("%s", _said_of(results))
    return results


def _said_of(results: Sequence[NodeResult]) -> str:
    """How many models and tests a build took, and how many nothing new reached."""

    def counted(kind: str, done: str) -> str:
        of_kind = [result for result in results if result.kind == kind]
        standing = sum(result.stands for result in of_kind)
        return f"{len(of_kind) - standing} of {len(of_kind)} {kind}s {done}"

    return f"{counted('model', 'built')}, {counted('test', 'run')}; nothing new reached the others"


def solve_attribution(run: Run) -> None:
    """Fit markov and data_driven to the journeys, and responses to spend to what they credit.

    Not again where nothing new reached either.
    """
    from pipelines.attribution.anew import solve_what_is_new  # noqa: PLC0415
    from pipelines.attribution.counting import count_here  # noqa: PLC0415

    counting = _counted_on_spark(run.settings) if run.settings.target == "spark" else count_here
    with run.connect() as con:
        solve_what_is_new(con, run.as_of_at(con), counting)


def _counted_on_spark(settings: Settings) -> Counting:
    """Who walks the journeys that Spark wrote."""
    from pipelines.attribution.on_spark import counted_on_spark  # noqa: PLC0415
    from pipelines.spark import session, table_folder  # noqa: PLC0415

    touches = table_folder(settings.spark_dir, "intermediate", "int_journey_touches")
    return counted_on_spark(partial(session, settings), touches)


def learn_lead_scores(run: Run) -> None:
    """Learn from earlier leads, and hold it against the rules on later ones."""
    from pipelines.scoring.learned import learn  # noqa: PLC0415

    with run.connect() as con:
        learn(con, run.as_of_at(con))


def publish_release(run: Run) -> Published:
    """Put the marts in front of the readers, if this run's audit has nothing against it.

    And the site over them, which is in nobody's way if it cannot be built: ops.runs says why.

    Raises:
        StepError: they are not published; the message says why.
        UsageError: somebody changed the rules meanwhile, so nobody knows which made what.
    """
    from expectations.suites.history import keep_figures  # noqa: PLC0415
    from pipelines.publish import PublishError, keep_evaluations, publish  # noqa: PLC0415
    from pipelines.site import try_site  # noqa: PLC0415
    from pipelines.transform.manifest import marts  # noqa: PLC0415

    if rules_fingerprint() != run.rules:
        raise UsageError(
            "the rules were changed while the run was under way, so nothing was published; run"
            " again: it builds what they reach"
        )
    with run.connect() as con:
        as_of_at = run.as_of_at(con)
        refusal = "; ".join(objections(con, as_of_at, run.run_id))
        if not refusal:
            try:
                done = publish(con, run.settings, as_of_at, run.run_id, marts=marts())
            except PublishError as error:
                refusal = str(error)
        if refusal:
            finish_run(con, run.run_id, "refused", message=refusal)
            raise StepError(f"not published: {refusal}")
        keep_evaluations(con, as_of_at)
        keep_figures(con, as_of_at)
        finish_run(
            con,
            run.run_id,
            done.status,
            release_id=done.release.release_id,
            message=done.message,
        )
    _note_config(run.settings)
    if said := try_site(run.settings):
        with run.connect() as con:
            finish_run(
                con,
                run.run_id,
                done.status,
                release_id=done.release.release_id,
                message="; ".join(filter(None, (done.message, said))),
            )
    return done


def _note_config(settings: Settings) -> None:
    """Keep whose rules built the release: a later run that forgets them is refused."""
    if company := project().company:
        settings.config_note.write_text(str(company.folder), encoding="utf-8")


def objections(con: duckdb.DuckDBPyConnection, as_of_at: datetime, run_id: str) -> list[str]:
    """Why these marts may not be published, a sentence each; none if they may.

    Does not trust that a failure upstream has stopped the run: it reads the results again.
    """
    from expectations.runner import critical_failures  # noqa: PLC0415

    judged = con.execute(
        "select count(*) from ops.quality_results where suite = 'marts' and as_of_at = ?"
        " and evaluated_at >= coalesce("
        "(select started_at from ops.runs where run_id = ?), evaluated_at)",
        [as_of_at, run_id],
    ).fetchall()[0][0]
    if not judged:
        return [f"nobody has judged the marts as of {utc_text(as_of_at)} in this run"]
    return [failure.describe() for failure in critical_failures(con, as_of_at)]


def _blocking(audit: Callable[[Run], Sequence[CheckResult]]) -> Callable[[Run], None]:
    """An audit that stops the line, as a blocking check of Dagster stops what is downstream."""

    def step(run: Run) -> None:
        if any(r.severity == "critical" and not r.success for r in audit(run)):
            raise StepError("the audit refused")

    return step


# By the names that Dagster's steps have.
STEPS: Mapping[str, Callable[[Run], object]] = {
    "load_exports": load_exports,
    "audit_delivery": _blocking(audit_delivery),
    "dbt_models": partial(build_models, after_solve=False),
    "learn_lead_scores": learn_lead_scores,
    "solve_attribution": solve_attribution,
    "dbt_marts": partial(build_models, after_solve=True),
    "audit_marts": _blocking(audit_marts),
    "release": publish_release,
}


def take_steps(run: Run) -> None:
    """Take every step, and say of each how long it took; stop behind one that failed.

    How the run ended is in ops.runs.

    Raises:
        UsageError: a step found what a person has to mend first, such as a disk that is full.
    """
    with kept_open(run.settings.build_path):
        for name, step in STEPS.items():
            if not _is_taken(run, name, step):
                break


def _is_taken(run: Run, name: str, step: Callable[[Run], object]) -> bool:
    logger.info("%s …", name)
    started, worked = time.monotonic(), _cpu_seconds()
    try:
        step(run)
    except Exception as error:
        logger.debug("%s", name, exc_info=True)
        in_the_way = isinstance(error, UsageError | OSError | duckdb.IOException)
        if not in_the_way and not is_passing(error):
            logger.info("%s failed; the log says where", name)
            return False
        told = isinstance(error, UsageError)
        said = str(error) if told else f"{name} could not go on: {way_out(error)}"
        # A disk that is full takes no such note either.
        with suppress(duckdb.Error), run.connect() as con:
            finish_run(con, run.run_id, "failed", message=said)
        raise UsageError(said) from error
    logger.info("%s: %.1f s", name, time.monotonic() - started)
    logger.debug("step %s took %.3f s of CPU", name, _cpu_seconds() - worked)
    return True


def _cpu_seconds() -> float:
    """Of this process and of those that it has waited for: files are read by several."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
