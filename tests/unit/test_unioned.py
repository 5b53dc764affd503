"""The macro that writes the select lists of a union: its text, without dbt or a database."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment

from pipelines.settings import PROJECT_DIR

MACRO: Path = PROJECT_DIR / "dbt_project" / "macros" / "unioned.sql"
COLUMNS = {"tracker": "text", "task_id": "text", "due_on": "date"}


class CompilationError(Exception):
    """What dbt raises."""


class Exceptions:
    """dbt's `exceptions`, as far as the macro calls it."""

    @staticmethod
    def raise_compiler_error(message: str) -> None:
        raise CompilationError(message)


def unioned(*models: dict[str, Any], own: Sequence[str] = ()) -> str:
    environment = Environment(extensions=["jinja2.ext.do"])  # noqa: S701 - SQL, no page
    environment.globals |= {
        "exceptions": Exceptions,
        "model": SimpleNamespace(name="int_tasks_unioned"),
        "ref": lambda name: f"intermediate.{name}",
        "var": lambda _: {"int_tasks_unioned": own, "int_others_unioned": ["int_none_of_it"]},
    }
    module: Any = environment.from_string(MACRO.read_text()).module
    return " ".join(str(module.unioned(list(models), COLUMNS)).split())


def test_a_branch_names_renames_and_fills_its_columns() -> None:
    assert unioned(
        {"from": "jira", "as": {"tracker": "'jira'"}},
        {"from": "trello", "as": {"task_id": "coalesce(card_id, url)"}, "lacks": ["due_on"]},
    ) == (
        "select 'jira' as tracker, task_id, due_on from jira"
        " union all"
        " select tracker, coalesce(card_id, url) as task_id, cast(null as date) as due_on"
        " from trello"
    )


@pytest.mark.parametrize("branch", [{"as": {"due_at": "due"}}, {"lacks": ["due_at"]}])
def test_a_name_that_is_no_column_of_the_union_is_refused(branch: dict[str, Any]) -> None:
    with pytest.raises(CompilationError, match="jira names due_at, no column of the union"):
        unioned({"from": "jira", **branch})


def test_what_a_company_adds_comes_behind_ours() -> None:
    assert unioned({"from": "jira"}, own=["int_planner_tasks"]) == (
        "select tracker, task_id, due_on from jira"
        " union all"
        " select tracker, task_id, due_on from intermediate.int_planner_tasks"
    )
