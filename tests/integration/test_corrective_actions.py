"""Corrective actions over the runs of a warehouse: opened once, closed after two clean runs.

The runs build on one another, so one fixture takes them all and each test looks at one of them.
"""

from collections.abc import Callable
from contextlib import closing
from subprocess import CompletedProcess
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.slow

Command = Callable[..., CompletedProcess[str]]
Row = dict[str, Any]

HEADER = (
    "utm_campaign,valid_from,campaign_name,campaign_family,campaign_type,owner,planned_launch_date"
)
RACI = """utm_campaign,workflow_step,raci_letter,person,is_active
spring-fair,launch_approval,A,Ana,
spring-fair,launch_approval,BACKUP,Ben,
"""
# Planned for the 2nd it is late from the 6th on; planned for the 30th it is not.
LATE, MOVED = "2026-03-02", "2026-03-30"


def clock(day: int) -> str:
    return f"2026-03-{day:02d}T12:00:00Z"


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory, run_throughline: Command
) -> dict[str, list[Row]]:
    """What readers saw of the actions after each run, by its name."""
    folder = tmp_path_factory.mktemp("actions")
    exports, home = folder / "exports" / "templates", folder / "home"
    exports.mkdir(parents=True)
    (exports / "raci_assignments.csv").write_text(RACI)

    def plan(launch: str) -> None:
        row = f"spring-fair,2026-02-01,Spring Fair,Fairs,webinar,Dana,{launch}"
        (exports / "campaign_registry.csv").write_text(f"{HEADER}\n{row}\n")

    def run(day: int) -> list[Row]:
        done = run_throughline(
            "run", "--exports", exports.parent, "--home", home, "--as-of", clock(day)
        )
        assert done.returncode == 0
        with closing(
            duckdb.connect(str(home / "published" / "marketing.duckdb"), read_only=True)
        ) as con:
            found = con.execute(
                "select * from operations.fct_corrective_actions"
                " where rule = 'launch_delay' order by episode_no"
            )
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    plan(LATE)
    seen = {"late": run(6)}
    plan(MOVED)
    seen |= {"held once": run(8), "held twice": run(9)}
    plan(LATE)
    seen["broken anew"] = run(10)
    return seen


def states(actions: list[Row]) -> list[tuple[str, int | None]]:
    return [(action["action_state"], action["clean_run_count"]) for action in actions]


def test_an_action_opens_with_the_run_that_finds_the_rule_broken(
    runs: dict[str, list[Row]],
) -> None:
    (action,) = runs["late"]
    assert (action["entity_name"], action["owner_name"], action["backup_name"]) == (
        "Spring Fair",
        "Ana",
        "Ben",
    )
    assert f"{action['opened_at']:%Y-%m-%dT%H:%M:%SZ}" == clock(6)
    # Since midnight in New York.
    assert action["detection_lag_hours"] == 7
    assert f"{action['due_at']:%Y-%m-%d %H:%M}" == "2026-03-09 21:00"


def test_it_is_one_action_in_every_run(runs: dict[str, list[Row]]) -> None:
    """A repeated run, and one over an earlier clock, are in test_runs.py."""
    (first,), (second,) = runs["late"], runs["held once"]
    assert first["corrective_action_id"] == second["corrective_action_id"]
    assert first["notification_key"] == second["notification_key"]
    assert (
        first["reason"] == second["reason"] == "Spring Fair is not live 4 days after its baseline"
    )


def test_it_closes_when_the_rule_has_held_on_two_runs(runs: dict[str, list[Row]]) -> None:
    assert states(runs["held once"]) == [("open", 1)]
    assert states(runs["held twice"]) == [("closed", None)]
    assert f"{runs['held twice'][0]['closed_at']:%Y-%m-%dT%H:%M:%SZ}" == clock(9)
    (open_one,), (closed,) = runs["held once"], runs["held twice"]
    assert open_one["notification_key"] != closed["notification_key"]


def test_broken_anew_it_is_another_one_that_names_the_first(runs: dict[str, list[Row]]) -> None:
    before, again = runs["broken anew"]
    assert states([before, again]) == [("closed", None), ("open", 0)]
    assert again["previous_action_id"] == before["corrective_action_id"]
    assert f"{again['opened_at']:%Y-%m-%dT%H:%M:%SZ}" == clock(10)
