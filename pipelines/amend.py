"""What `throughline forget` and `throughline reload` do to a warehouse, and what they report.

Both say what is to be otherwise; the next run makes it so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.runs import connection, exclusive
from pipelines.settings import Settings, UsageError


def forget_file(home: Path, path: str) -> dict[str, Any]:
    """Take back the newest delivery of a file.

    Raises:
        UsageError: there is no warehouse, or no such file in its ledger.
    """
    from pipelines.ingest.amend import forget_delivery  # noqa: PLC0415 - keeps --help light
    from pipelines.transform.replay import forget  # noqa: PLC0415

    settings = _require_warehouse(Settings(exports=home, home=home))
    with (
        exclusive(settings, "`throughline forget`"),
        connection(settings.build_path) as con,
    ):
        taken = forget_delivery(con, path)
        if not taken.is_refused:
            forget(con)
    return {
        "status": "forgotten",
        "home": home,
        "files": [line.path for line in taken.lines],
        "rows": taken.row_count,
        "rejected": taken.rejected_count,
        "next": "Move the file out of the exports, or the next run loads it again",
    }


def reload_files(settings: Settings, named: str) -> dict[str, Any]:
    """Have the next run read a file, what a folder or an archive holds, or a stream again.

    Raises:
        UsageError: there is no warehouse, or nothing of that name in its ledger.
    """
    from pipelines.ingest import load_contracts, plan_load  # noqa: PLC0415
    from pipelines.ingest.amend import ask_again  # noqa: PLC0415
    from pipelines.ingest.ledger import LANDED, UNUSABLE  # noqa: PLC0415
    from pipelines.transform.replay import forget  # noqa: PLC0415

    _require_warehouse(settings)
    with (
        exclusive(settings, "`throughline reload`"),
        connection(settings.build_path) as con,
    ):
        asked = ask_again(con, named)
        plan = plan_load(con, settings.exports, load_contracts())
        forget(con)
    again = {line.file_id for lines in plan.again.values() for line in lines}
    landed = [line for line in asked if line.status in LANDED]
    return {
        "status": "asked",
        "home": settings.home,
        "again": [line.path for line in landed if line.file_id in again],
        "gone": [line.path for line in landed if line.file_id not in again],
        "refused": [line.path for line in asked if line.status in UNUSABLE],
        "next": "throughline run",
    }


def _require_warehouse(settings: Settings) -> Settings:
    if not settings.build_path.exists():
        raise UsageError(f"{settings.home} holds no warehouse; `throughline run` makes one")
    return settings
