"""A mart of the published release as a file."""

from __future__ import annotations

import difflib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.doors.export import FORMATS, Exported, write_mart
from pipelines.publish.content import mart_tables
from pipelines.reports.records import Report, released
from pipelines.settings import UsageError
from pipelines.strict import one_of
from pipelines.transform.project import mart_schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.publish.content import MartTable

SHOWN_NAMES = 5


def report_export(home: Path, name: str, file_format: str, out: Path | None) -> Report:
    """Write a mart to a file, for a spreadsheet or another program.

    Args:
        home: where the warehouse lives.
        name: the mart, with its schema or without.
        file_format: csv, xlsx or parquet.
        out: a file, or a folder that is there; None for the folder that one is in.

    Raises:
        UsageError: no such format or mart, readers see no release yet, or it fits into no sheet.
    """
    if file_format not in FORMATS:
        raise UsageError(
            f"--format {file_format!r} is unknown, expected {one_of(file_format, FORMATS)}"
        )
    with released(home) as (con, release):
        mart = _named(name, mart_tables(con, "release", mart_schemas()))
        path = out or Path()
        if path.is_dir():
            path /= f"{mart.name}.{file_format}"
        rows = write_mart(con, Exported(mart, release), file_format, path)
    return {
        "mart": mart.label,
        "format": file_format,
        "path": path.resolve(),
        "rows": rows,
        "columns": len(mart.columns),
        "release": asdict(release),
    }


def _named(name: str, marts: Sequence[MartTable]) -> MartTable:
    wanted = name.strip().casefold()
    for mart in marts:
        if wanted in (mart.label, mart.name):
            return mart
    # By either name, as people write the schema or leave it out.
    labels = {known: mart.label for mart in marts for known in (mart.name, mart.label)}
    near = difflib.get_close_matches(wanted, labels, n=2 * SHOWN_NAMES, cutoff=0.4)
    found = list(dict.fromkeys(labels[known] for known in near))[:SHOWN_NAMES]
    found = found or sorted(mart.label for mart in marts)
    raise UsageError(f"there is no mart {name}; the nearest: {', '.join(found)}")
