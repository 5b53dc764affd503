"""A small project of its own over its versions: dbt builds what changed, and nothing is missed."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.project import Project
from pipelines.settings import PROJECT_DIR
from pipelines.transform import build, fingerprint, manifest, prepared
from pipelines.transform.contents import relations, rows_digest

pytestmark = pytest.mark.slow

SETTINGS = """
name: throughline
version: 0.1.0
config-version: 2
profile: throughline
model-paths: [dbt_project/models]
macro-paths: [dbt_project/macros]
seed-paths: [seeds]
query-comment: ""
flags: {send_anonymous_usage_stats: false}
vars: {rounded_to: 2, nobody_asks: 1}
models:
  throughline:
    staging: {+schema: staging, +materialized: view}
    marts: {+schema: core, +materialized: table}
seeds: {throughline: {+schema: seeds}}
"""
SOURCE = """
sources:
  - name: current_hubspot
    database: build
    tables: [{name: deals}, {name: owners}]
"""
TESTS = """
models:
  - name: fct_amounts
    columns:
      - name: deal_id
        data_tests: [unique, not_null]
  - name: fct_owners
    columns:
      - name: owner
        data_tests: [unique]
"""
DEALS = (
    "select record_id as deal_id, {{ number('amount') }} as amount"
    " from {{ source('current_hubspot', 'deals') }}"
)
OWNERS = "select owner_id as owner from {{ source('current_hubspot', 'owners') }}"
FILES = {
    "dbt_project.yml": SETTINGS,
    "dbt_project/macros/number.sql": (
        "{% macro number(cell) %}try_cast({{ cell }} as {{ wide() }}){% endmacro %}"
    ),
    "dbt_project/macros/wide.sql": "{% macro wide() %}double{% endmacro %}",
    "dbt_project/models/staging/hubspot/sources.yml": SOURCE,
    "dbt_project/models/staging/hubspot/stg_deals.sql": DEALS,
    "dbt_project/models/staging/hubspot/stg_owners.sql": OWNERS,
    "dbt_project/models/marts/core/marts.yml": TESTS,
    "dbt_project/models/marts/core/fct_amounts.sql": (
        "select deal_id, round(amount * rate, {{ var('rounded_to') }}) as amount"
        " from {{ ref('stg_deals') }} cross join {{ ref('rates') }}"
    ),
    "dbt_project/models/marts/core/fct_owners.sql": "select owner from {{ ref('stg_owners') }}",
    "dbt_project/models/marts/core/fct_rates.sql": "select * from {{ ref('rates') }}",
    "seeds/rates.csv": "currency,rate\nEUR,1.1\n",
    "seeds/words.csv": "word\nwon\n",
}
COPIED = (
    *("profiles.yml", "uv.lock", "dbt_project/macros/portable/replaced_relations.sql"),
    *("dbt_project/macros/generate_schema_name.sql", "pipelines/contracts/hubspot/deals.yml"),
    "pipelines/contracts/hubspot/owners.yml",
)
Versions = Callable[[str], tuple[bytes, set[str] | None]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        write(tmp_path / "project" / name, text)
    for name in COPIED:
        write(tmp_path / "project" / name, (PROJECT_DIR / name).read_text())
    return tmp_path / "project"


@pytest.fixture
def versions(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Versions:
    """Prepare the project as it is among the versions of a name: its plan, and what dbt was told to
    build, nothing for all of it; None where it was not asked.
    """
    small = Project(root, tmp_path / "line")
    for module in (build, fingerprint, manifest, prepared):
        monkeypatch.setattr(module, "project", lambda: small)
    monkeypatch.setattr("pipelines.ingest.contract.project", lambda: small)
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path))
    told: list[set[str]] = []

    def build_told(settings: Any, select: Sequence[str], **options: Any) -> Any:
        told.append(set(select))
        return build.build(settings, select, **options)

    monkeypatch.setattr(prepared, "build", build_told)

    def prepare(name: str) -> tuple[bytes, set[str] | None]:
        told.clear()
        monkeypatch.setattr(prepared, "made_dir", lambda: tmp_path / name)
        database = prepared.current_plan().database
        return (database.parent / prepared.PLAN).read_bytes(), told[0] if told else None

    return prepare


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def held(plan: bytes, folder: Path) -> dict[str, tuple[bool, str]]:
    """What the database of a plan holds, by relation."""
    (path,) = (p for p in folder.glob("prepared/*/plan.json") if p.read_bytes() == plan)
    with closing(duckdb.connect(str(path.with_name("build.duckdb")), read_only=True)) as con:
        return {
            relation: (is_view, rows_digest(con, relation))
            for relation, is_view, *_ in relations(con)
        }


def test_what_is_made_of_another_version_is_what_is_made_of_nothing(
    root: Path, versions: Versions, tmp_path: Path
) -> None:
    _, told = versions("kept")
    assert told == set()

    # By a macro that calls it, by a var, by its rows; one that is gone, one that is new.
    write(root / "dbt_project/macros/wide.sql", "{% macro wide() %}decimal(18, 4){% endmacro %}")
    write(root / "dbt_project.yml", SETTINGS.replace("asks: 1", "asks: 2"))
    write(root / "seeds/words.csv", "word\nwon\nlost\n")
    (root / "dbt_project/models/marts/core/fct_rates.sql").unlink()
    write(
        root / "dbt_project/models/marts/core/fct_words.sql",
        "select word, {{ var('rounded_to') }} as n from {{ ref('words') }}",
    )
    changed, told = versions("kept")
    assert told == {"stg_deals", "fct_amounts", "words", "fct_words"}
    made_of_nothing, told = versions("new")
    assert told == set()
    assert changed == made_of_nothing
    assert held(changed, tmp_path / "kept") == held(changed, tmp_path / "new")

    # The var that is asked for, and a text that nobody sends.
    write(root / "dbt_project.yml", SETTINGS.replace("rounded_to: 2", "rounded_to: 3"))
    _, told = versions("kept")
    assert told == {"fct_amounts", "fct_words"}
    # One that is new of a model that is not.
    marts = root / "dbt_project/models/marts/core/marts.yml"
    write(marts, TESTS.replace("data_tests: [unique]", "data_tests: [unique, not_null]"))
    with_a_test, told = versions("kept")
    assert told == {"not_null_fct_owners_owner"}
    assert with_a_test.count(b"not_null_fct_owners_owner") > 0
    write(marts, f"{marts.read_text()}    description: Owners.\n")
    _, told = versions("kept")
    assert told is None


def test_rows_of_seeds_and_contracts_have_nothing_read_anew(
    root: Path, versions: Versions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions("kept")
    read: list[str] = []
    parse = manifest._parse
    monkeypatch.setattr(manifest, "_parse", lambda target: (read.append(target), parse(target)))

    write(root / "seeds/rates.csv", "currency,rate\nEUR,1.2\n")
    _, told = versions("kept")
    assert (told, read) == ({"rates", "fct_amounts", "fct_rates"}, [])
    # Its columns, too: dbt asks the file for them when it loads it.
    write(root / "seeds/rates.csv", "currency,rate,since\nEUR,1.2,2026-01-01\n")
    _, told = versions("kept")
    assert (told, read) == ({"rates", "fct_amounts", "fct_rates"}, [])
    contract = root / "pipelines/contracts/hubspot/owners.yml"
    write(contract, f"{contract.read_text()}# As of today.\n")
    changed, told = versions("kept")
    assert (told, read) == ({"stg_owners", "fct_owners"}, [])

    # Read now, the project gives the same plan.
    (tmp_path / "line" / manifest.STAMP).unlink()
    made_of_nothing, _ = versions("new")
    assert read == ["duckdb"]
    assert changed == made_of_nothing
    assert held(changed, tmp_path / "kept") == held(changed, tmp_path / "new")

    write(root / "seeds/more.csv", "word\nlost\n")
    _, told = versions("kept")
    assert (told, read) == ({"more"}, ["duckdb", "duckdb"])
