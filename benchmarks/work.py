"""What a year of work costs: `python -m benchmarks.work`.

A company with 2,000 campaigns, 60,000 tasks and 400,000 changes of them, written as Asana's API
gives them. What a run says of each model that follows work (trackers, operations, strategy) and was
built is added up, with what it costs to put the file in order after each half of the build; the
reference is DuckDB's bare reading of the very same files into text columns, in the same run. To
load them is the run's, not the models', and benchmarks.ingest measures it. Then one more day comes,
and what nothing of it reached costs nothing. All in seconds of CPU, the user's and the system's,
which other work on the machine changes less than the time on the wall; what DuckDB spins while one
of its threads waits for another (duckdb/duckdb#22178) counts on both sides, and more for models,
whose sorts and small joins one thread makes alone. Must reach: 3 times the reading, and a tenth of
that for the day.

What no computing could save is measured apart: ops_bound_vs_bare is to write the tables of these
models once more, as they lie, and to put the file in order, over the bare reading;
ops_bound_of_a_day is what of it the tables are that came out with other rows the day after, over
the year. ops_changed_share is what these cost in the day's run, over the year: what one more day
costs if nothing is built but what it changes, each table as a whole.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.measure import (
    SETTLED,
    apart,
    bare_seconds,
    built_models,
    measured,
    rewriting_seconds,
)
from pipelines.settings import PROJECT_DIR
from pipelines.transform.contents import relations

AS_OF, A_DAY_LATER = "2026-10-01T06:00:00Z", "2026-10-02T06:00:00Z"
WORK = ("trackers", "operations", "strategy")
SHOWN = 8
# How often the files are read bare: the median counts.
READINGS = 3
TASKS_A_CAMPAIGN = 30
# Of a campaign's tasks the first are milestones, the next approvals, the others any work.
MILESTONES = (
    "Brief approved",
    "Creative final",
    "Tracking QA passed",
    "Campaign launched",
    "First 50 leads",
)
APPROVALS = ("Brief approval", "Creative approval", "Legal approval", "Launch approval")
TYPES = ("webinar", "paid_media", "content", "email", "event", "product_launch")
# Every task is changed so often; an approval is sent back, asked for again and decided in turn.
CHANGES_A_TASK = 7

REGISTRY = """
copy (
    select
        'year-' || c as utm_campaign, strftime(begun - interval 14 day, '%Y-%m-%d') as valid_from,
        strftime(begun + interval 120 day, '%Y-%m-%d') as valid_to, 'Year ' || c as campaign_name,
        'Family ' || c % 40 as campaign_family, $types[1 + c % len($types)] as campaign_type,
        'hubspot' as utm_source, 'email' as utm_medium, 'Owner ' || c % 25 as owner,
        'G' || c % 8 as goal_id, 'Year ' || c as work_project,
        strftime(begun + interval 30 day, '%Y-%m-%d') as planned_launch_date
    from (select c, timestamp '2025-10-01' + to_hours(c * 8640 // $campaigns) as begun
        from range($campaigns) as t(c))
) to '{path}' (header)
"""
# One row a change: what of which task, and when. Tasks follow each other within their campaign, and
# hours are drawn by hash, so that nights and neighbours occur.
CHANGES = """
create macro drawn(key, choices) as cast(hash(key) % choices as bigint);
create macro utc(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.000Z');
create macro iso_day(moment) as strftime(moment, '%Y-%m-%d');
create macro person(key) as {{'gid': drawn(key, 25)::varchar, 'name': 'Owner ' || drawn(key, 25)}};

create table tasks as
select
    i, i // $a_campaign as c, i % $a_campaign as n,
    timestamp '2025-10-01' + to_hours((i // $a_campaign) * 8640 // $campaigns)
        + to_hours(i % $a_campaign * 30 + drawn(i, 24)) as created_at,
    case
        when i % $a_campaign < len($milestones) then 'milestone'
        when i % $a_campaign < len($milestones) + len($approvals) then 'approval'
        else 'default_task'
    end as kind,
    case
        when i % $a_campaign < len($milestones) then $milestones[1 + i % $a_campaign]
        when i % $a_campaign < len($milestones) + len($approvals)
            then $approvals[1 + i % $a_campaign - len($milestones)]
        else 'Task ' || i
    end as task_name
from range($campaigns * $a_campaign) as t(i);

create table changes as
with moves as (
    select tasks.*, k, created_at + to_minutes((k + 1) * 900 + drawn(i * 31 + k, 600)) as changed_at
    from tasks, range($a_task) as t(k)
)
select
    *,
    case when kind = 'approval' then case
        when k % 3 = 0 and drawn(i + k, 4) = 0 then 'changes_requested'
        when k % 3 = 0 then 'approved'
        when k % 3 = 1 then 'pending'
        else ['approved', 'rejected'][1 + drawn(i + k, 2)]
    end end as status,
    case when kind = 'approval' then lag(status, 1, 'pending') over (partition by i order by k) end
        as status_before
from moves
where changed_at < timestamp '{until}';
"""
STORIES = """
copy (
    select
        (1300000000000000 + i * 16 + k)::varchar as gid,
        utc(changed_at) as created_at,
        case
            when kind = 'approval' then 'approval_status_changed'
            when k % 2 = 0 then 'section_changed'
            else 'due_date_changed'
        end as resource_subtype,
        'system' as type, 'story' as resource_type, 'changed' as text,
        {{'gid': (1200000000000000 + i)::varchar, 'resource_type': 'task'}} as target,
        person(i) as created_by,
        status_before as old_approval_status,
        status as new_approval_status,
        case when resource_subtype = 'section_changed' then {{'name': 'Stage ' || k}} end
            as old_section,
        case when resource_subtype = 'section_changed'
            then {{'name': case when k >= $a_task - 2 then 'Done' else 'Production' end}} end
            as new_section,
        case when resource_subtype = 'due_date_changed'
            then {{'due_on': iso_day(changes.created_at + to_days(k::integer))}} end as old_dates,
        case when resource_subtype = 'due_date_changed'
            then {{'due_on': iso_day(changes.created_at + to_days(k::integer + 1))}} end
            as new_dates
    from changes
    where changed_at >= timestamp '{since}'
    order by changed_at, i, k
) to '{path}' (format json)
"""
TASKS = """
copy (
    with last as (
        select i, max(changed_at) as changed_at, max_by(status, k) as status, count(*) as moves
        from changes group by i
    )
    select
        (1200000000000000 + tasks.i)::varchar as gid, 'task' as resource_type,
        tasks.kind as resource_subtype, tasks.task_name as name,
        utc(tasks.created_at) as created_at,
        coalesce(last.moves >= $a_task, false) as completed,
        case when last.moves >= $a_task
            then utc(last.changed_at) end as completed_at,
        utc(coalesce(last.changed_at, tasks.created_at)) as modified_at,
        iso_day(tasks.created_at + interval 5 day) as due_on,
        person(tasks.i) as assignee,
        [{{'gid': tasks.c::varchar, 'name': 'Year ' || tasks.c}}] as projects,
        [{{
            'project': {{'name': 'Year ' || tasks.c}}, 'section': {{'name': 'Production'}}
        }}] as memberships,
        case when tasks.n > 0 then [{{'gid': (1200000000000000 + tasks.i - 1)::varchar}}]
            else [] end as dependencies,
        case when tasks.kind = 'approval' then coalesce(last.status, 'pending') end
            as approval_status
    from tasks
    left join last on tasks.i = last.i
    where tasks.created_at < timestamp '{until}'
        and coalesce(last.changed_at, tasks.created_at) >= timestamp '{since}'
    order by tasks.i
) to '{path}' (format json)
"""


def write_year(exports: Path, campaigns: int, *, since: str = "2000-01-01", until: str) -> None:
    """The exports of a year up to `until`, or, with `since`, what changed from then on.

    Args:
        exports: a folder; files are named by `until`.
        campaigns: how many there are, TASKS_A_CAMPAIGN tasks each.
        since: what changed before is left out.
        until: what comes at or after is left out.
    """
    asana, templates = exports / "asana", exports / "templates"
    for folder in (asana, templates):
        folder.mkdir(parents=True, exist_ok=True)
    values = {
        "campaigns": campaigns,
        "a_campaign": TASKS_A_CAMPAIGN,
        "a_task": CHANGES_A_TASK,
        "milestones": list(MILESTONES),
        "approvals": list(APPROVALS),
        "types": list(TYPES),
    }
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")

        def write(statements: str, **places: str | Path) -> None:
            for statement in filter(str.strip, statements.format(**places).split(";")):
                used = {name: value for name, value in values.items() if f"${name}" in statement}
                con.execute(statement, used)

        write(REGISTRY, path=templates / "campaign_registry.csv")
        write(CHANGES, until=until)
        write(STORIES, since=since, path=asana / f"stories-{until}.jsonl")
        write(TASKS, since=since, until=until, path=asana / f"tasks-{until}.jsonl")


def run(exports: Path, home: Path, as_of: str) -> dict[str, float]:
    """One run of the line: seconds of CPU of each model of work that it built, and under SETTLED
    those to put the file in order.
    """
    measured("run", "--exports", exports, "--home", home, "--as-of", as_of)
    names = of_work()
    told = built_models(home)
    built = {name: seconds for name, seconds in told.items() if name in names}
    for name in sorted(built, key=lambda name: (-built[name], name))[:SHOWN]:
        print(f"{built[name]:8.2f}  {name}", file=sys.stderr)
    print(f"{len(built)} of {len(names)} models of work built", file=sys.stderr)
    return built | {SETTLED: told.get(SETTLED, 0)}


def contents(home: Path) -> dict[str, str]:
    """By name of a relation of a build, a text that changes whenever its rows do."""
    with duckdb.connect(str(home / "build.duckdb"), read_only=True) as con:
        return {relation.split('"')[1]: content for relation, _, _, content in relations(con)}


def of_work() -> set[str]:
    """The models that follow work."""
    models = PROJECT_DIR / "dbt_project" / "models"
    folders = [models / layer / subject for layer in ("intermediate", "marts") for subject in WORK]
    return {path.stem for folder in folders for path in folder.glob("*.sql")}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--campaigns", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        exports, home = Path(name) / "exports", Path(name) / "home"
        write_year(exports, options.campaigns, until="2026-10-01")
        bare = statistics.median(bare_seconds(exports, time.process_time) for _ in range(READINGS))
        year = run(exports, home, AS_OF)
        written, before = apart(rewriting_seconds, home, time.process_time), contents(home)
        write_year(exports, options.campaigns, since="2026-10-01", until="2026-10-02")
        day = run(exports, home, A_DAY_LATER)
        after = contents(home)
    changed = {SETTLED, *(name for name in day if before.get(name) != after.get(name))}
    costs = {"bare reading": bare, "a year": sum(year.values()), "a day": sum(day.values())}
    for what, seconds in costs.items():
        print(f"{what:16} {seconds:8.2f} s")
    print(f"{len(changed) - 1} of {len(day) - 1} came out with other rows", file=sys.stderr)
    figures = {
        "ops_vs_bare": costs["a year"] / bare,
        "ops_one_day_share": costs["a day"] / costs["a year"],
        "ops_bound_vs_bare": sum(written.get(name, 0) for name in year) / bare,
        "ops_bound_of_a_day": sum(written.get(name, 0) for name in changed) / costs["a year"],
        "ops_changed_share": sum(day.get(name, 0) for name in changed) / costs["a year"],
    }
    for figure, value in figures.items():
        print(f"figure {figure} = {value:.2f}")


if __name__ == "__main__":
    main()
