"""The doors as dbt's exposures: each lists the marts that it reads, no more and no less."""

import re
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import PROJECT_DIR
from pipelines.transform.manifest import marts

# What the tools of `throughline mcp` are made of.
AGENTS_REPORTS = ("briefs", "explain", "metrics", "standing")


def exposed(manifest: dict[str, Any], name: str) -> set[str]:
    (exposure,) = (found for found in manifest["exposures"].values() if found["name"] == name)
    return {node.rsplit(".", 1)[-1] for node in exposure["depends_on"]["nodes"]}


def test_the_release_as_a_whole_has_every_mart(manifest: dict[str, Any]) -> None:
    assert exposed(manifest, "whole_release") == {mart for _, mart in marts()}


def test_agents_are_told_of_the_marts_that_their_reports_read(manifest: dict[str, Any]) -> None:
    reports = Path(PROJECT_DIR) / "pipelines" / "reports"
    text = "".join((reports / f"{name}.py").read_text("utf-8") for name in AGENTS_REPORTS)
    text = text.replace("{CREDITS}", "fct_attribution_credits")
    read = {mart for schema, mart in marts() if re.search(rf"\b{schema}\.{mart}\b", text)}
    assert exposed(manifest, "agents") == read


def test_the_semantic_layer_lists_what_its_models_stand_on(manifest: dict[str, Any]) -> None:
    folder = PROJECT_DIR / "dbt_project" / "models" / "semantic"
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.yml"))
    # Days come of the time spine.
    read = {*re.findall(r"model: ref\('(\w+)'\)", text), "dim_dates"}
    assert exposed(manifest, "semantic_layer") == read


def test_superset_lists_the_marts_of_its_datasets_which_have_their_columns(
    manifest: dict[str, Any],
) -> None:
    datasets = [
        yaml.safe_load(path.read_text("utf-8"))
        for path in (PROJECT_DIR / "dashboards" / "superset" / "datasets").rglob("*.yaml")
    ]
    known = marts()
    for dataset in datasets:
        mart = known[dataset["schema"], dataset["table_name"]]
        assert {column["column_name"] for column in dataset["columns"]} <= set(mart.columns)
    assert exposed(manifest, "superset_dashboard") == {each["table_name"] for each in datasets}
