"""What a change of the project reaches: all that dbt would make otherwise, and not everything."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pipelines.project import LOCK_FILE, Project, project
from pipelines.transform.recipes import Shelf, recipes

Manifest = dict[str, Any]
MODEL, SEED = "model.throughline.", "seed.throughline."


@pytest.fixture
def where(tmp_path: Path) -> Project:
    """A copy of what is read of the project beside dbt's manifest."""
    for part in ("seeds", "pipelines/contracts"):
        shutil.copytree(project().root / part, tmp_path / part)
    for part in ("dbt_project.yml", "profiles.yml", LOCK_FILE):
        shutil.copy(project().root / part, tmp_path / part)
    return Project(tmp_path, tmp_path)


@pytest.fixture(scope="module")
def before(manifest: Manifest) -> dict[str, str]:
    return recipes(manifest, project())


def reached(before: dict[str, str], manifest: Manifest, where: Project) -> set[str]:
    after = recipes(manifest, where)
    assert after.keys() == before.keys()
    return {unique_id for unique_id in before if before[unique_id] != after[unique_id]}


def behind(manifest: Manifest, keys: Iterable[str], before: dict[str, str]) -> set[str]:
    """These and all that reads them, as dbt knows it."""
    waiting, found = list(keys), set[str]()
    while waiting:
        key = waiting.pop()
        if key in before and key not in found:
            found.add(key)
            waiting += manifest["child_map"].get(key, ())
    return found


def calling(manifest: Manifest, name: str) -> set[str]:
    """Whatever calls a macro, by others or by itself, as far as dbt knows."""
    all_of = manifest["nodes"] | manifest["macros"]
    waiting, found = {f"macro.throughline.{name}"}, set[str]()
    while waiting:
        found |= waiting
        waiting = {
            key
            for key, of in all_of.items()
            if not waiting.isdisjoint(of["depends_on"].get("macros", ()))
        } - found
    return found


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def with_macro(manifest: Manifest, name: str) -> Manifest:
    key = f"macro.throughline.{name}"
    macro = manifest["macros"][key]
    another = {**macro, "macro_sql": macro["macro_sql"] + "{# another #}"}
    return {**manifest, "macros": {**manifest["macros"], key: another}}


def with_model(manifest: Manifest, name: str, **said: object) -> Manifest:
    model = {**manifest["nodes"][MODEL + name], **said}
    return {**manifest, "nodes": {**manifest["nodes"], MODEL + name: model}}


def test_the_same_elsewhere_is_the_same(
    manifest: Manifest, before: dict[str, str], where: Project
) -> None:
    assert reached(before, manifest, where) == set()


@pytest.mark.parametrize("name", ["value_bound", "default__matches", "test_between"])
def test_a_macro_reaches_what_calls_it(
    manifest: Manifest, before: dict[str, str], where: Project, name: str
) -> None:
    found = reached(before, with_macro(manifest, name), where)
    # Also those that say the name of a macro of an engine's by that of them all.
    of_all = name.removeprefix("default__")
    calls = calling(manifest, name) | calling(manifest, of_all)
    expected = behind(manifest, calls, before)
    assert found >= expected > set()
    assert found != before.keys()


@pytest.mark.parametrize(
    "name", ["replaced_relation", "generate_schema_name", "create_solved_tables"]
)
def test_what_dbt_calls_by_itself_reaches_everything(
    manifest: Manifest, before: dict[str, str], where: Project, name: str
) -> None:
    assert reached(before, with_macro(manifest, name), where) == before.keys()


@pytest.mark.parametrize(
    ("old", "new", "models"),
    [
        ("fiscal_year_start_month: 7", "fiscal_year_start_month: 8", {"dim_dates"}),
        ("own_models: {}", "own_models: {int_tasks_unioned: [ours]}", {"int_tasks_unioned"}),
        # By a macro that is told the name.
        ("google_ads: Europe/Berlin", "google_ads: UTC", {"stg_google_ads__campaign_report"}),
    ],
)
def test_a_var_reaches_what_asks_for_it(
    manifest: Manifest,
    before: dict[str, str],
    where: Project,
    old: str,
    new: str,
    models: set[str],
) -> None:
    rewrite(where.root / "dbt_project.yml", old, new)
    found = reached(before, manifest, where)
    assert found >= behind(manifest, {MODEL + model for model in models}, before)
    assert found != before.keys()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (LOCK_FILE, "[[package]]", "[[packages]]"),
        ("dbt_project.yml", "+schema: staging", "+schema: staged"),
    ],
)
def test_what_is_behind_all_of_it_reaches_everything(
    manifest: Manifest, before: dict[str, str], where: Project, path: str, old: str, new: str
) -> None:
    rewrite(where.root / path, old, new)
    assert reached(before, manifest, where) == before.keys()


def test_rows_of_a_seed_reach_what_reads_them(
    manifest: Manifest, before: dict[str, str], where: Project
) -> None:
    with (where.seeds / "operations" / "sla_policy.csv").open("a") as file:
        file.write("\n")
    assert reached(before, manifest, where) == behind(manifest, [f"{SEED}sla_policy"], before)


def test_a_contract_reaches_what_reads_the_stream(
    manifest: Manifest, before: dict[str, str], where: Project
) -> None:
    rewrite(where.contracts / "hubspot" / "deals.yml", "required: true", "required: false")
    of_it = [f"source.throughline.{layer}_hubspot.deals" for layer in ("current", "raw")]
    assert reached(before, manifest, where) == behind(manifest, of_it, before)


def test_a_model_reaches_what_reads_it(
    manifest: Manifest, before: dict[str, str], where: Project
) -> None:
    changed = with_model(manifest, "int_touches_resolved", raw_code="select 1 as touch_id")
    expected = behind(manifest, [f"{MODEL}int_touches_resolved"], before)
    assert reached(before, changed, where) == expected


def test_a_columns_type_is_of_the_model_and_what_it_means_is_not(
    manifest: Manifest, before: dict[str, str], where: Project
) -> None:
    columns = manifest["nodes"][f"{MODEL}fct_touches"]["columns"]

    def with_channel(**said: object) -> Manifest:
        channel = {"channel": {**columns["channel"], **said}}
        return with_model(manifest, "fct_touches", columns={**columns, **channel})

    assert reached(before, with_channel(description="Another."), where) == set()
    changed = with_channel(data_type="text")
    assert reached(before, changed, where) == behind(manifest, [f"{MODEL}fct_touches"], before)


def test_dbt_knows_of_no_call_that_is_not_found(manifest: Manifest) -> None:
    macros = {
        key: macro
        for key, macro in manifest["macros"].items()
        if macro["package_name"] == "throughline"
    }
    reached = Shelf(manifest, project()).reached
    calls = 0
    for name in {macro["name"] for macro in macros.values()}:
        called_by = calling(manifest, name) & reached.keys()
        assert [key for key in called_by if name not in reached[key][0]] == [], name
        calls += len(called_by)
    assert calls > 1000
