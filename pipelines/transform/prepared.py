"""What no export changes: the seeds, their tests and the staging views, built once per version.

dbt needs twenty seconds for them in every run. Here it builds them into a database of their own
whenever the project or a contract changed, and a run copies that into its build file within a
second. On Spark, and by a bare `dbt build`, nothing is prepared and everything is built.
"""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.runs import connection
from pipelines.settings import DBT_TARGET_DIR, Settings
from pipelines.sql import clock_text, literal
from pipelines.transform.build import NodeResult, build
from pipelines.transform.fingerprint import dbt_fingerprint

if TYPE_CHECKING:
    import duckdb

# In dbt's words for selecting. What reads the solved tables waits for the solve, and all marts with
# it: they are audited together. By name, since dbt looks for paths from the current directory.
AFTER_SOLVE = "source:solved+ fqn:throughline.marts+"
PREPARED = ("resource_type:seed", "path:dbt_project/models/staging")
# With every test but those of seeds alone, which are prepared.
REMAINING = ("path:dbt_project/models/intermediate", "resource_type:test")

# Stands for the run's clock in the prepared views.
CLOCK = datetime(1901, 2, 3, 4, 5, 6, 789)

FOLDER = DBT_TARGET_DIR / "prepared"
# The views name the database that they are in, so it is called as every build file is.
DATABASE = "build.duckdb"
RESULTS = "results.json"

logger = logging.getLogger(__name__)


def build_before_solve(settings: Settings, as_of_at: datetime) -> list[NodeResult]:
    """What the solve and the marts need, on DuckDB, from what is prepared.

    Nobody else may have the build file open.

    Returns:
        What became of each relation, and of each test that was not prepared.

    Raises:
        TransformError: a model or a test failed; the message names the first ones.
    """
    folder = _prepared_folder()
    with connection(settings.build_path) as con:
        _copy(con, folder / DATABASE, as_of_at)
    prepared = [NodeResult(**item) for item in json.loads((folder / RESULTS).read_text())]
    built = build(
        settings,
        as_of_at,
        REMAINING,
        exclude=["resource_type:seed", AFTER_SOLVE],
        tests="cautious",
    )
    return [*(result for result in prepared if result.kind in ("seed", "model")), *built]


def _copy(con: duckdb.DuckDBPyConnection, database: Path, as_of_at: datetime) -> None:
    """Put seeds and staging views into the build file, whatever an earlier version left there."""
    con.execute(f"attach {literal(database)} as prepared (read_only)")
    try:
        con.execute("begin")
        seeds = con.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'prepared' and schema_name = 'seeds'"
        ).fetchall()
        views = con.execute(
            "select schema_name, replace(sql, ?, ?) from duckdb_views()"
            " where database_name = 'prepared' and schema_name = 'staging' order by view_oid",
            [clock_text(CLOCK), clock_text(as_of_at)],
        ).fetchall()
        for schema in {schema for schema, _ in (*seeds, *views)}:
            con.execute(f"create schema if not exists {schema}")
        for schema, name in seeds:
            con.execute(f"create or replace table {schema}.{name} as from prepared.{schema}.{name}")
        for _, sql in views:
            con.execute(sql.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))
        con.execute("commit")
    finally:
        con.execute("detach prepared")


def _prepared_folder() -> Path:
    """Where this version of the project is prepared; it is prepared now if it was not yet."""
    folder = FOLDER / dbt_fingerprint()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        # Two processes that start together must not prepare it together.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            logger.info("preparing seeds and staging views: the project is new or has changed")
            for stale in FOLDER.glob("*/"):
                shutil.rmtree(stale)
            new = folder.with_suffix(".new")
            _prepare(new)
            new.rename(folder)
    return folder


def _prepare(folder: Path) -> None:
    settings = Settings(exports=folder, home=folder)
    with connection(settings.build_path):
        pass
    results = build(settings, CLOCK, PREPARED, exclude=[AFTER_SOLVE], tests="cautious")
    (folder / RESULTS).write_text(json.dumps([asdict(result) for result in results]))
