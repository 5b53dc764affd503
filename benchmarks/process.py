"""An independent judge of what happened to approvals: `python -m benchmarks.process`.

pm4py, in an environment of its own, reads the raw exports of Asana as an event log: an approval is
a case, the states it was put into are its activities. How long cases took, how long each state
waited for the next, which cases went through a state twice and which paths they took is held
against what the marts say of the same approvals: of the sample company, and of a year of work
(benchmarks.work).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

# As a script inside pm4py's environment it has nothing of ours.
IS_JUDGE = __name__ == "__main__" and sys.argv[1:2] == ["--judge"]

if not IS_JUDGE:
    import duckdb

    from benchmarks.peers import answer
    from benchmarks.work import AS_OF as YEAR_AS_OF
    from benchmarks.work import write_year
    from pipelines.publish import published_path
    from pipelines.simulate import AS_OF

# pm4py counts in seconds; a mart's hours are doubles.
CLOSE_S = 0.01
SHOWN = 5

# A project's CSV tells that an approval was completed, not how: what only it has is not judged.
JUDGED = """
create temp view {mart} as
from operations.{mart}
where approval_id not in (
    select approval_id from operations.fct_approval_audit where status_after = 'unknown'
)
"""
# By measure: what the marts say, as a name and a number.
OURS: Mapping[str, str] = {
    "case_seconds": """
        select approval_id, epoch(max(changed_at)) - epoch(min(changed_at))
        from fct_approval_audit
        group by approval_id
    """,
    "wait_seconds": """
        select path, sum(waited) from (
            select
                lag(status_after) over events || ' > ' || status_after as path,
                epoch(changed_at) - epoch(lag(changed_at) over events) as waited
            from fct_approval_audit
            window events as (partition by approval_id order by event_no)
        ) where path is not null group by path
    """,
    "answer_seconds": """
        select 'all', sum(active_review_hours) * 3600
        from fct_approval_rounds where decision <> 'pending'
    """,
    "rework_cases": """
        select 'pending', count(distinct approval_id)
        from fct_approval_rounds where round_no > 1
    """,
    "paths": """
        select path, count(*) from (
            select string_agg(status_after, ' > ' order by event_no) as path
            from fct_approval_audit group by approval_id
        ) group by path
    """,
}


def judge(exports: Path, as_of: str) -> dict[str, dict[str, float]]:
    """What pm4py says of the approvals in raw exports; runs in its environment."""
    import pandas as pd  # type: ignore[import-untyped]  # noqa: PLC0415
    import pm4py  # type: ignore[import-not-found]  # noqa: PLC0415
    from pm4py.statistics.traces.generic.pandas.case_statistics import (  # type: ignore[import-not-found]  # noqa: PLC0415
        get_cases_description,
    )

    def records(pattern: str) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for path in sorted(exports.rglob(pattern)):
            lines = path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]
            for page in map(json.loads, lines):
                for record in page.get("data", [page]):
                    kept = found.get(record["gid"], record)
                    # Delivered again, the newer one counts.
                    if record.get("modified_at", "") >= kept.get("modified_at", ""):
                        found[record["gid"]] = record
        return list(found.values())

    tasks = {t["gid"]: t for t in records("tasks*.json*") if t["resource_subtype"] == "approval"}
    stories = [
        story
        for story in records("stories*.json*")
        if story["resource_subtype"] == "approval_status_changed"
        and story["target"]["gid"] in tasks
    ]
    stories.sort(key=lambda story: (story["created_at"], story["gid"]))
    events = [(gid, "pending", task["created_at"]) for gid, task in tasks.items()]
    last = dict.fromkeys(tasks, "pending")
    for story in stories:
        gid, status = story["target"]["gid"], story["new_approval_status"]
        if story["created_at"] < as_of and status != last[gid]:
            events.append((gid, status, story["created_at"]))
            last[gid] = status
    log = pd.DataFrame(events, columns=["case:concept:name", "concept:name", "time:timestamp"])
    log["time:timestamp"] = pd.to_datetime(log["time:timestamp"], utc=True)
    log = pm4py.format_dataframe(log)
    waits, _, _ = pm4py.discover_performance_dfg(log, perf_aggregation_key="sum")
    return {
        "case_seconds": {
            case: told["caseDuration"] for case, told in get_cases_description(log).items()
        },
        "wait_seconds": {f"{before} > {after}": total for (before, after), total in waits.items()},
        "answer_seconds": {
            "all": sum(total for (before, _), total in waits.items() if before == "pending")
        },
        "rework_cases": {"pending": pm4py.get_rework_cases_per_activity(log).get("pending", 0)},
        "paths": {" > ".join(path): count for path, count in pm4py.get_variants(log).items()},
    }


def judged(exports: Path, as_of: str) -> dict[str, dict[str, float]]:
    """What pm4py says, asked in its own environment."""
    return answer("pm4py", __file__, "--judge", str(exports), as_of) or sys.exit("no judge")


def told(home: Path) -> dict[str, dict[str, float]]:
    """What the release of a home says."""
    with closing(duckdb.connect(str(published_path(home)), read_only=True)) as con:
        for mart in ("fct_approval_audit", "fct_approval_rounds"):
            con.execute(JUDGED.format(mart=mart))
        return {
            measure: {name: float(value) for name, value in con.execute(query).fetchall()}
            for measure, query in OURS.items()
        }


def compare(
    ours: Mapping[str, Mapping[str, float]], theirs: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """What differs, a line each."""
    return [
        f"{measure} {name}: {ours[measure].get(name)} here, {theirs[measure].get(name)} there"
        for measure in OURS
        for name in sorted({*ours[measure], *theirs[measure]})
        if abs(ours[measure].get(name, -1) - theirs[measure].get(name, -1)) > CLOSE_S
    ]


def throughline(*words: str) -> None:
    """One command of ours, which has to end well."""
    command = Path(sys.executable).with_name("throughline")
    result = subprocess.run([command, *words], capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"throughline {words[0]} ended with {result.returncode}: {result.stderr}")


def main() -> None:
    """Run both companies, judge both, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--campaigns", type=int, default=2_000, help="of the year of work")
    campaigns = parser.parse_args().campaigns
    mismatches = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        throughline("simulate", "--out", str(folder / "sample"))
        write_year(folder / "year" / "exports", campaigns, until=YEAR_AS_OF[:10])
        config = ("--config", str(folder / "sample" / "config"))
        for company, as_of, rules in (("sample", AS_OF, config), ("year", YEAR_AS_OF, ())):
            exports, home = folder / company / "exports", folder / company / "home"
            places = ("--exports", str(exports), "--home", str(home))
            throughline("run", *places, "--as-of", as_of, *rules)
            ours, theirs = told(home), judged(exports, as_of)
            differences = compare(ours, theirs)
            mismatches += len(differences)
            print(
                f"{company}: {len(theirs['case_seconds'])} approvals,"
                f" {len(theirs['paths'])} paths, {len(differences)} differences"
            )
            for line in differences[:SHOWN]:
                print(f"  {line}")
    print(f"figure process_mismatches = {mismatches}")


if __name__ == "__main__":
    if IS_JUDGE:
        print(json.dumps(judge(Path(sys.argv[2]), sys.argv[3])))
    else:
        main()
