"""The warehouse as a Dagster resource: its settings, its lock, its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from pipelines.runs import connection, continue_run, exclusive, newest_batch
from pipelines.settings import (
    Settings,
    parse_as_of,
    parse_exports,
    settings_from_environment,
)

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

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Take the lock before the first step, give it back after the last."""
        self._settings = Settings(
            exports=parse_exports(self.exports), home=Path(self.home), target=self.target
        )
        with exclusive(self._settings):
            run = context.run
            if run and (earlier := continued_id(run)):
                with self.connect() as con:
                    continue_run(con, run.run_id, earlier)
            yield self

    @property
    def settings(self) -> Settings:
        """Paths and target of this run."""
        return self._settings

    @property
    def requested_as_of(self) -> datetime | None:
        """The clock that the run was started with, naive UTC; None for the present."""
        return parse_as_of(self.as_of) if self.as_of else None

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The build file, open for writing. Keep it short: dbt is another process."""
        with connection(self._settings.build_path) as con:
            yield con

    def as_of_at(self, con: duckdb.DuckDBPyConnection) -> datetime:
        """The run's clock, naive UTC: what was asked for, else the newest batch.

        Raises:
            dagster.Failure: nothing has been loaded yet.
        """
        moment = self.requested_as_of or newest_batch(con)
        if moment is None:
            raise dg.Failure("nothing has been loaded yet: materialise the raw tables first")
        return moment


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
