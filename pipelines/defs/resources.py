"""The warehouse as a Dagster resource: its settings and its lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from pipelines.doors.refresh import refresh_doors, shut
from pipelines.erasure.erase import finish_erasures, take_up
from pipelines.line import Run
from pipelines.outbox import tell
from pipelines.runs import connection, continue_run, exclusive
from pipelines.settings import (
    Settings,
    parse_as_of,
    parse_exports,
    settings_from_environment,
)
from pipelines.transform.fingerprint import rules_fingerprint

POOL = "warehouse"
# The step that loads, and with which a run begins.
LOAD_STEP = "load_exports"


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]
    """One warehouse, held for the length of a run. Config can be changed at each launch."""

    exports: str
    home: str
    target: str = "duckdb"
    as_of: str = ""

    _settings: Settings = PrivateAttr()
    _rules: str = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Take the lock before the first step, give it back after the last."""
        self._settings = Settings(
            exports=parse_exports(self.exports), home=Path(self.home), target=self.target
        )
        self._rules = rules_fingerprint()
        with exclusive(self._settings):
            take_up(self._settings)
            run = context.run
            if run and (earlier := continued_id(run)):
                with connection(self._settings.build_path) as con:
                    continue_run(con, run.run_id, earlier)
            yield self
            if run:
                self._tell(run.run_id)

    def _tell(self, run_id: str) -> None:
        """Tell people how the run ended; a part of the line that was run by hand tells nobody."""
        with connection(self._settings.build_path) as con:
            ended = con.execute(
                "select status, message from ops.runs where run_id = ? and status <> 'running'",
                [run_id],
            ).fetchone()
        if ended:
            status, message = ended
            if status in ("published", "unchanged"):
                finish_erasures(self._settings)
            doors = refresh_doors(self._settings)
            tell(self._settings, status, message, shut(doors))

    def run(self, run_id: str) -> Run:
        """A run of Dagster as the steps of the line know it."""
        clock = parse_as_of(self.as_of) if self.as_of else None
        return Run(run_id, self._settings, clock, self._rules)


def continued_id(run: dg.DagsterRun) -> str | None:
    """The run that this one goes on with, re-executed from its failure; None if it loads itself."""
    steps = run.step_keys_to_execute or [LOAD_STEP]
    return None if LOAD_STEP in steps else run.parent_run_id


@dg.definitions
def defs() -> dg.Definitions:
    """The resource, as the environment sets it."""
    settings = settings_from_environment()
    return dg.Definitions(
        resources={
            "warehouse": Warehouse(
                exports=str(settings.exports), home=str(settings.home), target=settings.target
            ),
        }
    )
