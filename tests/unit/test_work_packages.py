"""The files that Asana and Jira import: the card first, what changed alone, nothing half known."""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.reports.work_packages import report_work_packages, write_packages
from pipelines.settings import UsageError

COLUMNS = (
    "brief_id, version, campaign_name, seq, item_key, item_name, workflow_step, accountable_role,"
    " accountable_name, backup_name, package_state, item_change, is_latest_version, due_date,"
    " due_before_date"
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("create schema operations")
        con.execute(
            f"create table operations.fct_work_packages as select * from (values"
            " ('B/1', 2, 'Spring', 1, 'sprint_card', 'Launch', 'launch_approval', 'Director',"
            "  'Ana', 'Ben', 'planned', 'changed', true, date '2026-05-26', date '2026-05-25'),"
            " ('B/1', 2, 'Spring', 2, 'tracking', 'Check tracking', 'tracking_setup', 'Ops lead',"
            "  null, null, 'planned', 'new', true, date '2026-05-21', null),"
            " ('B/1', 2, 'Spring', 3, 'page', 'Check the page', 'creative_production', 'Manager',"
            "  'Ana', null, 'planned', 'same', true, date '2026-05-20', date '2026-05-20'),"
            " ('B/1', 1, 'Spring', 1, 'sprint_card', 'Launch', 'launch_approval', 'Director',"
            "  'Ana', 'Ben', 'planned', 'new', false, date '2026-05-25', null),"
            " ('B2', 1, 'Autumn', 1, 'sprint_card', 'Launch', 'launch_approval', 'Director',"
            "  'Ana', null, 'needs_input', 'new', true, null, null)"
            f") as rows({COLUMNS})"
        )
        yield con


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_asana_has_what_changed_below_its_card(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    report = write_packages(con, "asana", tmp_path / "out")
    path = tmp_path / "out" / "B-1-v2-asana.csv"
    assert report == {
        "tool": "asana",
        "written": [str(path)],
        "needs_input": ["B2 version 1: Autumn"],
    }
    assert rows(path) == [
        {
            "Name": "Launch: Spring",
            "Section/Column": "launch_approval",
            "Assignee": "Ana",
            "Due Date": "2026-05-26",
            "Notes": "Accountable: Ana (Director), backup: Ben, brief B/1, version 2,"
            " was due 2026-05-25",
            "Projects": "Spring",
            "Parent task": "",
        },
        {
            "Name": "Check tracking: Spring",
            "Section/Column": "tracking_setup",
            "Assignee": "",
            "Due Date": "2026-05-21",
            "Notes": "Accountable: nobody (Ops lead), brief B/1, version 2",
            "Projects": "Spring",
            "Parent task": "Launch: Spring",
        },
    ]


def test_jira_has_sub_tasks_behind_their_parent(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_packages(con, "jira", tmp_path)
    found = rows(tmp_path / "B-1-v2-jira.csv")
    assert [
        (row["Issue ID"], row["Parent ID"], row["Issue Type"], row["Summary"], row["Due Date"])
        for row in found
    ] == [
        ("1", "", "Task", "Launch: Spring", "2026-05-26"),
        ("2", "1", "Sub-task", "Check tracking: Spring", "2026-05-21"),
    ]
    assert [(row["Assignee"], row["Labels"]) for row in found] == [
        ("Ana", "launch_approval"),
        ("", "tracking_setup"),
    ]


def test_nothing_is_written_twice_differently(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first = write_packages(con, "jira", tmp_path)
    text = (tmp_path / "B-1-v2-jira.csv").read_bytes()
    assert write_packages(con, "jira", tmp_path) == first
    assert (tmp_path / "B-1-v2-jira.csv").read_bytes() == text


def test_a_tool_nobody_knows_and_no_release_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no tool trelo"):
        report_work_packages(tmp_path, "trelo", tmp_path)
    with pytest.raises(UsageError, match="nothing is published in"):
        report_work_packages(tmp_path, "jira", tmp_path)
