"""The rows of the files behind a touch, a contact, a deal or a day's spend.

Which rows these are is the business of models (intermediate/lineage): a new vendor or kind of touch
is a branch there and nothing here. They are known to the build file alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.reports.records import Record, Report, build_file, records
from pipelines.runs import AlreadyRunningError

# The rows behind it; these are known to the build file alone.
TOUCH_ROWS_SQL = """
    select touch_id, source_system, file_id, row_number
    from intermediate.int_touch_rows where list_contains($ids, touch_id)
"""
CONTACT_ROWS_SQL = """
    select 'contact' as subject, evidence, file_id, row_number
    from intermediate.int_contact_rows where list_contains($ids, contact_key)
"""
DEAL_ROWS_SQL = """
    select 'deal' as subject, evidence, file_id, row_number
    from intermediate.int_opportunity_rows where list_contains($ids, opportunity_id)
"""
SPEND_ROWS_SQL = """
    select 'spend' as subject, 'report_line' as evidence, file_id, row_number
    from intermediate.int_ad_spend_rows where channel = $channel
"""
# A row's number leaves out the lines that could not be read; who looks into the file counts them.
PLACES_SQL = """
    with found as ({found}),
    rejected as (
        select file_id,
            rejected_rows.line_number + 1
            - case when delimiter is null then 0 else 1 + coalesce(preamble_lines, 0) end
            - row_number() over (partition by file_id order by rejected_rows.line_number)
            as readable_rows
        from ops.rejected_rows inner join ops.files using (file_id)
    )
    select found.* exclude (file_id, row_number), files.path,
        found.row_number + (
            select count(*) from rejected
            where rejected.file_id = found.file_id and rejected.readable_rows <= found.row_number
        ) as row_number
    from found inner join ops.files as files on found.file_id = files.file_id
"""
# A build file that an earlier version wrote has not got them.
ROW_MODELS = ("int_touch_rows", "int_contact_rows", "int_opportunity_rows", "int_ad_spend_rows")
ROW_MODELS_SQL = """
    select count(*) as models from duckdb_views()
    where schema_name = 'intermediate' and list_contains($names, view_name)
"""


def add_rows(report: Report, home: Path) -> None:
    """The files and rows behind the report, where the build file has them."""
    report["files_note"] = None
    try:
        with build_file(home) as con:
            if con is None:
                report["files_note"] = f"{home} has no build file: the rows behind are not known"
                return
            known = records(con, ROW_MODELS_SQL, names=list(ROW_MODELS))[0]["models"]
            if known < len(ROW_MODELS):
                report["files_note"] = (
                    f"the build file of {home} is of an earlier version: the rows behind are known"
                    " after the next run"
                )
                return
            ids = [touch["touch_id"] for touch in report["touches"]]
            rows = _placed(con, TOUCH_ROWS_SQL, ids=ids)
            by_touch: dict[str, list[Record]] = {}
            for row in rows:
                by_touch.setdefault(row["touch_id"], []).append(row)
            for touch in report["touches"]:
                own = by_touch.get(touch["touch_id"], [])
                touch["source_system"] = own[0]["source_system"] if own else None
                touch["files"] = _ranges(own)
            report["touch_files"] = _ranges(rows)
            report["record_files"] = _ranges_by_evidence(_record_rows(con, report))
            if report["kind"] == "channel":
                spent = _placed(con, SPEND_ROWS_SQL, channel=report["channel"])
                report["spend_files"] = _ranges(spent)
    except AlreadyRunningError as error:
        report["files_note"] = f"the rows behind are not known now: {error}"


def _record_rows(con: duckdb.DuckDBPyConnection, report: Report) -> list[Record]:
    """The CRM's rows about the deals and the contacts that the report is about."""
    if report["kind"] == "contact":
        return _placed(con, CONTACT_ROWS_SQL, ids=[report["contact"]["contact_key"]])
    subjects = report["conversions"] if report["kind"] == "channel" else [report["conversion"]]
    deals = [subject["opportunity_id"] for subject in subjects if subject["opportunity_id"]]
    contacts = [subject["contact_key"] for subject in subjects if subject["contact_key"]]
    return _placed(con, DEAL_ROWS_SQL, ids=deals) + _placed(con, CONTACT_ROWS_SQL, ids=contacts)


def _placed(con: duckdb.DuckDBPyConnection, sql: str, **named: object) -> list[Record]:
    """Rows with the path of their file and their place in it."""
    return records(con, PLACES_SQL.format(found=sql), **named)


def _ranges_by_evidence(rows: Sequence[Record]) -> list[Record]:
    """Like _ranges, told apart by what the rows are about and what they say of it."""
    told: dict[tuple[str, str], list[Record]] = {}
    for row in rows:
        told.setdefault((row["subject"], row["evidence"]), []).append(row)
    return [
        {"subject": subject, "evidence": evidence, **file}
        for (subject, evidence), its_rows in told.items()
        for file in _ranges(its_rows)
    ]


def _ranges(rows: Sequence[Record]) -> list[Record]:
    """Row numbers by file, runs of them as first-last."""
    by_path: dict[str, set[int]] = {}
    for row in rows:
        by_path.setdefault(row["path"], set()).add(row["row_number"])
    return [
        {"path": path, "row_count": len(numbers), "rows": _runs(sorted(numbers))}
        for path, numbers in sorted(by_path.items())
    ]


def _runs(numbers: Sequence[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]
