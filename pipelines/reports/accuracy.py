"""The sheet of this month's accuracy audit: whom to look up in the source, and what we say."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from pipelines.reports.records import Report, records, released
from pipelines.settings import UsageError

# By the columns of the template accuracy_audit, as which it comes back. Where to look: the source.
SAMPLE_SQL = """
    select sample_id, field_name as field, warehouse_value, null as truth_value,
        crm_source || ' ' || crm_contact_id as source, null as audited_on, null as auditor
    from quality.fct_accuracy_samples
    where is_audited is false
    order by crm_source, crm_contact_id, field_name
"""
RUNS_IN_A_SHEET = ("=", "+", "-", "@", "\t", "\r")


def report_audit_sample(home: Path, out: Path) -> Report:
    """Write what is still to be looked up this month.

    Args:
        home: where the warehouse lives.
        out: the CSV; what a person has begun to fill in is not written over.

    Raises:
        UsageError: nothing is published yet, or the file is there already.
    """
    with released(home) as (con, _):
        return write_sample(con, out)


def write_sample(con: duckdb.DuckDBPyConnection, out: Path) -> Report:
    """The same, of an open release."""
    rows = records(con, SAMPLE_SQL)
    if not rows:
        return {"out": None, "values": 0, "records": 0}
    for row in rows:
        said = row["warehouse_value"]
        # Who compares leaves outer blanks out, and a sheet runs nothing behind one.
        if said and said.startswith(RUNS_IN_A_SHEET):
            row["warehouse_value"] = f" {said}"
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with out.open("x", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    except FileExistsError as error:
        raise UsageError(f"{out} is there already; name another file with --out") from error
    return {"out": str(out), "values": len(rows), "records": len({r["sample_id"] for r in rows})}
