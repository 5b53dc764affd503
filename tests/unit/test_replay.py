"""A build that sends prepared statements: what is made anew, what stays, what a failure stops."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import cast

import duckdb
import pytest

from pipelines.ingest.relations import CLOCK_TABLE, KNOWN
from pipelines.ingest.warehouse import OPS_TABLES
from pipelines.transform.build import NodeResult
from pipelines.transform.prepared import Node, Plan
from pipelines.transform.replay import forget, replay

MONDAY, TUESDAY = datetime(2026, 10, 5), datetime(2026, 10, 6)
ORDERS, CLOCK = "source.throughline.current_shop.orders", "source.throughline.ops.clock"


def node(name: str, sql: str, *reads: str, kind: str = "model", is_view: bool = False) -> Node:
    making = f"create or replace {'view' if is_view else 'table'} main.{name} as {sql}"
    judging = f"select count(*), count(*) > 0, count(*) > 0 from ({sql})"
    return Node(
        unique_id=name,
        name=name,
        kind=kind,
        schema="main",
        statement=judging if kind == "test" else making,
        depends_on=reads,
        is_after_solve=False,
        is_view=is_view,
        empty="select null::varchar as amount where false" if is_view else "",
        severity="ERROR",
        error_if="!= 0",
    )


NODES = (
    node("staged", "select amount from current_shop.orders", ORDERS, is_view=True),
    node("total", "select sum(amount::int) as total from staged", "staged"),
    node("clocked", "select as_of_at from ops.clock", "staged", CLOCK),
    node("behind", "select total, (select max(n) from log) as n from total", "total"),
    node("no_loss", "select * from total where total < 0", "total", kind="test"),
)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(str(tmp_path / "build.duckdb"))) as con:
        con.execute(OPS_TABLES)
        con.execute(CLOCK_TABLE)
        con.execute("create table landed (amount varchar, _loaded_at timestamp)")
        con.execute("create schema current_shop")
        con.execute(f"create view current_shop.orders as from landed where {KNOWN}")
        con.execute("create table log as select 0 as n")
        yield con


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    with duckdb.connect(str(tmp_path / "prepared.duckdb")):
        pass
    database = tmp_path / "prepared.duckdb"
    sources = {ORDERS: ("current_shop", "orders"), CLOCK: ("ops", "clock")}
    return Plan(database, (), NODES, sources)


def deliver(con: duckdb.DuckDBPyConnection, amount: int, at: datetime) -> None:
    con.execute("insert into landed values (?, ?)", [amount, at])
    con.execute(
        "insert into ops.files by name select (select count(*) from ops.files) as file_id,"
        " 1 as batch_id, 'orders.csv' as path, 'shop' as source, 'orders' as stream,"
        " 'loaded' as status, 1 as rows_read, 1 as rows_loaded, 0 as rows_rejected,"
        " 0 as rows_skipped, '1' as contract_version, ?::timestamp as loaded_at",
        [at],
    )


def run(con: duckdb.DuckDBPyConnection, plan: Plan, at: datetime) -> dict[str, NodeResult]:
    """A build after another number was written down: who reads it anew was made anew."""
    con.execute("insert into log select max(n) + 1 from log")
    return {result.name: result for result in replay(con, plan, at, after_solve=False)}


def rows(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    return con.execute(f"from {table}").fetchall()


def test_what_nothing_has_changed_stays(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    assert rows(con, "behind") == [(3, 1)]
    results = run(con, plan, MONDAY)
    assert rows(con, "behind") == [(3, 1)], "made anew though nothing came"
    assert {result.status for result in results.values()} == {"success", "pass"}
    assert all(result.stands for result in results.values())


@pytest.mark.parametrize(("most_mib", "in_order_after_solve_alone"), [(1_000, True), (-1, False)])
def test_the_file_is_put_in_order_once_unless_the_first_half_takes_much_room(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    most_mib: int,
    in_order_after_solve_alone: bool,
) -> None:
    monkeypatch.setattr("pipelines.transform.replay.UNSETTLED_MIB", most_mib)
    log = tmp_path / "build.duckdb.wal"
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    lies_in_the_log = log.exists() and log.stat().st_size > 0
    assert lies_in_the_log == in_order_after_solve_alone
    replay(con, plan, MONDAY, after_solve=True)
    assert not log.exists() or not log.stat().st_size, "what was made lies in the log still"


def test_what_is_made_is_packed_lightly_and_nothing_else_is(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    texts = (
        "select concat('a text of its own, ', md5(n::varchar)) as words from range(20000) as t(n)"
    )
    of_each_half = (
        node("texts", texts),
        replace(node("texts_behind", texts), is_after_solve=True),
    )
    for after_solve in (False, True):
        replay(con, replace(plan, nodes=of_each_half), MONDAY, after_solve=after_solve)
    con.execute(f"create table landed_texts as {texts}")
    con.execute("checkpoint")

    def packed(table: str) -> set[str]:
        asked = f"select distinct compression from pragma_storage_info('{table}')"
        return {compression for (compression,) in con.execute(asked).fetchall()}

    assert "FSST" not in packed("texts")
    assert "FSST" not in packed("texts_behind")
    assert "FSST" in packed("landed_texts")


def test_what_holds_the_seeds_is_opened_for_a_seed_alone(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    with duckdb.connect(str(plan.database)) as prepared:
        prepared.execute("create table rates as select 2 as rate")
    seed = replace(node("rates", "", kind="seed"), rows="rate 2")
    with_seed = replace(plan, nodes=(seed, *NODES))
    deliver(con, 3, MONDAY)
    run(con, with_seed, MONDAY)
    plan.database.unlink()
    deliver(con, 4, TUESDAY)
    assert run(con, with_seed, TUESDAY)["total"].status == "success"
    assert rows(con, "total") == [(7,)]
    assert con.execute("from duckdb_databases() where database_name = 'prepared'").fetchall() == []


def test_what_dbt_sends_first_is_in_no_key(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    # Schemas and empty tables, in an order that dbt chooses anew each time.
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    setup = ("create schema if not exists marts",)
    results = run(con, replace(plan, setup=setup), MONDAY)
    assert all(result.stands for result in results.values())


def test_a_later_clock_moves_only_what_reads_it(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    run(con, plan, TUESDAY)
    assert rows(con, "clocked") == [(TUESDAY,)]
    assert rows(con, "behind") == [(3, 1)]


def test_a_delivery_is_read_and_an_earlier_clock_does_not_see_it(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    deliver(con, 4, TUESDAY)
    run(con, plan, TUESDAY)
    assert rows(con, "behind") == [(7, 2)]
    run(con, plan, MONDAY)
    assert rows(con, "behind") == [(3, 3)]


def test_a_table_that_comes_out_the_same_spares_those_behind_it(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    deliver(con, 0, TUESDAY)
    run(con, plan, TUESDAY)
    assert rows(con, "behind") == [(3, 1)]


def test_a_view_of_what_was_solved_is_told_by_its_rows(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    solved = "source.throughline.solved.credits"
    view = node(
        "solved_credits",
        "select n from solved.credits where as_of_at = (select as_of_at from ops.clock)",
        solved,
        CLOCK,
        is_view=True,
    )
    nodes = (replace(view, empty=""), node("behind", "from solved_credits", "solved_credits"))
    sources = {solved: ("solved", "credits"), CLOCK: ("ops", "clock")}
    with_solved = replace(plan, nodes=nodes, sources=sources)
    con.execute("create schema solved")
    con.execute(f"create table solved.credits as select 1 as n, timestamp '{MONDAY}' as as_of_at")
    run(con, with_solved, MONDAY)

    # The same as of another clock: what stands was not solved again.
    con.execute("update solved.credits set as_of_at = ?", [TUESDAY])
    results = run(con, with_solved, TUESDAY)
    assert not results["solved_credits"].stands
    assert results["behind"].stands
    con.execute("update solved.credits set n = 2")
    assert not run(con, with_solved, TUESDAY)["behind"].stands
    assert rows(con, "behind") == [(2,)]
    # Nothing of it is as of this clock.
    run(con, with_solved, MONDAY)
    assert rows(con, "behind") == []


def test_who_else_writes_a_relation_takes_its_key_away(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    con.execute("create or replace table total as select 99 as total")
    run(con, plan, MONDAY)
    assert rows(con, "total") == [(3,)]


@pytest.mark.parametrize("changed", ["engine", "forgotten"])
def test_another_engine_and_a_full_refresh_make_everything_anew(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    changed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    if changed == "forgotten":
        forget(con)
    else:
        monkeypatch.setattr(duckdb, "__version__", "another")
    results = run(con, plan, MONDAY)
    assert rows(con, "behind") == [(3, 2)]
    assert not any(result.stands for result in results.values())


def test_a_changed_statement_reaches_what_reads_it_and_nothing_else(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    doubled = node("total", "select 2 * sum(amount::int) as total from staged", "staged")
    nodes = tuple(doubled if each.name == "total" else each for each in plan.nodes)
    results = run(con, replace(plan, nodes=nodes), MONDAY)
    assert rows(con, "behind") == [(6, 2)]
    assert {name for name, result in results.items() if not result.stands} == {
        *("total", "behind", "no_loss")
    }


def test_another_type_of_the_same_values_reaches_what_reads_it(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    widened = node("total", "select sum(amount::int)::bigint as total from staged", "staged")
    nodes = tuple(widened if each.name == "total" else each for each in plan.nodes)
    run(con, replace(plan, nodes=nodes), MONDAY)
    assert rows(con, "behind") == [(3, 2)]


def test_another_contract_reaches_what_reads_its_stream(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    deliver(con, 3, MONDAY)
    deliver(con, 4, MONDAY)
    run(con, plan, MONDAY)
    newest = "qualify row_number() over (order by amount desc) = 1"
    con.execute(f"create or replace view current_shop.orders as from landed where {KNOWN} {newest}")
    con.execute("comment on view current_shop.orders is 'newest'")
    run(con, plan, MONDAY)
    assert rows(con, "behind") == [(4, 2)]


def test_what_a_seed_says_reaches_what_reads_it(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    def with_rates(rate: int) -> Plan:
        with duckdb.connect(str(plan.database)) as prepared:
            prepared.execute(f"create or replace table rates as select {rate} as rate")
        seed = replace(node("rates", "", kind="seed"), rows=f"rate {rate}")
        priced = node("priced", "select total * rate as price from total, rates", "total", "rates")
        return replace(plan, nodes=(seed, *NODES, priced))

    deliver(con, 3, MONDAY)
    run(con, with_rates(2), MONDAY)
    results = run(con, with_rates(5), MONDAY)
    assert rows(con, "priced") == [(15,)]
    assert {name for name, result in results.items() if not result.stands} == {"rates", "priced"}


def test_a_stream_that_nobody_delivers_is_a_view_without_rows(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    run(con, plan, MONDAY)
    (sql,) = con.execute("select sql from duckdb_views() where view_name = 'staged'").fetchall()[0]
    assert "current_shop" not in sql
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    assert rows(con, "behind") == [(3, 2)]


def test_a_test_that_fails_is_named_and_nothing_is_built_on_it(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    judged_first = (NODES[0], NODES[1], NODES[4], NODES[3])
    plan = replace(plan, nodes=judged_first)
    deliver(con, -3, MONDAY)
    for _ in range(2):
        results = run(con, plan, MONDAY)
        assert results["no_loss"].message == "Got 1 result, configured to fail if != 0"
        assert results["no_loss"].is_bad
        assert results["behind"].status == "skipped"


def test_a_statement_that_fails_leaves_the_relation_as_it_was(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    deliver(con, 3, MONDAY)
    run(con, plan, MONDAY)
    con.execute("insert into landed values ('three', ?)", [TUESDAY])
    deliver(con, 1, TUESDAY)
    results = run(con, plan, TUESDAY)
    assert results["total"].status == "error"
    assert "three" in str(results["total"].message)
    assert results["behind"].status == "skipped"
    assert results["no_loss"].status == "skipped"
    assert rows(con, "total") == [(3,)]


def test_a_disk_that_is_full_at_the_commit_is_no_fault_of_the_model(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> None:
    class Full:
        """DuckDB rolls a commit back that it cannot write, and takes no rollback after it."""

        def __getattr__(self, name: str) -> object:
            return getattr(con, name)

        def commit(self) -> None:
            con.rollback()
            raise duckdb.TransactionException("Failed to commit: No space left on device")

    deliver(con, 1, MONDAY)
    with pytest.raises(duckdb.TransactionException, match="No space left"):
        run(cast(duckdb.DuckDBPyConnection, Full()), plan, MONDAY)
