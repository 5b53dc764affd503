"""The manifest keeps the layers of the style guide: data moves right only."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pipelines.attribution.solve import DATA_DRIVEN, MARKOV
from pipelines.ingest import load_contracts
from pipelines.ingest.contract import current_columns, meta_columns
from pipelines.ingest.document import streams_with_fixture
from pipelines.settings import PROJECT_DIR
from pipelines.transform.manifest import current_manifest, marts
from pipelines.transform.project import mart_schemas, project_vars, solved_models

FIXTURES = PROJECT_DIR / "tests" / "fixtures" / "exports"
MODELS = PROJECT_DIR / "dbt_project" / "models"
# What each layer may read.
MAY_READ = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate", "seed"},
    "marts": {"staging", "intermediate", "marts", "seed"},
}
BUILT_AS = {
    # A table where it is short and read by many.
    "staging": {"view", "table"},
    "intermediate": {"table", "view", "incremental", "connected_components"},
    "marts": {"table"},
}
STAGED_TABLES = {"templates"}
STAGING_MAY_NOT = (" join ", "group by", " union ")


CLOCK = "source.throughline.ops.clock"


def layer(node: dict[str, Any]) -> str:
    if node["resource_type"] in ("source", "seed"):
        return str(node["resource_type"])
    return str(Path(node["original_file_path"]).relative_to("dbt_project/models").parts[0])


def subject(model: dict[str, Any]) -> str:
    return Path(model["original_file_path"]).parent.name


def parents(model: dict[str, Any]) -> list[str]:
    """What a model reads, but for the clock, which any may ask."""
    return [node for node in model["depends_on"]["nodes"] if node != CLOCK]


def models(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (n for n in manifest["nodes"].values() if n["resource_type"] == "model")


def test_there_are_models_in_every_layer(manifest: dict[str, Any]) -> None:
    assert {layer(model) for model in models(manifest)} == set(MAY_READ)


def test_the_manifest_of_runs_is_no_other_commands(manifest: dict[str, Any]) -> None:
    """sqlfluff once left one behind that named a database in memory, and every run failed."""
    project = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text())
    assert current_manifest().parent != PROJECT_DIR / project["target-path"]
    assert {model["database"] for model in models(manifest)} == {"build"}


def test_what_python_reads_of_the_project_is_what_dbt_builds() -> None:
    assert {schema for schema, _ in marts()} == set(mart_schemas())
    assert set(solved_models()) == {MARKOV, DATA_DRIVEN}


def test_every_edge_is_allowed(manifest: dict[str, Any]) -> None:
    nodes = {**manifest["nodes"], **manifest["sources"]}
    wrong = [
        f"{model['name']} ({layer(model)}) reads {nodes[parent]['name']} ({layer(nodes[parent])})"
        for model in models(manifest)
        for parent in parents(model)
        if layer(nodes[parent]) not in MAY_READ[layer(model)]
    ]
    assert wrong == []


def test_a_subject_reads_no_later_one(manifest: dict[str, Any]) -> None:
    order = project_vars()["subjects"]
    for name, subjects in order.items():
        assert {path.name for path in (MODELS / name).iterdir()} == set(subjects), name
    wrong = [
        f"{model['name']} ({subject(model)}) reads {parent['name']} ({subject(parent)})"
        for model in models(manifest)
        for parent in map(manifest["nodes"].get, model["depends_on"]["nodes"])
        if parent and layer(parent) == layer(model) in order
        if order[layer(model)].index(subject(parent)) > order[layer(model)].index(subject(model))
    ]
    assert wrong == []


def test_staging_reads_one_source_and_neither_joins_nor_aggregates(
    manifest: dict[str, Any],
) -> None:
    for model in models(manifest):
        if layer(model) == "staging":
            assert len(parents(model)) == 1, model["name"]
            code = " ".join(model["raw_code"].lower().split())
            assert not [word for word in STAGING_MAY_NOT if word in code], model["name"]


def test_staging_reads_cells_by_the_macros_for_it() -> None:
    """What can be read is read off their calls: a cast beside them nobody would know of."""
    found = [
        f"{path.name}:{number}"
        for path in sorted((MODELS / "staging").rglob("*.sql"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "try_cast" in line
    ]
    assert found == [], "use a macro of dbt_project/macros/reading"


def test_layers_are_built_as_they_should_be(manifest: dict[str, Any]) -> None:
    for model in models(manifest):
        assert model["config"]["materialized"] in BUILT_AS[layer(model)], model["name"]
        if layer(model) == "staging":
            is_table = model["config"]["materialized"] == "table"
            assert is_table == (subject(model) in STAGED_TABLES), model["name"]
        assert layer(model) != "marts" or model["config"]["contract"]["enforced"], model["name"]


def test_every_model_is_described_and_has_a_key(manifest: dict[str, Any]) -> None:
    tested = {
        parent
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") in ("unique", "primary_key")
        for parent in node["depends_on"]["nodes"]
    }
    for name, model in manifest["nodes"].items():
        if model["resource_type"] != "model":
            continue
        assert model["description"].startswith("One row per "), model["name"]
        undescribed = [c for c, column in model["columns"].items() if not column["description"]]
        assert undescribed == [], f"{model['name']}: {undescribed}"
        assert name in tested or layer(model) != "marts", f"{model['name']} has no key test"


def test_a_text_that_stands_often_is_a_doc_block() -> None:
    """Reworded in one place, and read as the same thing everywhere: docs.md."""
    texts = Counter(
        text
        for path in MODELS.rglob("*.yml")
        # What is written from the contracts has no hand to keep it alike.
        if not path.name.endswith("__sources.yml")
        for text in re.findall(r'^        description: "([^"{]{24,})"$', path.read_text(), re.M)
    )
    assert [text for text, count in texts.items() if count >= 10] == []


def test_what_is_never_null_says_nothing_of_null(manifest: dict[str, Any]) -> None:
    """Words that say so are those of another relation; doc blocks are of all that have it."""
    shared = {block["block_contents"] for block in manifest["docs"].values()}
    said = {
        f"{model['name']}.{column}"
        for test in manifest["nodes"].values()
        if (test.get("test_metadata") or {}).get("name") in ("primary_key", "no_nulls")
        and not test["config"]["where"]
        and (model := manifest["nodes"].get(test["attached_node"]))
        for column in test["test_metadata"]["kwargs"]["columns"]
        if column not in test["test_metadata"]["kwargs"].get("nullable", ())
        and "NULL:" in (text := model["columns"][column]["description"])
        and text not in shared
    }
    assert said == set()


def test_yaml_describes_the_columns_that_the_build_has(
    manifest: dict[str, Any], build: Any
) -> None:
    built: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in build.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
    ).fetchall():
        built.setdefault((schema, table), set()).add(column)
    for model in models(manifest):
        assert set(model["columns"]) == built[model["schema"], model["name"]], model["name"]


def test_models_names_files_and_lengths() -> None:
    paths = list(MODELS.rglob("*.sql"))
    assert len(paths) > 200, "there is something to look at"
    for path in paths:
        assert path.with_suffix(".yml").exists(), f"{path.name} has no yml beside it"
        prefix = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("dim_", "fct_")}
        top = path.relative_to(MODELS).parts[0]
        assert path.stem.startswith(prefix[top]) or path.parent.name == "meta", path.name


def test_sources_agree_with_contracts(manifest: dict[str, Any]) -> None:
    sources = {
        (source["schema"], source["name"]): source
        for source in manifest["sources"].values()
        if source["schema"].startswith("current_")
    }
    contracts = {(c.current_schema, c.stream): c for c in load_contracts()}
    assert set(sources) == set(contracts)
    for key, contract in contracts.items():
        columns = {
            *contract.by_name,
            *meta_columns(contract),
            *current_columns(contract),
        }
        assert set(sources[key]["columns"]) == columns, key
        assert sources[key]["freshness"]["warn_after"]["count"] == contract.latency_hours, key


def test_every_stream_has_a_staging_model(manifest: dict[str, Any]) -> None:
    read = {
        source
        for model in models(manifest)
        if layer(model) == "staging"
        for source in model["depends_on"]["nodes"]
    }
    assert {
        name for name in manifest["sources"] if name.startswith("source.throughline.current_")
    } <= (read)


def test_every_source_has_freshness(manifest: dict[str, Any]) -> None:
    for source in manifest["sources"].values():
        if source["schema"].startswith("current_"):
            assert "max(_loaded_at)" in source["loaded_at_query"], source["name"]
            assert source["freshness"]["warn_after"]["count"], source["name"]


def test_every_contract_has_a_fixture_that_loads_as_it() -> None:
    contracts = load_contracts()
    missing = {contract.name for contract in contracts} - streams_with_fixture(contracts, FIXTURES)
    assert missing == set(), f"no fixture below {FIXTURES}: {', '.join(sorted(missing))}"


def test_templates_have_the_header_of_their_contract() -> None:
    for contract in load_contracts():
        template = (
            PROJECT_DIR / "pipelines" / "contracts" / contract.source / f"{contract.stream}.csv"
        )
        if contract.source == "templates":
            assert template.read_text().strip() == ",".join(f.label for f in contract.fields)


def test_no_model_reads_the_clock() -> None:
    words = ("now()", "current_date", "current_timestamp", "getdate(", "today()")
    paths = list((PROJECT_DIR / "dbt_project").rglob("*.sql"))
    assert len(paths) > 200, "there is something to look at"
    for path in paths:
        assert not [word for word in words if word in path.read_text().lower()], path.name


def days_by_utc(sql: str) -> list[str]:
    """Where a day, a month or a year of the run's clock is taken as UTC has it."""
    zoned = re.sub(r"(reporting|source)_day\(as_of_at\(\)", "day(", sql)
    asked = r"\b(?:cast|date_trunc|extract)\((?:(?! as ).)*as_of_at\(\).{0,16}"
    calls = re.findall(asked, zoned, re.S)
    return [call for call in calls if not call.startswith("cast(") or " as date" in call]


def test_a_day_of_the_clock_is_some_zone_s() -> None:
    """A day begins where the account or the reporter is (V1): reporting_day, source_day."""
    for by_utc in (
        "cast({{ as_of_at() }} as date)",
        "days_between('date_day', 'cast(' ~ as_of_at() ~ ' as date)')",
        "cast(coalesce(ends_at, {{ as_of_at() }}) as date)",
        "cast(date_trunc('month', {{ as_of_at() }}) as date)",
        "extract(year from {{ as_of_at() }}) + 1",
    ):
        assert days_by_utc(by_utc), by_utc
    assert not days_by_utc("cast(date_trunc('month', {{ reporting_day(as_of_at()) }}) as date)")
    assert not days_by_utc("cast(0 as bigint), created_at <= {{ as_of_at() }}, cast(x as date)")
    paths = list((PROJECT_DIR / "dbt_project").rglob("*.sql"))
    assert {path.name: days_by_utc(path.read_text()) for path in paths} == {
        path.name: [] for path in paths
    }
