"""Which release readers see, what could be put back, and what the last runs said."""

import shlex
from dataclasses import asdict
from pathlib import Path

from pipelines.doors.refresh import refresh_doors
from pipelines.publish import Release, opened, published_path, published_release, rollback
from pipelines.publish.release import has_table, standing
from pipelines.reports.records import Record, Report, build_file, records, released
from pipelines.runs import AlreadyRunningError, exclusive
from pipelines.settings import Settings, UsageError
from pipelines.site import site_index, try_site

SHOWN_RUNS = 5
# What the release in front restated when it was put there; money before counts, the most first.
RESTATED_SQL = """
    with newest as (
        select * from meta.restatements where release_id = '{release_id}'
            and restated_at = (select max(restated_at) from meta.restatements
                where release_id = '{release_id}')
    )
    select figure, period_month, coalesce(channel, platform) as part, unit, old_value, new_value,
        delta, cause, is_provisional, is_material, count(*) over () as figures,
        count(*) filter (is_material and not is_provisional) over () as report_affecting
    from newest
    order by unit = 'reporting currency' desc, abs(delta) desc, figure, period_month, part limit 1
"""
SHOWN_ITEMS = 3
ATTENTION_SQL = """
    select attention_id, kind, sentence, next_step, owner_name, backup_name, since_at, due_at,
        count(*) over () as items
    from operations.fct_attention_items order by attention_rank
"""
WAITING_SQL = "select count(*) as messages from ops.outbox where status <> 'sent'"
LAST_RUNS_SQL = """
    select run_id, as_of_at, started_at, finished_at,
        if(status = 'running', 'interrupted', status) as status, release_id, message
    from ops.runs order by started_at desc, finished_at desc nulls first, run_id limit {limit}
"""


def report_status(home: Path) -> Report:
    """What readers see, what could be put back, and the last runs.

    Raises:
        UsageError: there is nothing of a warehouse to read.
    """
    found = standing(home)
    if found.current is None and not found.kept and not Settings(home, home).build_path.exists():
        raise UsageError(
            f"there is no warehouse in {home}; name the one you mean with --home, or make it with"
            " `throughline run`"
        )
    report: Report = {
        "home": home,
        "release": release_record(home, found.current),
        "restated": restated_record(home, found.current),
        "needs": attention_records(home, found.current),
        "unsent": 0,
        "releases": [
            {**asdict(release), "status": found.statuses.get(release.release_id, "superseded")}
            for release in found.kept
        ],
        "runs": [],
        "under_way": None,
    }
    try:
        with build_file(home) as con:
            if con is not None:
                report["runs"] = records(con, LAST_RUNS_SQL.format(limit=SHOWN_RUNS))
                if has_table(con, "ops", "outbox"):
                    report["unsent"] = records(con, WAITING_SQL)[0]["messages"]
    except AlreadyRunningError as error:
        report["under_way"] = str(error)
    return report


def report_rollback(home: Path, release_id: str | None) -> Report:
    """Put an earlier release back, and say which."""
    before = published_release(home)
    after = rollback(home, release_id)
    settings = Settings(exports=home, home=home)
    with exclusive(settings, "`throughline rollback`"):
        doors = refresh_doors(settings)
    # Whoever looks at the site is to see what everybody else reads.
    said = try_site(settings)
    return {
        "status": "rolled_back",
        "home": home,
        "replaced": before.release_id if before else None,
        "message": said,
        "release": release_record(home, after),
        "doors": [asdict(door) for door in doors],
    }


def release_record(home: Path, release: Release | None) -> Record | None:
    """A release and how to open it; None where there is none."""
    if release is None:
        return None
    path = published_path(home)
    return {
        **asdict(release),
        "path": path,
        "site": site_index(home, release.release_id),
        "open_with": {
            "duckdb": f"duckdb -readonly {shlex.quote(str(path))}",
            "python": f"duckdb.connect({str(path)!r}, read_only=True)",
        },
    }


def attention_records(home: Path, release: Release | None) -> list[Record]:
    """The most urgent of what needs a person by the release in front; none if it does not say."""
    if release is None:
        return []
    with opened(published_path(home)) as con:
        if not has_table(con, "operations", "fct_attention_items"):
            return []
        return records(con, f"{ATTENTION_SQL} limit {SHOWN_ITEMS}")


def report_attention(home: Path) -> Report:
    """All that needs a person by the release in front, the most urgent first.

    Raises:
        UsageError: readers see no release yet.
    """
    with released(home) as (con, release):
        items = records(con, ATTENTION_SQL)
        for item in items:
            del item["items"]
        return {"release": asdict(release), "items": items}


def restated_record(home: Path, release: Release | None) -> Record | None:
    """How many figures the release in front restated, and the largest; None if it has no ledger."""
    if release is None:
        return None
    with opened(published_path(home)) as con:
        if not has_table(con, "meta", "restatements"):
            return None
        found = records(con, RESTATED_SQL.format(release_id=release.release_id))
    largest = found[0] if found else {"figures": 0, "report_affecting": 0}
    counts = {name: largest.pop(name) for name in ("figures", "report_affecting")}
    return {**counts, "largest": largest or None}
