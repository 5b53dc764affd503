"""The semantic layer: one name for one thing, and the figures of the marts."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.transform.manifest import current_manifest
from pipelines.transform.project import project_vars
from tests.conftest import throughline

# The registry's headline metrics that people ask the semantic layer for.
HEADLINES = {
    *("leads", "mqls", "pipeline_amount", "revenue_amount", "spend", "touches", "cost_per_lead"),
    *("cost_per_mql", "customer_acquisition_cost", "return_on_ad_spend", "return_on_investment"),
    "win_rate",
}
METRICS = "spend,leads,customers,revenue_amount,cost_per_lead,return_on_ad_spend"
TOTALS_SQL = """
    select sum(spend_reporting) as spend, sum(touches) as touches, sum(leads) as leads,
        sum(mqls) as mqls, sum(pipeline_amount) as pipeline_amount,
        sum(revenue_amount) as revenue_amount, sum(spend_reporting) / sum(leads) as cost_per_lead,
        sum(spend_reporting) / sum(mqls) as cost_per_mql,
        sum(spend_reporting) / sum(customers) as customer_acquisition_cost,
        sum(revenue_amount) / sum(spend_reporting) as return_on_ad_spend,
        (cast(sum(revenue_amount) as double) * $margin - sum(spend_reporting))
            / sum(spend_reporting) as return_on_investment,
        (select count(*) filter (is_won) / count(*) from funnel.fct_opportunities where is_closed)
            as win_rate
    from attribution.fct_channel_performance_daily where is_headline_model
"""


@pytest.fixture(scope="module")
def released(warehouse: Path) -> Path:
    """The project over the release, as the command prints it."""
    done = throughline("project", "--release", "--home", warehouse)
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def manifest(released: Path) -> Any:
    return json.loads((released / "target" / "manifest.json").read_text())


@pytest.fixture(scope="module")
def metrics(manifest: Any) -> dict[str, Any]:
    return {metric["name"]: metric for metric in manifest["metrics"].values()}


def asked(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """What `mf` says in a folder."""
    environment = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
    mf = str(Path(sys.executable).with_name("mf"))
    return subprocess.run(
        [mf, *map(str, arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


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


def test_metrics_of_channels_are_the_headline_models(
    manifest: Any, metrics: dict[str, Any]
) -> None:
    """Without it a sum would count each conversion once a model."""
    (performance,) = (
        m for m in manifest["semantic_models"].values() if m["name"] == "channel_performance"
    )
    measured = {measure["name"] for measure in performance["measures"]}
    for name in measured:
        filters = json.dumps(metrics[name]["filter"])
        assert "is_headline_model" in filters, name


def test_each_headline_metric_is_the_marts(
    released: Path, release: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "totals.csv"
    done = asked(released, "query", "--metrics", ",".join(sorted(HEADLINES)), "--csv", path)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    ((*found,),) = [row.items() for row in rows(path)]
    result = release.execute(TOTALS_SQL, {"margin": project_vars()["gross_margin_rate"]})
    names = [column[0] for column in result.description or ()]
    (totals,) = result.fetchall()
    expected = {name: float(value) for name, value in zip(names, totals, strict=True)}
    assert set(expected) == HEADLINES
    assert {name: float(value) for name, value in found} == pytest.approx(expected)


def test_metrics_are_asked_of_the_release_and_of_nothing_else(
    released: Path, manifest: Any
) -> None:
    # What stands behind them is the file that readers see, open for reading.
    (profile,) = yaml.safe_load((released / "profiles.yml").read_text()).values()
    (target,) = profile["outputs"].values()
    assert target["path"].endswith("/published/marketing.duckdb")
    assert target["config_options"]["access_mode"] == "read_only"
    databases = {
        node["node_relation"]["relation_name"].split(".")[0]
        for node in manifest["semantic_models"].values()
    }
    assert databases == {'"marketing"'}
    # The project that runs build, and that a person finds at the root, has none of them.
    assert json.loads(current_manifest().read_text())["metrics"] == {}


def test_mf_query_gives_the_figures_of_the_mart(
    released: Path, release: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    by_channel = ("--group-by", "performance__channel", "--csv", tmp_path / "figures.csv")
    done = asked(released, "query", "--metrics", METRICS, *by_channel)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    found = {row["performance__channel"]: row for row in rows(tmp_path / "figures.csv")}
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
