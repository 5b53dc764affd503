"""In whatever order and groups deliveries come, what runs leave standing is what a full refresh
makes: the same content hash after each. Corrections, a merge and deletions are among them.
"""

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest import load_contracts, load_exports
from pipelines.ingest.warehouse import connect
from pipelines.publish import content_hash
from pipelines.transform.prepared import Plan, current_plan
from pipelines.transform.project import mart_schemas
from pipelines.transform.replay import forget, replay

pytestmark = pytest.mark.slow

BEGIN = datetime(2026, 10, 1, 6)
# A few of each subject that something is delivered of.
MARTS = (
    *("fct_lifecycle_stages", "fct_opportunities", "fct_ad_spend_daily", "files"),
    *("fct_blockers", "fct_approval_rounds", "fct_process_defects"),
)

PEOPLE = (
    "Record ID,Email,Company Name,Create Date,Lifecycle Stage,Became a Lead Date,"
    "Became a Customer Date,Original Source,Merged Record IDs,Last Modified Date\n"
)
DEALS = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Close Date,Create Date,Amount,Currency,"
    "Associated Contact IDs,Last Modified Date\n"
)
SPEND = (
    "Campaign report\n{}\nDay,Campaign status,Campaign,Campaign ID,Currency code,Campaign type,"
    "Clicks,Impr.,Cost,Conversions\n"
)
TASKS = (
    "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,"
    "Start Date,Due Date,Tags,Notes,Projects,Parent task\n"
)


def api_task(number: int, status: str, modified: str) -> dict[str, object]:
    """An approval as Asana's API gives it."""
    return {
        "gid": str(number),
        "resource_type": "task",
        "resource_subtype": "approval",
        "name": "Legal approval",
        "approval_status": status,
        "completed": status != "pending",
        "created_at": "2026-08-03T09:00:00.000Z",
        "modified_at": modified,
        "projects": [{"gid": "1", "name": "Brand"}],
        "memberships": [{"project": {"name": "Brand"}, "section": {"name": "Legal"}}],
        "dependencies": [{"gid": "500"}],
    }


def api_story(number: int, old: str, new: str, at: str) -> dict[str, object]:
    """An answer to the approval, or a request, as Asana's API gives it."""
    return {
        "gid": str(number),
        "resource_type": "story",
        "resource_subtype": "approval_status_changed",
        "created_at": at,
        "created_by": {"gid": "7", "name": "Ann"},
        "target": {"gid": "510", "resource_type": "task"},
        "old_approval_status": old,
        "new_approval_status": new,
    }


def board(last_at: str, *cards: tuple[str, str]) -> str:
    """A board as Trello exports it."""
    return json.dumps(
        {
            "id": "5f0000000000000000000001",
            "name": "Brand",
            "closed": False,
            "dateLastActivity": last_at,
            "lists": [{"id": name, "name": name, "closed": False} for name in ("Blocked", "Doing")],
            "members": [],
            "labels": [],
            "checklists": [],
            "actions": [],
            "cards": [
                {
                    "id": f"5f00000000000000000000{name[-2:]}",
                    "name": name,
                    "idList": list_name,
                    "idMembers": [],
                    "labels": [],
                    "closed": False,
                    "due": "2026-09-01T12:00:00.000Z",
                    "dueComplete": False,
                    "dateLastActivity": last_at,
                }
                for name, list_name in cards
            ],
        }
    )


def lines(*records: dict[str, object]) -> str:
    """JSON lines."""
    return "".join(f"{json.dumps(record)}\n" for record in records)


SALESFORCE = (
    "Id,IsDeleted,MasterRecordId,AccountId,LastName,FirstName,Email,LeadSource,OwnerId,CreatedDate,"
    "LastModifiedDate\n"
)
DELIVERIES = {
    "hubspot/hubspot-crm-exports-all-contacts-2026-09-01.csv": PEOPLE
    + "1,ada@acme.example,Acme,2026-03-01 09:00,Lead,2026-03-01 09:00,,Organic Search,,"
    "2026-03-01 09:00\n2,ada@home.example,,2026-03-05 09:00,Lead,2026-03-05 09:00,,Referrals,,"
    "2026-03-05 09:00\n3,bo@beta.example,Beta,2026-03-09 09:00,Lead,2026-03-09 09:00,,"
    "Paid Search,,2026-03-09 09:00\n",
    # The second person was merged into the first, and the third became a customer.
    "hubspot/hubspot-crm-exports-all-contacts-2026-09-20.csv": PEOPLE
    + "1,ada@acme.example,Acme,2026-03-01 09:00,Lead,2026-03-01 09:00,,Organic Search,2,"
    "2026-09-19 09:00\n3,bo@beta.example,Beta,2026-03-09 09:00,Customer,2026-03-09 09:00,"
    "2026-09-10 09:00,Paid Search,,2026-09-10 09:00\n",
    "hubspot/hubspot-crm-exports-all-deals-2026-09-01.csv": DEALS
    + "10,Beta - New,Closed Won,Sales Pipeline,2026-08-20 09:00,2026-05-01 09:00,900.00,USD,3,"
    "2026-08-20 09:00\n11,Acme - New,Closed Won,Sales Pipeline,2026-08-21 09:00,2026-05-02 09:00,"
    "500.00,USD,1,2026-08-21 09:00\n",
    # One amount was wrong, and the other deal is no more.
    "hubspot/hubspot-crm-exports-all-deals-2026-09-21.csv": DEALS
    + "10,Beta - New,Closed Won,Sales Pipeline,2026-08-20 09:00,2026-05-01 09:00,950.00,USD,3,"
    "2026-09-21 09:00\n",
    "salesforce/Contact.csv": SALESFORCE
    + "003Q00000CYCYC1AAA,0,000000000000000AAA,000000000000000AAA,Gamma,Cy,cy@gamma.example,Web,"
    "005Q00000OWNER1AAA,2026-04-01 12:00:00,2026-04-01 12:00:00\n",
    "salesforce/Contact again.csv": SALESFORCE
    + "003Q00000CYCYC1AAA,1,000000000000000AAA,000000000000000AAA,Gamma,Cy,cy@gamma.example,Web,"
    "005Q00000OWNER1AAA,2026-04-01 12:00:00,2026-09-15 12:00:00\n",
    "google_ads/report.csv": SPEND.format('"August 1, 2026 - August 2, 2026"')
    + "2026-08-01,Enabled,brand,77,USD,Search,10,100,20.00,1\n"
    "2026-08-02,Enabled,brand,77,USD,Search,11,90,21.00,0\n",
    # The platform has restated a day.
    "google_ads/report again.csv": SPEND.format('"August 2, 2026 - August 3, 2026"')
    + "2026-08-02,Enabled,brand,77,USD,Search,12,91,19.50,0\n"
    "2026-08-03,Enabled,brand,77,USD,Search,9,80,18.00,1\n",
    "asana/Launch.csv": TASKS
    + "500,2026-08-01,,2026-08-02,Campaign launched,To do,Ann,,,2026-09-01,,,Brand,\n"
    "501,2026-08-01,,2026-08-01,Brief approved,To do,Ann,,,2026-08-10,,,Brand,\n",
    "asana/Launch again.csv": TASKS
    + "500,2026-08-01,2026-09-05,2026-09-05,Campaign launched,Done,Ann,,,2026-09-01,,,Brand,\n",
    "asana/tasks.jsonl": lines(api_task(510, "pending", "2026-08-04T09:00:00.000Z")),
    # The task has gone on, the log has more of it, and what it said first was mended.
    "asana/tasks again.jsonl": lines(
        api_task(510, "approved", "2026-08-12T09:00:00.000Z"),
        api_task(511, "pending", "2026-08-12T09:00:00.000Z"),
    ),
    "asana/stories.jsonl": lines(
        api_story(910, "pending", "rejected", "2026-08-05T09:00:00.000Z"),
    ),
    "asana/stories again.jsonl": lines(
        api_story(910, "pending", "changes_requested", "2026-08-05T09:00:00.000Z"),
        api_story(911, "changes_requested", "pending", "2026-08-06T09:00:00.000Z"),
        api_story(912, "pending", "approved", "2026-08-12T09:00:00.000Z"),
    ),
    "trello/board.json": board(
        "2026-08-10T09:00:00.000Z", ("Page 11", "Blocked"), ("Page 12", "Doing")
    ),
    # One card was moved, the other deleted.
    "trello/board again.json": board("2026-08-20T09:00:00.000Z", ("Page 11", "Doing")),
}


def in_order(seed: int) -> Iterator[list[str]]:
    """The deliveries in one order, in groups that come at once."""
    names = sorted(DELIVERIES)
    dice = random.Random(seed)  # noqa: S311 - the same orders each time
    dice.shuffle(names)
    cuts = sorted(dice.sample(range(1, len(names)), dice.randint(1, 3)))
    for begin, end in zip([0, *cuts], [*cuts, len(names)], strict=True):
        yield names[begin:end]


@pytest.fixture(scope="module")
def plan() -> Plan:
    """What the marts of MARTS are made of, without its data tests."""
    plan = current_plan()
    reads = {node.unique_id: node.depends_on for node in plan.nodes}
    waiting = [node.unique_id for node in plan.nodes if node.name in MARTS]
    wanted: set[str] = set()
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        waiting += set(reads.get(name, ())) - wanted
    return replace(plan, nodes=tuple(node for node in plan.nodes if node.unique_id in wanted))


@pytest.fixture(scope="module")
def nothing(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build file of a company that nothing was delivered of."""
    path = tmp_path_factory.mktemp("nothing") / "build.duckdb"
    with closing(connect(path)) as con:
        build(con, plan, BEGIN)
    return path


def build(con: duckdb.DuckDBPyConnection, plan: Plan, clock: datetime) -> str:
    """What a run builds of it, and the hash of what that leaves."""
    for after_solve in (False, True):
        results = replay(con, plan, clock, after_solve=after_solve)
        assert {result.status for result in results} == {"success"}
    return content_hash(con, "build", mart_schemas())


@pytest.mark.parametrize("seed", range(10))
def test_what_stands_is_what_a_full_refresh_makes(
    plan: Plan, nothing: Path, tmp_path: Path, seed: int
) -> None:
    path = shutil.copy(nothing, tmp_path / "build.duckdb")
    with closing(connect(path)) as con:
        con.execute("set threads = 1")
        for number, names in enumerate(in_order(seed)):
            for name in names:
                file = tmp_path / "exports" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(DELIVERIES[name])
            clock = BEGIN + timedelta(hours=30 * number)
            load_exports(con, tmp_path / "exports", contracts=load_contracts(), loaded_at=clock)
            standing = build(con, plan, clock)
        assert not con.execute("from ops.files where status <> 'loaded'").fetchall()
        forget(con)
        assert standing == build(con, plan, clock)
