"""The doors of a release while runs publish: what their users read, and how far they are behind."""

import multiprocessing
import os
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool, QueuePool

from pipelines.publish import publish, published_path
from pipelines.settings import PROJECT_DIR, Settings
from tests.releases import (
    AS_OF,
    MARTS,
    READ_SQL,
    build_file,
    grow,
    home_of_one_release,
    publish_under_readers,
)

# Nobody's user on Debian, who owns nothing.
NOBODY = 65534


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home_of_one_release(tmp_path)


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with build_file(settings) as con:
        yield con


def publish_number(con: duckdb.DuckDBPyConnection, settings: Settings, number: int) -> None:
    grow(con, number)
    publish(con, settings, AS_OF, "run-1")


def pooled(settings: Settings, pool: type) -> Engine:
    url = f"duckdb:///{published_path(settings.home)}"
    return create_engine(url, connect_args={"read_only": True}, poolclass=pool)


def documented(settings: Settings) -> Engine:
    """The engine as docs/doors.md makes it."""
    doc = (PROJECT_DIR / "docs" / "doors.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", doc, re.DOTALL)
    made: dict[str, Any] = {}
    exec(code.replace("HOME", str(settings.home)), made)  # noqa: S102 - as its readers do
    engine: Engine = made["engine"]
    return engine


def read(engine: Engine) -> tuple[int, int]:
    with engine.connect() as connection:
        number, count = connection.execute(text(READ_SQL)).one()
        return number, count


def test_a_pool_that_keeps_connections_keeps_the_release(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    engine = pooled(settings, QueuePool)
    assert read(engine) == (0, 1000)
    publish_number(con, settings, 1)
    assert read(engine) == (0, 1000)
    # Not only this pool: every connection of the process.
    assert read(pooled(settings, NullPool)) == (0, 1000)
    assert read(documented(settings)) == (1, 1001)
    engine.dispose()
    assert read(engine) == (1, 1001)
    engine.dispose()


def test_without_a_pool_the_newest_is_read_once_nobody_reads(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    engine = pooled(settings, NullPool)
    with engine.connect() as busy:
        assert busy.execute(text(READ_SQL)).one() == (0, 1000)
        publish_number(con, settings, 1)
        assert read(engine) == (0, 1000)
    assert read(engine) == (1, 1001)


def test_what_attaches_the_file_reads_the_newest_beside_those_that_hold_it(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    engine = documented(settings)
    with engine.connect() as busy:
        assert busy.execute(text(READ_SQL)).one() == (0, 1000)
        publish_number(con, settings, 1)
        assert read(engine) == (1, 1001)
        # Who has begun goes on with what they have.
        assert busy.execute(text(READ_SQL)).one() == (0, 1000)


@pytest.mark.slow
def test_a_hundred_publishes_under_readers_of_the_file(settings: Settings) -> None:
    engine = documented(settings)
    publish_under_readers(settings, lambda: read(engine), lambda: None)


def _read_as_nobody(path: str, answers: Any) -> None:
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        with duckdb.connect(path, read_only=True) as con:
            answers.put(con.execute(READ_SQL).fetchall())
            con.execute("create table core.own (i bigint)")
    except duckdb.Error as error:
        answers.put(str(error))
    try:
        duckdb.connect(path).close()
        answers.put("opened for writing")
    except duckdb.Error as error:
        answers.put(str(error))


def test_who_may_not_write_can_read() -> None:
    # Not below pytest's own folder, which nobody else may enter.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        settings = Settings(exports=Path(folder), home=Path(folder) / "home")
        with build_file(settings) as con:
            con.execute(MARTS)
            publish(con, settings, AS_OF, "run-1")
        path = published_path(settings.home)
        path.parent.chmod(0o555)
        fork = multiprocessing.get_context("fork")
        answers = fork.Queue()
        child = fork.Process(target=_read_as_nobody, args=(str(path), answers))
        child.start()
        said = [answers.get(timeout=30) for _ in range(3)]
        child.join()
        path.parent.chmod(0o755)
    assert said[0] == [(2, 1000)]
    assert "read-only" in said[1]
    assert "opened for writing" not in said[2]
    assert "marketing.duckdb" in said[2]
