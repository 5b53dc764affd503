"""Asana, Jira, monday and Trello as they write their exports: every trap of their sheets."""

import json

import duckdb
import pytest

COPY_APPROVAL = "trello:6a1e8d800000000000000001"
SIGN_UP = "trello:6a1e94880000000000000002"
LAUNCH = "trello:6a1fdf000000000000000003"


def ledger(con: duckdb.DuckDBPyConnection, path: str) -> tuple[object, ...]:
    """Stream and status of one file, and its rows read, loaded, rejected and skipped."""
    (row,) = con.execute(
        "select source || '.' || stream, status, rows_read, rows_loaded, rows_rejected,"
        " rows_skipped from ops.files where path = ?",
        [path],
    ).fetchall()
    assert row[2] == row[3] + row[4] + row[5]
    return row


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    """Rows with times as text, so that a test reads like the table."""
    return [
        tuple(f"{cell:%Y-%m-%d %H:%M}" if hasattr(cell, "hour") else cell for cell in row)
        for row in con.execute(sql).fetchall()
    ]


def task(con: duckdb.DuckDBPyConnection, task_id: str, columns: str) -> tuple[object, ...]:
    (row,) = rows(
        con, f"select {columns} from intermediate.int_tasks_unioned where task_id = '{task_id}'"
    )
    return row


def changes(con: duckdb.DuckDBPyConnection, task_id: str, field: str) -> list[tuple[object, ...]]:
    return rows(
        con,
        "select old_value, new_value, changed_at from intermediate.int_task_changes_unioned"
        f" where task_id = '{task_id}' and field = '{field}' order by changed_at",
    )


def rounds(con: duckdb.DuckDBPyConnection, approval_id: str) -> list[tuple[object, ...]]:
    return rows(
        con,
        "select approval_step, decision, requested_at, decided_at, is_within_sla, is_on_time"
        f" from operations.fct_approval_rounds where approval_id = '{approval_id}'"
        " order by round_no",
    )


def blockers(con: duckdb.DuckDBPyConnection, task_id: str) -> list[tuple[object, ...]]:
    return rows(
        con,
        "select blocker_kind, blocking_task_id, is_open, opened_at, resolved_at,"
        " round(open_hours, 6) from operations.fct_blockers"
        f" where task_id = '{task_id}' order by blocker_kind, blocking_task_id",
    )


# --- the ledger


@pytest.mark.parametrize(
    ("path", "stream", "loaded", "skipped"),
    [
        ("asana/Partner_Summit.csv", "asana.tasks_csv", 8, 0),
        ("asana/Old_Project_resaved_in_Excel.csv", "asana.tasks_csv", 2, 0),
        ("asana/tasks-page-1.json", "asana.tasks", 4, 0),
        ("asana/tasks-page-2.json", "asana.tasks", 4, 0),
        ("asana/stories.json", "asana.stories", 11, 0),
        ("asana/fivetran/task.csv", "asana.tasks_csv", 2, 0),
        ("asana/fivetran/story.csv", "asana.stories_csv", 1, 0),
        ("asana/fivetran/project.csv", "asana.projects", 1, 0),
        ("asana/fivetran/project_task.csv", "asana.task_relations", 2, 0),
        ("asana/fivetran/task_section.csv", "asana.task_relations", 1, 0),
        ("asana/fivetran/task_tag.csv", "asana.task_relations", 1, 0),
        ("asana/fivetran/section.csv", "asana.sections", 1, 0),
        ("asana/fivetran/tag.csv", "asana.tags", 1, 0),
        ("asana/fivetran/user.csv", "asana.users", 1, 0),
        ("jira/Jira Cloud all fields.csv", "jira.issues_csv", 6, 0),
        ("jira/Jira Server.csv", "jira.issues_csv", 1, 0),
        ("jira/search-page-1.json", "jira.issues", 6, 0),
        ("jira/search-page-2.json", "jira.issues", 1, 0),
        ("jira/airbyte.jsonl/issues", "jira.issues", 1, 0),
        ("jira/fivetran/issue.csv", "jira.issues_csv", 2, 0),
        ("jira/fivetran/issue_field_history.csv", "jira.issue_field_history", 5, 0),
        ("jira/fivetran/issue_multiselect_history.csv", "jira.issue_field_history", 3, 0),
        ("jira/fivetran/issue_link.csv", "jira.issue_links", 2, 0),
        ("jira/fivetran/status.csv", "jira.statuses", 3, 0),
        ("jira/fivetran/field.csv", "jira.fields", 4, 0),
        ("jira/fivetran/project.csv", "jira.projects", 1, 0),
        ("jira/fivetran/user.csv", "jira.users", 2, 0),
        ("jira/fivetran/sprint.csv", "jira.sprints", 1, 0),
        # A title, a description, two group names, two headers, a subitems' header, two summaries.
        ("monday/Product_Launch_Board.xlsx/Product Launch Board", "monday.board_items", 6, 9),
        ("monday/items_page.json", "monday.items", 2, 0),
        ("monday/airbyte.jsonl/items", "monday.items", 1, 0),
        ("monday/airbyte.jsonl/boards", "monday.boards", 1, 0),
        ("monday/airbyte.jsonl/activity_logs", "monday.activity_logs", 5, 0),
        ("trello/newsletter-board-2026-06.json", "trello.boards", 1, 0),
        ("trello/newsletter-board-2026-08.json", "trello.boards", 1, 0),
        ("trello/cards.csv", "trello.cards_csv", 2, 0),
    ],
)
def test_every_row_is_accounted_for(
    vendors: duckdb.DuckDBPyConnection, path: str, stream: str, loaded: int, skipped: int
) -> None:
    expected = (stream, "loaded", loaded + skipped, loaded, 0, skipped)
    assert ledger(vendors, path) == expected


def test_what_a_connector_brings_beside_tasks_is_named(vendors: duckdb.DuckDBPyConnection) -> None:
    found = vendors.execute(
        "select path, nearest_contract from ops.files where status = 'unrecognised'"
        " and (path like 'jira/%' or path like 'monday/%') order by 1"
    ).fetchall()
    assert found == [
        ("jira/airbyte.jsonl/board_issues", "jira.issues"),
        ("jira/airbyte.jsonl/labels", None),
        ("monday/airbyte.jsonl/tags", None),
    ]


def test_every_task_of_the_files_is_one_task(vendors: duckdb.DuckDBPyConnection) -> None:
    """Asana 8 + 2 + 8 + 2; Jira 6 + 1 + 7 + 2; monday 6 + 3; Trello 4 + 1 of the CSV; 5 of none."""
    found = vendors.execute(
        "select tracker, count(*) from intermediate.int_tasks_unioned group by 1 order by 1"
    ).fetchall()
    assert found == [("asana", 20), ("jira", 16), ("monday", 9), ("trello", 5), ("work_items", 5)]


# --- Asana


def test_days_without_a_time_are_the_end_of_their_business_day(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    columns = "time_grain, created_at, completed_at, due_at"
    assert task(vendors, "1208800000000001", columns) == (
        *("day", "2026-06-01 21:00"),
        *("2026-06-05 21:00", None),
    )
    assert task(vendors, "1209900000000001", columns) == (
        *("time", "2026-06-01 13:00"),
        *("2026-06-19 15:00", "2026-06-20 21:00"),
    )


def test_excel_made_one_number_of_two_tasks(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select task_name, is_id_damaged, task_id like 'damaged:%' from staging"
        ".stg_asana__tasks_csv where project_names = 'Old Project' order by 1",
    )
    assert found == [("Collect photos", True, True), ("Sort photos", True, True)]


def test_names_with_commas_are_found_in_lists_of_names(vendors: duckdb.DuckDBPyConnection) -> None:
    assert blockers(vendors, "1208800000000003") == [
        # Open from when both were there, the end of 1 June, to the run: 121 days and 9 hours.
        ("dependency", "1208800000000002", True, "2026-06-01 21:00", None, 2913.0),
        ("dependency", "1208800000000004", False, "2026-06-02 21:00", "2026-06-20 21:00", 432.0),
    ]


def test_projects_and_parents_by_name(vendors: duckdb.DuckDBPyConnection) -> None:
    """In two projects, under a task by its title, under one by its number, by a connector."""
    found = rows(
        vendors,
        "select task_name from intermediate.int_tasks_matched join core.dim_campaigns"
        " using (campaign_key) join intermediate.int_tasks_unioned using (task_id)"
        " where utm_campaign = 'tracker-partner-summit' and task_name in ('Speaker list',"
        " 'Ask caterers', 'Wrap gifts', 'Film trailer', 'Cut trailer', 'Sort photos') order by 1",
    )
    assert found == [
        ("Ask caterers",),
        ("Cut trailer",),
        ("Film trailer",),
        ("Speaker list",),
        ("Wrap gifts",),
    ]


def test_a_rejected_approval_is_completed_and_never_on_time(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    assert task(vendors, "1209900000000002", "is_completed, approval_status") == (True, "rejected")
    assert rounds(vendors, "1209900000000002") == [
        ("creative", "rejected", "2026-06-09 15:00", "2026-06-10 15:00", True, False)
    ]
    assert rounds(vendors, "1209900000000003") == [
        ("launch", "changes_requested", "2026-06-10 13:00", "2026-06-11 13:00", True, False),
        ("launch", "approved", "2026-06-12 13:00", "2026-06-15 14:00", True, True),
    ]
    # A CSV's row says that it was decided, not how.
    assert rounds(vendors, "1208800000000007") == [
        ("legal", "unknown", "2026-06-04 21:00", "2026-06-25 21:00", False, None)
    ]


def test_stories_carry_their_change_in_fields(vendors: duckdb.DuckDBPyConnection) -> None:
    (moved,) = rows(
        vendors,
        "select old_due_at, new_due_at, changed_at from intermediate.int_task_changes_unioned"
        " where task_id = '1209900000000001' and field = 'due_date'",
    )
    assert moved == ("2026-06-15 21:00", "2026-06-20 21:00", "2026-06-12 14:00")
    assert changes(vendors, "1209900000000001", "section") == [
        ("Planning", "Production", "2026-06-03 09:00")
    ]
    assert changes(vendors, "1209900000000005", "assignee") == [
        (None, "Tom Okafor", "2026-06-06 12:00")
    ]
    # Completed without a time: the story knows it. Of a connector the story's text does.
    for task_id, at in (
        ("1209900000000007", "2026-06-17 12:00"),
        ("1209900000000052", "2026-06-20 08:00"),
    ):
        assert task(vendors, task_id, "completed_at, completed_at_source") == (at, "story")
    assert blockers(vendors, "1209900000000004") == [
        ("dependency", "1209900000000001", False, "2026-06-02 10:00", "2026-06-19 15:00", 413.0)
    ]
    assert blockers(vendors, "1209900000000007") == [
        ("flag", None, False, "2026-06-16 12:00", "2026-06-17 12:00", 24.0)
    ]


def test_a_connectors_table_names_by_number(vendors: duckdb.DuckDBPyConnection) -> None:
    columns = "owner_name, section_name, is_tagged_blocked, time_grain, created_at, due_at"
    assert task(vendors, "1209900000000051", columns) == (
        *("Kai Lund", "Film", True, "time"),
        *("2026-06-07 08:00", "2026-06-30 21:00"),
    )


# --- Jira


def test_repeated_headers_are_one_column(vendors: duckdb.DuckDBPyConnection) -> None:
    ((labels, versions, comments, blocked_by, extra),) = vendors.execute(
        "select b.labels, b.affects_versions, b.comments, l.blocked_by, l._extra"
        " from raw_jira.issues_csv as b, raw_jira.issues_csv as l"
        " where b.issue_key = 'AW-1' and l.issue_key = 'AW-2'"
    ).fetchall()
    assert json.loads(labels) == ["webinar", "q3"]
    assert json.loads(versions) == ["v1", "v2", "v3"]
    assert json.loads(comments) == [
        '24/Jun/26 9:00 AM;acc:2;Looks good, "ship it"',
        "25/Jun/26 3:59 PM;acc:1;Done\nfor now",
    ]
    assert json.loads(blocked_by) == ["AW-3", "AW-4"]
    unknown = json.loads(extra)
    assert unknown['Custom field (Steps, "as seen", and why)'] == "one, two"
    assert len(unknown) > 230


def test_times_are_of_who_exports_and_days_are_not_shifted(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    """Five past midnight in winter is 05:05 UTC, 4 PM in summer 20:00; clocks change on 8 March."""
    columns = "source_timezone, created_at, completed_at"
    assert task(vendors, "jira:20001", columns) == (
        *("America/New_York", "2026-01-15 05:05"),
        "2026-06-25 20:00",
    )
    assert task(vendors, "jira:30001", f"{columns}, due_at") == (
        *("America/New_York", "2026-03-08 07:30"),
        *("2026-03-09 07:30", "2026-03-10 21:00"),
    )
    assert task(vendors, "jira:20002", "due_at, task_subtype") == ("2026-09-30 21:00", "milestone")
    # The connector's are UTC already.
    assert task(vendors, "jira:20020", columns) == ("UTC", "2026-06-08 13:00", None)
    seconds = vendors.execute(
        "select original_estimate_seconds, time_spent_seconds from staging.stg_jira__issues_csv"
        " where issue_key = 'AW-1'"
    ).fetchall()
    assert seconds == [(28800, 30600)]


def test_jira_links_and_flags_block(vendors: duckdb.DuckDBPyConnection) -> None:
    assert blockers(vendors, "jira:20002") == [
        ("dependency", "jira:20003", True, "2026-06-22 13:30", None, 2416.5),
        ("dependency", "jira:20004", False, "2026-06-22 13:31", "2026-06-26 13:31", 96.0),
    ]
    # A CSV has no history: since when is not known.
    assert blockers(vendors, "jira:20003") == [("flag", None, True, None, None, None)]
    (reason,) = rows(
        vendors,
        "select reason, blocker_category, owner_name from operations.fct_blockers"
        " where task_id = 'jira:20003'",
    )
    assert reason == ("CRM field mapping is broken", "Broken field mapping", "Unassigned")
    # The changelog has: a link that was taken away, a flag that came twice, a status.
    assert blockers(vendors, "jira:20011") == [
        ("dependency", "jira:20012", False, "2026-06-21 13:00", "2026-06-23 13:00", 48.0),
        ("flag", None, False, "2026-06-22 13:00", "2026-07-01 14:00", 55.0),
        ("status", None, False, "2026-06-25 13:00", "2026-06-27 01:00", 36.0),
    ]
    # Of two links only the one that blocks; by a connector the pair the other way round.
    assert blockers(vendors, "jira:20015") == [
        ("dependency", "jira:20016", True, "2026-06-10 13:00", None, 2705.0)
    ]
    assert blockers(vendors, "jira:20020") == [
        ("dependency", "jira:20021", False, "2026-06-08 14:00", "2026-06-18 13:00", 239.0),
        ("flag", None, False, "2026-06-13 13:00", "2026-06-14 13:00", 24.0),
    ]


def test_a_jira_approval_is_a_status_or_a_field(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rounds(vendors, "jira:20010") == [
        ("creative", "changes_requested", "2026-06-10 13:00", "2026-06-11 13:00", True, False),
        ("creative", "approved", "2026-06-12 13:00", "2026-06-15 14:00", True, True),
    ]
    # Declined is done in Jira, within the service level, and not on time.
    assert rounds(vendors, "jira:20013") == [
        ("legal", "rejected", "2026-06-17 13:00", "2026-06-17 19:00", True, False)
    ]
    assert rounds(vendors, "jira:20005") == [
        ("legal", "pending", "2026-09-22 13:26", None, False, False)
    ]
    assert task(vendors, "jira:20005", "owner_name") == ("Mira Castell",)


def test_a_closed_issue_that_is_updated_keeps_its_values(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    """Complaint 9: the newer delivery has the change of a label alone in its changelog."""
    columns = "is_completed, completed_at, due_at, source_updated_at"
    assert task(vendors, "jira:20012", columns) == (
        *(True, "2026-06-30 13:00"),
        *("2026-06-30 21:00", "2026-07-20 13:00"),
    )
    assert changes(vendors, "jira:20012", "status") == [
        ("To Do", "In Progress", "2026-06-09 13:00"),
        ("In Progress", "Closed", "2026-06-30 13:00"),
    ]


def test_called_off_is_not_done(vendors: duckdb.DuckDBPyConnection) -> None:
    columns = "status_name, canonical_status, is_completed, completed_at"
    assert task(vendors, "jira:20006", columns) == ("Done", "cancelled", False, None)


def test_histories_of_api_and_connector_agree_in_shape(vendors: duckdb.DuckDBPyConnection) -> None:
    # A sprint goes by its number.
    assert changes(vendors, "jira:20011", "sprint") == [("1", "1,2", "2026-06-22 13:00")]
    assert changes(vendors, "jira:20011", "due_date") == [
        ("2026-07-01", "2026-07-08", "2026-06-20 13:00")
    ]
    assert changes(vendors, "jira:20020", "status") == [
        (None, "To Do", "2026-06-08 13:00"),
        ("To Do", "In Progress", "2026-06-12 13:00"),
    ]
    assert changes(vendors, "jira:20020", "due_date") == [
        (None, "2026-07-10", "2026-06-08 13:00"),
        ("2026-07-10", "2026-07-15", "2026-06-11 13:00"),
    ]
    # A status of the company's own is known by its category.
    columns = "status_name, canonical_status, is_completed"
    assert task(vendors, "jira:20021", columns) == ("Shipped", "completed", True)


# --- monday


def test_a_board_in_excel(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select item_name, board_name, group_name, parent_name, owner_name, status_name,"
        " cast(due_on as varchar), source_updated_at from staging.stg_monday__board_items"
        " order by row_number",
    )
    board, press, both = "Product Launch Board", "Press kit, final", "Omar Haddad, Lea Brandt"
    midnight, afternoon = "2026-07-01 04:00", "2026-07-02 17:00"
    assert {row[1] for row in found} == {board}
    assert [(row[0], *row[2:]) for row in found] == [
        ("Brief approved", "Plan", None, "Omar Haddad", "Done", "2026-06-30", "2026-06-29 13:26"),
        (press, "Plan", None, both, "Working on it", "2026-07-31", "2026-07-15 16:05"),
        ("Photos", "Plan", press, "Lea Brandt", "Done", "2026-07-10", None),
        ("Quotes", "Plan", press, None, "Stuck", "2026-07-12", None),
        # A date that is one for Excel; midnight by the clock of who exports.
        ("Campaign launched", "Launch", None, None, "Not Started", "2026-08-20", midnight),
        ("Launch approval", "Launch", None, "Omar Haddad", "Working on it", None, afternoon),
    ]
    assert blockers(vendors, "monday:7000000003") == [
        ("dependency", "monday:7000000002", True, None, None, None)
    ]


def test_monday_values_know_when_they_were_set(vendors: duckdb.DuckDBPyConnection) -> None:
    columns = "project_name, section_name, completed_at, completed_at_source, due_at"
    assert task(vendors, "monday:7000000010", columns) == (
        *("Product Launch Board", "Plan", "2026-07-09 15:00", "story"),
        "2026-07-10 21:00",
    )
    assert rounds(vendors, "monday:7000000011") == [
        ("creative", "approved", "2026-06-10 13:00", "2026-07-03 15:00", False, False)
    ]


def test_mondays_activity_log(vendors: duckdb.DuckDBPyConnection) -> None:
    assert changes(vendors, "monday:7000000020", "status") == [
        (None, "Working on it", "2026-07-10 10:00"),
        ("Working on it", "Stuck", "2026-07-14 10:00"),
    ]
    assert changes(vendors, "monday:7000000020", "due_date") == [
        ("2026-07-20", "2026-07-25", "2026-07-15 10:00")
    ]
    assert changes(vendors, "monday:7000000020", "section") == [
        ("Ideas", "Plan", "2026-07-16 10:00")
    ]
    assert blockers(vendors, "monday:7000000020") == [
        ("status", None, True, "2026-07-14 10:00", None, 1892.0)
    ]


# --- Trello


def test_a_cards_number_is_when_it_was_made(vendors: duckdb.DuckDBPyConnection) -> None:
    assert task(vendors, SIGN_UP, "created_at") == ("2026-06-02 08:30",)


def test_actions_of_two_exports_are_one_history(vendors: duckdb.DuckDBPyConnection) -> None:
    """The newer board has forgotten what the older one still told."""
    assert changes(vendors, COPY_APPROVAL, "section") == [
        (None, "To Do", "2026-06-02 08:00"),
        ("To Do", "Awaiting approval", "2026-06-08 13:00"),
        ("Awaiting approval", "To Do", "2026-06-09 13:00"),
        ("To Do", "Awaiting approval", "2026-06-10 13:00"),
        ("Awaiting approval", "Approved", "2026-06-11 13:00"),
    ]
    assert rounds(vendors, COPY_APPROVAL) == [
        ("creative", "changes_requested", "2026-06-08 13:00", "2026-06-09 13:00", True, False),
        ("creative", "approved", "2026-06-10 13:00", "2026-06-11 13:00", True, True),
    ]


def test_a_due_date_that_was_nothing_before(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select old_due_at, new_due_at, changed_at from intermediate.int_task_changes_unioned"
        f" where task_id = '{LAUNCH}' and field = 'due_date' order by changed_at",
    )
    assert found == [
        (None, "2026-08-07 15:00", "2026-06-05 08:00"),
        ("2026-08-07 15:00", "2026-08-14 15:00", "2026-08-01 08:00"),
    ]
    milestone = rows(
        vendors,
        "select baseline_planned_at, current_planned_at, replan_count from"
        " operations.fct_milestones join core.dim_campaigns using (campaign_key)"
        " where utm_campaign = 'tracker-newsletter' and milestone_key = 'campaign_launched'",
    )
    assert milestone == [("2026-08-07 15:00", "2026-08-14 15:00", 1)]


def test_lists_and_labels_block(vendors: duckdb.DuckDBPyConnection) -> None:
    assert blockers(vendors, SIGN_UP) == [
        ("status", None, False, "2026-08-03 08:00", "2026-08-05 20:00", 60.0)
    ]
    columns = "is_completed, completed_at, completed_at_source, owner_name"
    assert task(vendors, SIGN_UP, columns) == (True, "2026-08-12 09:00", "story", "Tom Okafor")
    assert blockers(vendors, "trello:6a2130800000000000000004") == [
        ("flag", None, True, "2026-08-10 08:00", None, 1246.0)
    ]
    # Of a CSV the list says that it is done, nobody when.
    assert task(vendors, "trello:6a4501400000000000000007", "status_name, completed_at_source") == (
        "Done",
        "unknown",
    )


# --- the marts


def test_every_tracker_reaches_the_launches(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select utm_campaign, baseline_planned_at, replan_count, blocked_approval_count,"
        " launch_state from operations.fct_campaign_launches join core.dim_campaigns"
        " using (campaign_key) where utm_campaign like 'tracker-%' order by 1",
    )
    assert found == [
        ("tracker-autumn-webinar", "2026-09-30 21:00", 0, 1, "overdue"),
        ("tracker-newsletter", "2026-08-07 15:00", 1, 0, "overdue"),
        ("tracker-partner-summit", "2026-07-10 21:00", 0, 0, "overdue"),
        ("tracker-product-launch", "2026-08-20 21:00", 0, 1, "overdue"),
    ]


def test_open_blockers_by_campaign(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select utm_campaign, count(*), count(*) filter (where is_open) from operations"
        ".fct_blockers join core.dim_campaigns using (campaign_key) group by 1 order by 1",
    )
    assert found == [
        ("tracker-autumn-webinar", 9, 3),
        ("tracker-newsletter", 2, 1),
        ("tracker-partner-summit", 7, 4),
        ("tracker-product-launch", 3, 3),
    ]


# --- tables of connectors


def test_connectors_tables_load(vendors: duckdb.DuckDBPyConnection) -> None:
    loaded = vendors.execute(
        "select source || '.' || stream, sum(rows_loaded) from ops.files"
        " where status = 'loaded' and source in ('asana', 'jira', 'monday', 'trello')"
        " and (path like '%/fivetran/%' or path like '%/airbyte%') group by 1"
    ).fetchall()
    assert {name: int(count) for name, count in loaded} == {
        "asana.projects": 1,
        "asana.sections": 1,
        "asana.stories_csv": 1,
        "asana.tags": 1,
        "asana.task_relations": 4,
        "asana.tasks_csv": 2,
        "asana.users": 1,
        "jira.fields": 4,
        "jira.issue_field_history": 8,
        "jira.issue_links": 2,
        "jira.issues": 1,
        "jira.issues_csv": 2,
        "jira.projects": 1,
        "jira.sprints": 1,
        "jira.statuses": 3,
        "jira.users": 2,
        "monday.activity_logs": 5,
        "monday.boards": 1,
        "monday.items": 1,
    }
    (changed,) = vendors.execute(
        "select count(*) from intermediate.int_task_changes_unioned where field = 'sprint'"
    ).fetchall()
    assert changed[0] > 0
