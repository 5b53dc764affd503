"""The audit of the marts, for Great Expectations by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.publish import published_path
from pipelines.reports.records import Report, build_file, released
from pipelines.settings import UsageError

if TYPE_CHECKING:
    from pathlib import Path

RELATIONS_SQL = """
    select distinct schema_name || '.' || table_name from duckdb_columns()
    where database_name = current_database()
"""


def report_gx_export(home: Path, folder: Path) -> Report:
    """Write a context that judges the published release, as the audit of the marts does.

    Args:
        home: where the warehouse lives.
        folder: a new one.

    Raises:
        UsageError: nothing is published, the build file is gone or in use, the folder holds
            something.
    """
    from expectations.gx.export import export_context  # noqa: PLC0415 - seconds of CPU
    from expectations.suites import marts  # noqa: PLC0415

    with released(home) as (con, release):
        within = [name for (name,) in con.execute(RELATIONS_SQL).fetchall()]
    # What is expected of a mart depends on what was delivered, which the build file knows.
    with build_file(home) as con:
        if con is None:
            raise UsageError(f"{home} has no build file; `throughline run` makes one")
        suites = marts.suites(con, release.as_of_at)
        known = [name for (name,) in con.execute(RELATIONS_SQL).fetchall()]
    done = export_context(folder, published_path(home).resolve(), suites, within, known)
    return {**vars(done), "release_id": release.release_id}
