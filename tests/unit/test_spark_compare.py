"""What counts as the same mart on both engines, without either of them building it."""

from pathlib import Path

import duckdb
import pytest

from pipelines.spark import compare

MART = "attribution.fct_shares"
ROWS = "(values ('Email', 0.25::double, 10.00::decimal(18, 2)), ('Social', 3e6, 5.00))"
COLUMNS = "as mart (channel, share, amount)"


@pytest.fixture
def ours() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"create schema attribution; create table {MART} as from {ROWS} {COLUMNS}")
    return con


def differences(
    ours: duckdb.DuckDBPyConnection, spark_dir: Path, change: str, table: str = "fct_shares"
) -> list[str]:
    """What is said of a mart that Spark wrote with this change."""
    folder = spark_dir / "warehouse" / "attribution.db" / table
    folder.mkdir(parents=True)
    ours.execute(f"create temp table theirs as from {MART}")
    ours.execute(change)
    ours.execute(f"copy theirs to '{folder}/part-0.parquet'")
    _, found = compare(ours, spark_dir)
    return [f"{difference.table}: {difference.what}" for difference in found]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("select 1", []),
        # A billionth of the greater is what sums in another order may differ by.
        ("update theirs set share = share * (1 + 5e-10)", []),
        ("update theirs set share = share * (1 + 2e-9)", ["2 rows differ in share"]),
        ("update theirs set share = 0.0", ["2 rows differ in share"]),
        (
            "update theirs set share = null where channel = 'Email'",
            ["1 rows differ in share"],
        ),
        (
            "update theirs set amount = amount + 0.01 where channel = 'Email'",
            ["1 rows differ in amount"],
        ),
        ("delete from theirs where channel = 'Email'", ["2 rows on DuckDB, 1 on Spark"]),
        ("alter table theirs drop share", ["columns that only one engine has: share"]),
    ],
)
def test_doubles_may_differ_by_a_billionth_and_nothing_else(
    ours: duckdb.DuckDBPyConnection, tmp_path: Path, change: str, what: list[str]
) -> None:
    assert differences(ours, tmp_path, change) == [f"{MART}: {one}" for one in what]


def test_a_mart_that_one_engine_lacks_is_a_difference(
    ours: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert differences(ours, tmp_path, "select 1", table="fct_other") == [
        f"{name}: only one of the engines built it"
        for name in ("attribution.fct_other", "attribution.fct_shares")
    ]
