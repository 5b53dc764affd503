"""Small releases, published by the project's own functions from a build file of three marts."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.ingest.warehouse import CONFIG, OPS_TABLES
from pipelines.publish import publish
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


def home_of_one_release(folder: Path) -> Settings:
    """A home with one release, of number 0."""
    settings = Settings(exports=folder, home=folder / "home")
    with build_file(settings) as con:
        con.execute(MARTS)
        grow(con, 0)
        publish(con, settings, AS_OF, "run-1")
    return settings


def change(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Let the next release be another one, which says its number."""
    con.execute("update core.dim_channels set n = ? where channel = 'Email'", [number])


def grow(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """The same, with a row of the other mart a number: who mixes two releases is found out."""
    change(con, number)
    con.execute(
        "insert into attribution.fct_attribution_credits by name select md5('new' || i) as"
        " credit_id from range((select count(*) from attribution.fct_attribution_credits),"
        " 1000 + ?) as t(i)",
        [number],
    )


PUBLISHES = 100
READERS = 8
# What the slowest door may be behind.
BEHIND_SECONDS = 60
# A release is whole if the rows of its two marts belong together.
READ_SQL = (
    "select n, (select count(*) from attribution.fct_attribution_credits)"
    " from core.dim_channels where channel = 'Email'"
)


def publish_under_readers(
    settings: Settings,
    read: Callable[[], tuple[int, int]],
    after: Callable[[], None],
    pause: float = 0.5,
) -> None:
    """Publish many times while threads read a door: no error, no half release, nobody behind.

    Args:
        settings: the home, with one release.
        read: opens the door as its users do, and returns what READ_SQL finds.
        after: what follows each publish.
        pause: seconds that a reader rests between two looks.
    """
    shown_at: dict[int, float] = {}
    is_over = threading.Event()

    def watch() -> int:
        reads = last = 0
        while not is_over.is_set():
            began = time.monotonic()
            number, credits = read()
            assert credits == 1000 + number, "half a release"
            assert number >= last, "an earlier release came back"
            newer = shown_at.get(number + 1, began)
            assert began - newer < BEHIND_SECONDS, "too far behind"
            last = number
            reads += 1
            time.sleep(pause)
        until = time.monotonic() + BEHIND_SECONDS
        while read()[0] != PUBLISHES:
            assert time.monotonic() < until, "the last release was never seen"
        return reads

    with ThreadPoolExecutor(READERS) as pool, build_file(settings) as con:
        watching = [pool.submit(watch) for _ in range(READERS)]
        try:
            for number in range(1, PUBLISHES + 1):
                grow(con, number)
                publish(con, settings, AS_OF, "run-1")
                after()
                shown_at[number] = time.monotonic()
        finally:
            is_over.set()
        assert all(one.result() > 10 for one in watching)
