"""The semantic layer: one name for one thing, and the figures of the marts."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import PROJECT_DIR
from pipelines.transform.manifest import current_manifest

# The registry's headline metrics that people ask the semantic layer for.
HEADLINES = {
    *("leads", "mqls", "pipeline_amount", "revenue_amount", "spend", "touches", "cost_per_lead"),
    *("cost_per_mql", "customer_acquisition_cost", "return_on_ad_spend", "return_on_investment"),
    "win_rate",
}
METRICS = "spend,leads,customers,revenue_amount,cost_per_lead,return_on_ad_spend"


@pytest.fixture(scope="module")
def metrics() -> dict[str, Any]:
    manifest = json.loads(current_manifest().read_text())
    return {metric["name"]: metric for metric in manifest["metrics"].values()}


def test_names_and_labels_are_those_of_the_registry(
    metrics: dict[str, Any], release: duckdb.DuckDBPyConnection
) -> None:
    labels = dict(release.execute("select metric, label from meta.metric_registry").fetchall())
    assert set(metrics) >= HEADLINES
    assert {name: metrics[name]["label"] for name in HEADLINES} == {
        name: labels[name] for name in HEADLINES
    }


def test_whatever_is_not_in_the_registry_is_a_term_of_a_ratio_that_is(
    metrics: dict[str, Any], release: duckdb.DuckDBPyConnection
) -> None:
    registry = {
        name for (name,) in release.execute("select metric from meta.metric_registry").fetchall()
    }
    terms = {
        term["name"]
        for name in registry & set(metrics)
        for term in (
            metrics[name]["type_params"]["numerator"],
            metrics[name]["type_params"]["denominator"],
        )
        if term
    }
    assert set(metrics) - registry <= terms


def test_metrics_of_channels_are_the_headline_models(metrics: dict[str, Any]) -> None:
    """Without it a sum would count each conversion once a model."""
    manifest = json.loads(current_manifest().read_text())
    (performance,) = (
        m for m in manifest["semantic_models"].values() if m["name"] == "channel_performance"
    )
    measured = {measure["name"] for measure in performance["measures"]}
    for name in measured:
        filters = json.dumps(metrics[name]["filter"])
        assert "is_headline_model" in filters, name


def test_mf_query_gives_the_figures_of_the_mart(
    warehouse: Path, release: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    # mf opens the file for writing, which other tests have open: a copy, under the same name.
    shutil.copy(warehouse / "build.duckdb", tmp_path)
    # It reads what dbt parsed from the project's own target folder, and from nowhere else.
    environment = {**os.environ, "THROUGHLINE_HOME": str(tmp_path)}
    environment.pop("PYTEST_CURRENT_TEST", None)
    tools = Path(sys.executable).parent
    for command in (
        [tools / "dbt", "parse", "-q"],
        [
            *(tools / "mf", "query", "--metrics", METRICS, "--group-by", "performance__channel"),
            *("--csv", tmp_path / "figures.csv"),
        ],
    ):
        result = subprocess.run(
            [str(part) for part in command],
            cwd=PROJECT_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, (result.stdout + result.stderr)[-3000:]
    with (tmp_path / "figures.csv").open(newline="") as file:
        found = {row["performance__channel"]: row for row in csv.DictReader(file)}
    expected = release.execute(
        "select channel, sum(spend_reporting), sum(leads), sum(customers), sum(revenue_amount)"
        " from attribution.fct_channel_performance_daily where is_headline_model group by 1"
    ).fetchall()
    assert set(found) == {channel for channel, *_ in expected}
    for channel, spend, leads, customers, revenue in expected:
        row = found[channel]
        figures = [float(row[n]) for n in ("spend", "leads", "customers", "revenue_amount")]
        assert figures == pytest.approx([float(spend), leads, customers, float(revenue)])
        if leads:
            assert float(row["cost_per_lead"]) == pytest.approx(float(spend) / leads)
        # A ratio without a denominator is none.
        assert (row["return_on_ad_spend"] in ("", "nan", "None")) == (spend == 0)


def test_every_table_and_column_of_a_release_says_what_it_is(
    release: duckdb.DuckDBPyConnection,
) -> None:
    silent = release.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where coalesce(comment, '') = '' union all"
        " select concat_ws('.', schema_name, table_name, column_name) from duckdb_columns()"
        " where not internal and coalesce(comment, '') = ''"
    ).fetchall()
    assert silent == []
