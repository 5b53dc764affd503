"""The marts in PostgreSQL: values and types as they are, swapped in whole, for those who may."""

import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.doors import postgres, refresh
from pipelines.doors.postgres import DoorError, Postgres, push
from pipelines.publish import opened, publish, published_path, published_release
from pipelines.reports import report_rollback
from pipelines.run import Outcome
from pipelines.settings import Settings
from tests.postgres import programs, server
from tests.releases import (
    AS_OF,
    READ_SQL,
    build_file,
    grow,
    home_of_one_release,
    publish_under_readers,
)

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(programs() is None, reason="there is no server: apt postgresql"),
]

MART_SQL = READ_SQL.replace("attribution.", "marketing.").replace("core.", "marketing.")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with server() as url:
        yield url


@pytest.fixture
def url(cluster: str) -> Iterator[str]:
    """The server's address, with nothing of an earlier test in its database."""
    yield cluster
    with psycopg.connect(cluster) as con:
        for name in ("marketing", "marketing__old", "marketing__new", "own"):
            con.execute(f"drop schema if exists {name} cascade")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home_of_one_release(tmp_path)


def publish_number(settings: Settings, number: int) -> None:
    with build_file(settings) as con:
        grow(con, number)
        publish(con, settings, AS_OF, "run-1")


def pushed(settings: Settings, door: Postgres) -> bool:
    release = published_release(settings.home)
    assert release
    with opened(published_path(settings.home)) as con:
        return push(con, release, door)


def asked(url: str, sql: str) -> list[Any]:
    with psycopg.connect(url) as con:
        return con.execute(sql).fetchall()


def test_every_value_and_type_survives(url: str, settings: Settings) -> None:
    kinds = {
        "whole": ("bigint", 9007199254740993, "bigint"),
        "summed": ("hugeint", 36028797018963972000000001, "numeric"),
        "amount": ("decimal(18, 2)", Decimal("1234567890123456.78"), "numeric"),
        "share": ("double", 0.1 + 0.2, "double precision"),
        "is_on": ("boolean", True, "boolean"),
        "day": ("date", date(2026, 2, 28), "date"),
        "moment": (
            "timestamp",
            datetime(2026, 3, 29, 2, 30, 0, 123456),
            "timestamp without time zone",
        ),
        "said": ("varchar", 'a,"b";\n\\.\nc\t\\N', "text"),
        "empty": ("varchar", "", "text"),
    }
    with build_file(settings) as con:
        listed = ", ".join(f"{name} {kind}" for name, (kind, _, _) in kinds.items())
        con.execute(f"create table funnel.fct_kinds (n integer, {listed})")
        values = [value for _, value, _ in kinds.values()]
        con.execute(f"insert into funnel.fct_kinds values (1{', ?' * len(values)})", values)
        con.execute("insert into funnel.fct_kinds (n) values (2)")
        con.execute(
            "insert into funnel.fct_kinds (n, share, said) values (3, 'nan', 'a' || chr(0) || 'b')"
        )
        publish(con, settings, AS_OF, "run-1")
    assert pushed(settings, Postgres(url, "marketing"))
    names = ", ".join(kinds)
    full, nothing, odd = asked(url, f"select {names} from marketing.fct_kinds order by n")
    assert list(full) == values
    assert set(nothing) == {None}
    assert (str(odd[3]), odd[7]) == ("nan", "ab")
    types = dict(
        asked(
            url,
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'marketing' and table_name = 'fct_kinds' and column_name <> 'n'",
        )
    )
    assert types == {name: kind for name, (_, _, kind) in kinds.items()}


def test_tables_say_what_they_are_and_the_schema_which_release(
    url: str, settings: Settings
) -> None:
    assert pushed(settings, Postgres(url, "marketing"))
    ((table, column, schema),) = asked(
        url,
        "select obj_description('marketing.releases'::regclass),"
        " col_description('marketing.releases'::regclass, 2),"
        " obj_description('marketing'::regnamespace, 'pg_namespace')",
    )
    release = published_release(settings.home)
    assert release
    assert table == "One row per release that is kept."
    assert column == "The run's clock, UTC: nothing later is known."
    assert schema == f"Throughline release {release.release_id}, as of 2026-10-01T06:00:00Z"
    # It shows it already.
    assert not pushed(settings, Postgres(url, "marketing"))


def test_readers_may_read_and_nothing_else(url: str, settings: Settings) -> None:
    with psycopg.connect(url) as con:
        con.execute("drop role if exists bi")
        con.execute("create role bi login password 'bi'")
    reader = url.replace("throughline:s3cret", "bi:bi")
    for number in (1, 2):
        publish_number(settings, number)
        assert pushed(settings, Postgres(url, "marketing", ("bi",)))
        assert asked(reader, MART_SQL) == [(number, 1000 + number)]
    for write in ("delete from marketing.fct_attribution_credits", "create table marketing.own ()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(reader, write)
    publish_number(settings, 3)
    with pytest.raises(DoorError, match='role "nobody_known" does not exist'):
        pushed(settings, Postgres(url, "marketing", ("nobody_known",)))
    assert asked(reader, MART_SQL) == [(2, 1002)]


def test_what_is_somebody_elses_is_left_alone(url: str, settings: Settings) -> None:
    with psycopg.connect(url) as con:
        con.execute("create schema own; create table own.precious as select 1 as x")
    with pytest.raises(DoorError, match="a schema own that is not ours"):
        pushed(settings, Postgres(url, "own"))
    assert asked(url, "select x from own.precious") == [(1,)]
    assert pushed(settings, Postgres(url, "marketing"))
    with psycopg.connect(url) as con:
        con.execute("create view own.theirs as select * from marketing.dim_channels")
    publish_number(settings, 1)
    with pytest.raises(DoorError, match=r"view own\.theirs depends on table"):
        pushed(settings, Postgres(url, "marketing"))
    assert asked(url, MART_SQL) == [(0, 1000)]


def test_who_reads_for_long_is_not_waited_for(
    url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 0.2)
    door = Postgres(url, "marketing")
    assert pushed(settings, door)
    publish_number(settings, 1)
    with psycopg.connect(url) as busy:
        busy.execute("begin isolation level repeatable read")
        assert busy.execute(MART_SQL).fetchall() == [(0, 1000)]
        assert pushed(settings, door)
        assert asked(url, MART_SQL) == [(1, 1001)]
        publish_number(settings, 2)
        with pytest.raises(DoorError, match="somebody still reads marketing__old"):
            pushed(settings, door)
    assert pushed(settings, door)
    assert asked(url, MART_SQL) == [(2, 1002)]
    assert asked(url, "select nspname from pg_namespace where nspname like 'marketing_%'") == []


def test_a_swap_waits_for_who_is_in_the_middle(url: str, settings: Settings) -> None:
    door = Postgres(url, "marketing")
    assert pushed(settings, door)
    publish_number(settings, 1)
    with psycopg.connect(url) as busy:
        # As a statement that has found one of its tables and not yet the other.
        busy.execute("select * from marketing.dim_channels")
        pushing = threading.Thread(target=pushed, args=(settings, door))
        pushing.start()
        time.sleep(0.5)
        assert busy.execute(MART_SQL).fetchall() == [(0, 1000)]
        busy.commit()
        pushing.join(timeout=20)
        assert busy.execute(MART_SQL).fetchall() == [(1, 1001)]


def test_a_hundred_publishes_under_readers_of_postgres(url: str, settings: Settings) -> None:
    door = Postgres(url, "marketing")
    pushed(settings, door)
    held = threading.local()

    def read() -> tuple[int, int]:
        # A BI server keeps its connections.
        if not hasattr(held, "con"):
            held.con = psycopg.connect(url, autocommit=True)
        ((number, count),) = held.con.execute(MART_SQL).fetchall()
        return number, count

    publish_under_readers(settings, read, lambda: pushed(settings, door))


# --- what a run makes of it ---


def test_a_door_that_fails_is_told_and_keeps_no_release_back(
    url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Postgres(url, "marketing", ("nobody_known",))
    monkeypatch.setattr(refresh, "company_postgres", lambda: door)
    (first,) = refresh.refresh_doors(settings)
    (again,) = refresh.refresh_doors(settings)
    assert (first.status, first.since) == ("failed", None)
    assert first.message == 'role "nobody_known" does not exist'
    assert Outcome("published", settings, doors=(first,)).exit_code == 4
    assert Outcome("refused", settings, doors=(first,)).exit_code == 3
    notices = refresh.shut([first, again])
    assert notices[0].notice_id == notices[1].notice_id
    assert "every run tries again" in notices[0].next_step

    monkeypatch.setattr(refresh, "company_postgres", lambda: Postgres(url, "marketing"))
    (mended,) = refresh.refresh_doors(settings)
    assert (mended.status, mended.message) == ("refreshed", None)
    assert mended.since
    assert refresh.shut([mended]) == []
    assert Outcome("published", settings, doors=(mended,)).exit_code == 0
    (same,) = refresh.refresh_doors(settings)
    assert same.status == "unchanged"
    with build_file(settings) as con:
        noted = con.execute("select door, status from ops.doors order by refreshed_at").fetchall()
    assert noted == [("postgres", "failed"), ("postgres", "failed"), ("postgres", "refreshed")]


def test_a_rollback_reaches_the_door(
    url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "company_postgres", lambda: Postgres(url, "marketing"))
    publish_number(settings, 1)
    refresh.refresh_doors(settings)
    assert asked(url, MART_SQL) == [(1, 1001)]
    report = report_rollback(settings.home, None)
    assert report["doors"][0]["status"] == "refreshed"
    assert asked(url, MART_SQL) == [(0, 1000)]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql:/s3cret", "doors.postgres.url cannot be read"),
        ("s3cret", "doors.postgres.url cannot be read"),
        ("postgresql://throughline:s3cret@127.0.0.1:1/postgres", "Connection refused"),
    ],
)
def test_no_error_repeats_the_password(settings: Settings, address: str, said: str) -> None:
    with pytest.raises(DoorError, match=said) as error:
        pushed(settings, Postgres(address, "marketing"))
    assert "s3cret" not in str(error.value)


def test_nothing_is_imported_where_no_door_is_set(settings: Settings) -> None:
    assert refresh.refresh_doors(settings) == ()
    with duckdb.connect(str(settings.build_path)) as con:
        assert con.execute("select count(*) from ops.doors").fetchall() == [(0,)]
