"""The work tracker: tasks, milestones, approvals and their stories; one project as a CSV.

What went wrong on purpose: two approvals of one campaign blocked, one approval reset after launch,
one legal approval that came after the launch, launches ticked days before they happened.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from pipelines.simulate.clock import DAY, EXPORTED_AT, HOUR, NEW_YORK, day_of, iso_utc, local
from pipelines.simulate.company import OWN_DOMAIN, TEAM, Campaign
from pipelines.simulate.files import Folder, csv_text, moment
from pipelines.simulate.templates import registered

TASK_PAGES = 3
EXPORTED = moment(2026, 10, 1, 4, 40)
CSV_PROJECT = "content-sprint-spring"
CSV_PATH = "asana/Content_Sprint_Spring.csv"
STORIES = "asana/stories.json"
CSV_HEADER = (
    "Task ID", "Created At", "Completed At", "Last Modified", "Name", "Section/Column", "Assignee",
    "Assignee Email", "Start Date", "Due Date", "Tags", "Notes", "Projects", "Parent task",
    "Blocked By (Dependencies)", "Blocking (Dependencies)", "Priority",
)  # fmt: skip
LAUNCHED = "Campaign launched"
TRACKING = "Tracking QA passed"
LINKS = "Set up tracking links"
MILESTONES = (
    ("Brief approved", -21),
    ("Creative finalized", -10),
    (TRACKING, -4),
    (LAUNCHED, 0),
    ("First 50 leads captured", 21),
)
APPROVALS = (("Creative approval", -14), ("Legal approval", -12), ("Launch approval", -5))
WORK = (
    ("Write landing page", -18),
    ("Design ad set", -16),
    (LINKS, -8),
    ("Prepare reminder sequence", -6),
    ("Collect results for the review", 25),
)
CLAIMED_EARLY = {"product-launch-q3": 6, "content-sprint-spring": 2, "customer-stories-fall": 10}
"""Days before the true launch (or before the export) on which somebody ticked it off."""
BLOCKED = "customer-stories-fall"
UPCOMING = "webinar-scale-q4"
REVOKED = "product-launch-q3"
APPROVED_LATE = "lead-gen-blitz-may"
REJECTED = "referral-push-summer"
CIRCLE = "webinar-foundations-q2"
WAITS = {
    "webinar-pipeline-q3": (
        (LAUNCHED, TRACKING, -5),
        (LAUNCHED, "Launch approval", -5),
        (TRACKING, LINKS, -11),
        ("Launch approval", "Legal approval", -12),
    ),
    CIRCLE: ((LAUNCHED, TRACKING, -6), (TRACKING, LINKS, -8), (LINKS, TRACKING, -8)),
    APPROVED_LATE: ((LAUNCHED, "Legal approval", -3),),
}
"""What waits for what in a campaign, and how many days from the planned launch that was told."""
PENDING, CHANGES, APPROVED, DECLINED = "pending", "changes_requested", "approved", "rejected"

Record = dict[str, Any]


@dataclass
class Board:
    """Everything that was made in the tracker, and the next free number."""

    rng: np.random.Generator
    tasks: list[Record] = field(default_factory=list)
    stories: list[Record] = field(default_factory=list)
    next_gid: int = 1_207_700_310_004_001

    def gid(self) -> str:
        """The next 16-digit number."""
        self.next_gid += int(self.rng.integers(3, 900))
        return str(self.next_gid)

    def tell(self, task: Record, at: int, subtype: str, text: str, **change: Any) -> None:
        """Adds a story to a task."""
        if at > EXPORTED_AT - HOUR:
            return
        who = TEAM[int(self.rng.integers(0, len(TEAM)))]
        self.stories.append(
            {
                "gid": self.gid(),
                "resource_type": "story",
                "type": "comment" if subtype == "comment_added" else "system",
                "resource_subtype": subtype,
                "created_at": iso_utc(at),
                "created_by": person(who),
                "target": {"gid": task["gid"], "resource_type": "task"},
                "text": text,
                **change,
            }
        )


def person(name: str) -> Record:
    """A user as the API shows it."""
    number = 1_200_000_000_000_100 + 17 * TEAM.index(name)
    return {"gid": str(number), "name": name, "resource_type": "user"}


def at_ten(day: date) -> int:
    """Ten in the morning in New York."""
    return local(NEW_YORK, day, time(10, 0))


def workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def in_the_week(at: int) -> int:
    """The same hour of Monday, where a decision would fall on a weekend."""
    weekday = datetime.fromtimestamp(at, NEW_YORK).weekday()
    return at + (7 - weekday) * DAY if weekday > 4 else at


def stop(campaign: Campaign) -> str:
    """When work on the campaign ends for the tracker: its cancellation, else the export."""
    return campaign.cancelled_at or iso_utc(EXPORTED_AT - HOUR)


def add_task(board: Board, campaign: Campaign, name: str, due: date, subtype: str) -> Record:
    """A new task of the campaign's project, not done yet."""
    created = min(at_ten(campaign.planned - timedelta(days=30)), at_ten(due) - 9 * DAY)
    unowned = not campaign.owner or (subtype == "default_task" and board.rng.random() < 0.2)
    task: Record = {
        "gid": board.gid(),
        "resource_type": "task",
        "resource_subtype": subtype,
        "name": name,
        "completed": False,
        "completed_at": None,
        "created_at": iso_utc(created),
        "modified_at": iso_utc(created),
        "due_on": due.isoformat(),
        "due_at": None,
        "start_on": None,
        "assignee": None if unowned else person(campaign.owner),
        "projects": [project(campaign)],
        "memberships": [{"project": project(campaign), "section": section(campaign, "Production")}],
        "tags": [],
        "parent": None,
        "dependencies": [],
        "custom_fields": [],
        "notes": "",
    }
    if subtype == "approval":
        task["approval_status"] = PENDING
    board.tasks.append(task)
    return task


def project(campaign: Campaign) -> Record:
    """The project named as the campaign."""
    number = 1_207_500_000_000_000 + registered().index(campaign) * 7919
    return {"gid": str(number), "name": campaign.name, "resource_type": "project"}


def section(campaign: Campaign, name: str) -> Record:
    """A section of the campaign's project."""
    number = 1_207_600_000_000_000 + registered().index(campaign) * 7919 + len(name)
    return {"gid": str(number), "name": name, "resource_type": "section"}


def complete(task: Record, at: int) -> None:
    """Ticks a task off, unless that lies after the export."""
    if at < EXPORTED_AT - HOUR:
        task.update(completed=True, completed_at=iso_utc(at), modified_at=iso_utc(at))


def move_due(board: Board, task: Record, at: int, new: date) -> None:
    """A due date moved, with its story."""
    old = task["due_on"]
    task["due_on"] = new.isoformat()
    task["modified_at"] = max(task["modified_at"], iso_utc(at))
    board.tell(
        task,
        at,
        "due_date_changed",
        f"changed the due date from {old} to {new.isoformat()}",
        old_dates={"due_on": old, "due_at": None, "start_on": None},
        new_dates={"due_on": new.isoformat(), "due_at": None, "start_on": None},
    )


def decide(board: Board, task: Record, steps: list[tuple[int, str]]) -> None:
    """Takes an approval through (time, status) steps, each with its story."""
    for at, status in steps:
        old = task["approval_status"]
        if at > EXPORTED_AT - HOUR:
            return
        board.tell(
            task,
            at,
            "approval_status_changed",
            f"changed the approval status from {old} to {status}",
            old_approval_status=old,
            new_approval_status=status,
        )
        done = status not in (PENDING, CHANGES)
        task.update(
            approval_status=status,
            completed=done,
            completed_at=iso_utc(at) if done else None,
            modified_at=iso_utc(at),
        )


def approval_steps(
    board: Board, campaign: Campaign, name: str, asked: int
) -> list[tuple[int, str]]:
    """What happened to an approval that was asked for at `asked`."""
    key = (campaign.slug, name)
    if campaign.slug in (BLOCKED, UPCOMING) and name != "Creative approval":
        return []
    if key == (REJECTED, "Launch approval"):
        return [(asked + 2 * DAY, DECLINED)]
    if key == (APPROVED_LATE, "Legal approval") and campaign.live:
        return [(at_ten(campaign.live) + 2 * DAY, APPROVED)]
    hours = int(board.rng.choice([2, 4, 5, 23, 26, 49], p=[0.25, 0.25, 0.15, 0.2, 0.1, 0.05]))
    if name == "Creative approval" and board.rng.random() < 0.45:
        return [
            (asked + 5 * HOUR, CHANGES),
            (asked + 26 * HOUR, PENDING),
            (asked + (26 + hours) * HOUR, APPROVED),
        ]
    steps = [(asked + hours * HOUR, APPROVED)]
    if key == (REVOKED, "Legal approval") and campaign.live:
        launch = at_ten(campaign.live)
        steps += [(launch + 9 * DAY, PENDING), (launch + 13 * DAY, APPROVED)]
    return steps


def add_approvals(board: Board, campaign: Campaign) -> None:
    """The three approvals that a launch needs, each asked for on a working day at ten."""
    for name, offset in APPROVALS:
        asked = workday(campaign.planned + timedelta(days=offset))
        if iso_utc(at_ten(asked)) > stop(campaign):
            continue
        task = add_task(board, campaign, name, workday(asked + timedelta(days=2)), "approval")
        task["created_at"] = task["modified_at"] = iso_utc(at_ten(asked))
        steps = approval_steps(board, campaign, name, at_ten(asked))
        steps = [(in_the_week(at), status) for at, status in steps]
        decide(board, task, [step for step in steps if iso_utc(step[0]) <= stop(campaign)])


def launch_ticked(campaign: Campaign) -> int | None:
    """When the launch milestone was ticked off; None if it never was."""
    early = CLAIMED_EARLY.get(campaign.slug, 0)
    if campaign.live is None:
        return at_ten(day_of(272) - timedelta(days=early)) if early else None
    return at_ten(campaign.live - timedelta(days=early)) + 2 * HOUR


def launch(board: Board, campaign: Campaign, task: Record) -> None:
    """Moves the due date of a late launch twice, never far enough, and ticks it off."""
    due = campaign.planned
    late = (campaign.live - due).days if campaign.live else 0
    if late > 1:
        move_due(board, task, at_ten(due - timedelta(days=4)), due + timedelta(days=late // 2))
    if late > 2:
        again = at_ten(due + timedelta(days=late - 3))
        move_due(board, task, again, due + timedelta(days=late - 1))
    ticked = launch_ticked(campaign)
    if ticked is not None:
        complete(task, ticked)


def add_milestones(board: Board, campaign: Campaign) -> None:
    """The five milestones; those of a late launch were planned again."""
    for name, offset in MILESTONES:
        planned = campaign.planned + timedelta(days=offset)
        due = planned if name == LAUNCHED else workday(planned)
        task = add_task(board, campaign, name, due, "milestone")
        if name == LAUNCHED:
            launch(board, campaign, task)
        elif name != "First 50 leads captured":
            slack = int(board.rng.choice([-1, 0, 0, 2]))
            done = at_ten(due + timedelta(days=slack)) + 4 * HOUR
            if iso_utc(done) < stop(campaign) and not (campaign.slug == BLOCKED and offset > -10):
                complete(task, done)
        elif campaign.slug == "webinar-foundations-q2":
            complete(task, at_ten(due) + 3 * DAY)


def add_work(board: Board, campaign: Campaign) -> None:
    """Ordinary tasks, with section moves and comments."""
    for name, offset in WORK:
        due = workday(campaign.planned + timedelta(days=offset))
        task = add_task(board, campaign, name, due, "default_task")
        task["start_on"] = (due - timedelta(days=5)).isoformat()
        done = at_ten(due + timedelta(days=int(board.rng.integers(-2, 3)))) + 5 * HOUR
        if iso_utc(done) >= stop(campaign):
            continue
        complete(task, done)
        board.tell(
            task, done - DAY, "comment_added", "Nearly there, one round of proofreading left"
        )
        old, new = section(campaign, "Production"), section(campaign, "Done")
        board.tell(
            task, done, "section_changed", "moved this task", old_section=old, new_section=new
        )
        task["memberships"][0]["section"] = new


def add_dependencies(board: Board) -> None:
    """What waits for what. Random numbers of its own leave every other record as it was."""
    teller = replace(board, rng=np.random.default_rng(len(WAITS)))
    for campaign in registered():
        mine = (task for task in board.tasks if task["projects"] == [project(campaign)])
        tasks = {task["name"]: task for task in mine}
        for waiting, awaited, offset in WAITS.get(campaign.slug, ()):
            other = {"gid": tasks[awaited]["gid"], "resource_type": "task", "name": awaited}
            tasks[waiting]["dependencies"].append(other)
            told = at_ten(campaign.planned + timedelta(days=offset))
            text = f"marked this task as blocked by {awaited}"
            teller.tell(tasks[waiting], told, "dependency_added", text, dependency=other)


def build(rng: np.random.Generator) -> Board:
    """Every registered campaign's project."""
    board = Board(rng)
    for campaign in registered():
        add_milestones(board, campaign)
        add_approvals(board, campaign)
        add_work(board, campaign)
    add_dependencies(board)
    return board


def _csv_row(task: Record) -> list[str]:
    owner = task["assignee"]["name"] if task["assignee"] else ""
    mail = f"{owner.lower().replace(' ', '.')}@{OWN_DOMAIN}" if owner else ""
    return [
        task["gid"],
        task["created_at"][:10],
        (task["completed_at"] or "")[:10],
        task["modified_at"][:10],
        task["name"],
        task["memberships"][0]["section"]["name"],
        owner,
        mail,
        task["start_on"] or "",
        task["due_on"] or "",
        "",
        task["notes"],
        task["projects"][0]["name"],
        "",
        "",
        "",
        "High" if task["resource_subtype"] == "approval" else "",
    ]


def write_asana(folder: Folder, rng: np.random.Generator) -> None:
    """Three pages of tasks, one of stories, and the project that nobody fetched by API."""
    board = build(rng)
    names = {campaign.name for campaign in registered() if campaign.slug == CSV_PROJECT}
    apart = [task for task in board.tasks if task["projects"][0]["name"] in names]
    kept = [task for task in board.tasks if task["projects"][0]["name"] not in names]
    gone = {task["gid"] for task in apart}
    stories = [story for story in board.stories if story["target"]["gid"] not in gone]
    for page in range(TASK_PAGES):
        part = kept[page::TASK_PAGES]
        text = json.dumps({"data": part}, indent=1)
        folder.write(f"asana/tasks-{page + 1}.json", f"{text}\n".encode(), EXPORTED)
    folder.write(STORIES, f"{json.dumps({'data': stories}, indent=1)}\n".encode(), EXPORTED)
    folder.write(CSV_PATH, csv_text(CSV_HEADER, map(_csv_row, apart)).encode(), EXPORTED)
