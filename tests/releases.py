"""Small releases, published by the project's own functions from a build file of three marts."""

from datetime import datetime

import duckdb

from pipelines.ingest.warehouse import CONFIG, OPS_TABLES
from pipelines.settings import Settings

AS_OF = datetime(2026, 10, 1, 6)

MARTS = """
    create schema core; create schema attribution; create schema funnel;
    create schema operations; create schema quality; create schema meta;
    create table core.dim_channels as
        select * from (values ('Direct', 1), ('Email', 2), ('Paid Search', 3)) as t(channel, n);
    create table attribution.fct_attribution_credits as
        select md5(cast(i as varchar)) as credit_id, i / 7 as credit,
            cast(i as decimal(18, 2)) as credited_amount,
            timestamp '2026-01-01' + to_minutes(cast(i as integer)) as touched_at
        from range(1000) as t(i);
    create table quality.fct_quality_results (
        quality_result_id varchar, suite varchar, table_schema varchar, table_name varchar,
        expectation varchar, column_name varchar, dimension varchar, severity varchar,
        owner varchar, action varchar, is_success boolean, evaluated_count bigint,
        failed_count bigint, failed_pct double, as_of_at timestamp
    );
    create table meta.files (file_id bigint, path varchar);
"""


def build_file(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The build file, without the raw tables that no release reads."""
    settings.home.mkdir(exist_ok=True)
    con = duckdb.connect(str(settings.build_path), config=CONFIG)
    con.execute(OPS_TABLES)
    return con


def change(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Let the next release be another one, which says its number."""
    con.execute("update core.dim_channels set n = ? where channel = 'Email'", [number])
