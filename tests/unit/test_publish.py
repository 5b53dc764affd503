"""Releases: what their hash covers, how they are swapped, kept, put back, and survive a kill."""

import dataclasses
import json
import os
import subprocess
import sys
import textwrap
import types
import uuid
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.publish import (
    Described,
    PublishError,
    build,
    content,
    content_hash,
    opened,
    publish,
    published_path,
    published_release,
    release_path,
    rollback,
)
from pipelines.publish.release import standing
from pipelines.runs import start_run
from pipelines.settings import PROJECT_DIR, Settings, UsageError
from pipelines.transform.contents import rows_digest
from pipelines.transform.project import mart_schemas
from tests.releases import AS_OF, MARTS, build_file, change

CHANNELS = "core.dim_channels"
SAID = Described("One row per channel.", {"channel": "The channel's name."})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(exports=tmp_path, home=tmp_path / "home")


@pytest.fixture(autouse=True)
def _the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone may be editing the project while its tests run."""
    monkeypatch.setattr(build, "rules_fingerprint", lambda: "rules")


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with build_file(settings) as con:
        con.execute(MARTS)
        start_run(con, "run-1", AS_OF)
        yield con


def publish_numbered(
    con: duckdb.DuckDBPyConnection, settings: Settings, numbers: range
) -> list[str]:
    """A release per number, with that number in it; the ids."""
    ids = []
    for number in numbers:
        change(con, number)
        ids.append(publish(con, settings, AS_OF, "run-1").release.release_id)
    return ids


def seen(home: Path) -> int:
    with opened(published_path(home)) as con:
        return con.execute("select n from core.dim_channels where channel = 'Email'").fetchall()[0][
            0
        ]


def statuses(home: Path) -> dict[str, str]:
    with opened(published_path(home)) as con:
        return dict(con.execute("select release_id, status from meta.releases").fetchall())


# --- the hash ---


def hash_of(con: duckdb.DuckDBPyConnection) -> str:
    return content_hash(con, "build", mart_schemas())


def test_the_order_of_rows_makes_no_difference(con: duckdb.DuckDBPyConnection) -> None:
    before = hash_of(con)
    con.execute(
        "create or replace table attribution.fct_attribution_credits as"
        " select * from attribution.fct_attribution_credits order by hash(credit_id)"
    )
    assert hash_of(con) == before


@pytest.mark.parametrize(
    "alteration",
    [
        "update attribution.fct_attribution_credits set credit = credit + 1e-12 where credit = 1",
        "update core.dim_channels set n = null where n = 1",
        "update core.dim_channels set channel = upper(channel) where n = 1",
        "insert into core.dim_channels select * from core.dim_channels where n = 1",
        "delete from core.dim_channels where n = 1",
        "alter table core.dim_channels rename column n to m",
        "alter table core.dim_channels alter n type bigint",
        "alter table core.dim_channels rename to dim_channel",
        "alter table meta.files add column stream varchar",
        "create table funnel.fct_new (id varchar)",
    ],
)
def test_every_change_changes_the_hash(con: duckdb.DuckDBPyConnection, alteration: str) -> None:
    before = hash_of(con)
    con.execute(alteration)
    assert hash_of(con) != before


def test_values_that_read_alike_side_by_side_differ(con: duckdb.DuckDBPyConnection) -> None:
    hashes = set()
    for left, right in [("a", "bc"), ("ab", "c"), ("ab", None), ("ab", "null"), ('a","b":"', "")]:
        con.execute("create or replace table core.pair (a varchar, b varchar)")
        con.execute("insert into core.pair values (?, ?)", [left, right])
        hashes.add(hash_of(con))
    assert len(hashes) == 5


def test_wall_clock_and_bookkeeping_are_no_content(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create table quality.judged as select 1 as id, timestamp '2026-01-01' as evaluated_at"
    )
    before = hash_of(con)
    con.execute("update quality.judged set evaluated_at = timestamp '2026-02-02'")
    con.execute("create table meta.runs (run_id varchar)")
    con.execute("create table meta.releases (release_id varchar)")
    con.execute("create table meta.restatements (restatement_id varchar)")
    assert hash_of(con) == before


# --- one release ---


def test_a_release_holds_the_marts_and_says_what_it_is(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    start_run(con, "run-2", AS_OF)
    con.execute(
        "insert into ops.quality_results by name select unnest(['marts', 'marts', 'delivery'])"
        " as suite, 'core' as table_schema, 'dim_channels' as table_name,"
        " unnest(['unique', 'not_null', 'unique']) as expectation, 'uniqueness' as dimension,"
        " 'critical' as severity, 'data' as owner, 'look' as action, true as success,"
        " 3 as evaluated, 0 as failed, 0.0 as failed_pct, ? as as_of_at,"
        " current_localtimestamp() as evaluated_at",
        [AS_OF],
    )
    done = publish(con, settings, AS_OF, "run-2")

    assert done.status == "published"
    assert done.row_counts["attribution.fct_attribution_credits"] == 1000
    assert done.release == published_release(settings.home)
    assert done.release.release_id.startswith("20261001T060000_")
    with opened(done.path) as release:
        assert release.execute(
            "select suite, expectation, length(quality_result_id)"
            " from quality.fct_quality_results order by 2"
        ).fetchall() == [("marts", "not_null", 32), ("marts", "unique", 32)]
        assert release.execute("select run_id, status, release_id from meta.runs").fetchall() == [
            ("run-1", "interrupted", None),
            ("run-2", "published", done.release.release_id),
        ]
        assert content_hash(release, "release", mart_schemas()) == done.release.content_hash
        schemas = release.execute("select distinct schema_name from duckdb_tables()").fetchall()
        assert {schema for (schema,) in schemas} <= set(mart_schemas())
    assert list((settings.home / "releases").iterdir()) == [
        release_path(settings.home, done.release.release_id)
    ]
    assert list(done.path.parent.iterdir()) == [done.path]
    assert not done.path.stat().st_mode & 0o222


def test_the_same_again_changes_nothing(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    first = publish(con, settings, AS_OF, "run-1")
    inode = first.path.stat().st_ino
    again = publish(con, settings, AS_OF, "run-1")
    assert (again.status, again.release) == ("unchanged", first.release)
    assert first.path.stat().st_ino == inode
    later = publish(con, settings, AS_OF.replace(day=2), "run-1")
    assert later.status == "published"
    assert later.release.content_hash == first.release.content_hash


def test_a_mart_that_the_build_left_is_told_as_before(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    digest = content._table_digest

    def noted(con: duckdb.DuckDBPyConnection, database: str, table: content.MartTable) -> bytes:
        found.append(table.label)
        return digest(con, database, table)

    def publish_on(day: int) -> tuple[set[str], str]:
        found.clear()
        done = publish(con, settings, AS_OF.replace(day=day), "run-1")
        with opened(done.path) as release:
            assert content_hash(release, "release", mart_schemas()) == done.release.content_hash
        return set(found[: -len(tables)]), done.release.content_hash

    monkeypatch.setattr(content, "_table_digest", noted)
    tables = {"core.dim_channels", "quality.fct_quality_results", "meta.files"}
    tables |= {"attribution.fct_attribution_credits"}
    by_others = {"quality.fct_quality_results", "meta.files"}
    for mart in ("core.dim_channels", "attribution.fct_attribution_credits"):
        con.execute(f"comment on table {mart} is 'key {rows_digest(con, mart)}'")

    _, first = publish_on(2)
    assert publish_on(3) == (by_others, first)
    # As dbt makes it anew: the comment is another, or none.
    change(con, 7)
    con.execute(f"comment on table core.dim_channels is 'key {rows_digest(con, CHANNELS)}'")
    asked, second = publish_on(4)
    assert asked == {*by_others, "core.dim_channels"}
    assert second != first
    con.execute("create or replace table core.dim_channels as select 'Direct' as channel, 1 as n")
    asked, third = publish_on(5)
    assert asked == {*by_others, "core.dim_channels"}
    assert third not in (first, second)
    # Other code may tell the same rows otherwise.
    monkeypatch.setattr(build, "rules_fingerprint", lambda: "other rules")
    assert publish_on(6) == (tables, third)


def test_only_the_marts_that_are_named_leave_the_build(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute("create table core.dim_forgotten (id varchar)")
    done = publish(con, settings, AS_OF, "run-1", marts={("core", "dim_channels"): SAID})
    assert set(done.row_counts) == {
        "core.dim_channels",
        "meta.releases",
        "meta.restatements",
        "meta.runs",
    }
    with opened(published_path(settings.home)) as release:
        comments = release.execute(
            "select comment from duckdb_tables() where table_name = 'dim_channels' union all"
            " select comment from duckdb_columns()"
            " where table_name = 'dim_channels' and column_name = 'channel'"
        ).fetchall()
    assert comments == [("One row per channel.",), ("The channel's name.",)]
    with pytest.raises(PublishError, match=r"lacks core\.dim_dates"):
        publish(con, settings, AS_OF, "run-1", marts={("core", "dim_dates"): SAID})


def test_a_mart_that_cannot_be_written_is_what_is_told(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    marts = {("core", "dim_channels"): SAID}
    with monkeypatch.context() as patched:
        patched.setattr("pipelines.publish.build.describe", full)
        with pytest.raises(duckdb.IOException, match="No space left"):
            publish(con, settings, AS_OF, "run-1", marts=marts)
    publish(con, settings, AS_OF, "run-1", marts=marts)


@pytest.mark.parametrize("column", ["email", "First_Name", "contact_last_name", "assignee_email"])
def test_personal_columns_are_refused(
    con: duckdb.DuckDBPyConnection, settings: Settings, column: str
) -> None:
    publish(con, settings, AS_OF, "run-1")
    con.execute(f'alter table core.dim_channels add column "{column}" varchar')
    with pytest.raises(PublishError, match=rf"core\.dim_channels\.{column}"):
        publish(con, settings, AS_OF, "run-1")
    assert seen(settings.home) == 2


@pytest.mark.parametrize(
    "column", ["campaign_name varchar", "has_email boolean", "owner_name varchar", "page varchar"]
)
def test_other_names_pass(con: duckdb.DuckDBPyConnection, settings: Settings, column: str) -> None:
    con.execute(f"alter table core.dim_channels add column {column}")
    assert publish(con, settings, AS_OF, "run-1").status == "published"


def test_a_build_without_marts_is_refused(settings: Settings) -> None:
    with (
        build_file(settings) as con,
        pytest.raises(PublishError, match="lacks every mart"),
    ):
        publish(con, settings, AS_OF, "run-1")
    assert published_release(settings.home) is None


# --- many releases ---


def test_five_are_kept(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    ids = publish_numbered(con, settings, range(10, 17))
    assert [release.release_id for release in standing(settings.home).kept] == ids[:1:-1]
    assert statuses(settings.home) == dict.fromkeys(ids[2:6], "superseded") | {ids[6]: "published"}


def test_an_old_release_built_again_is_kept(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    ids = publish_numbered(con, settings, range(10, 15))
    assert publish_numbered(con, settings, range(10, 11)) == ids[:1]
    assert seen(settings.home) == 10
    assert {release.release_id for release in standing(settings.home).kept} == set(ids)


def test_rollback_goes_back_step_by_step(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    ids = publish_numbered(con, settings, range(10, 14))
    con.close()
    home = settings.home
    assert rollback(home).release_id == ids[2]
    assert (seen(home), published_release(home)) == (12, rollback_state(home, ids[2]))
    assert rollback(home).release_id == ids[1]
    assert statuses(home) == {
        ids[0]: "superseded",
        ids[1]: "published",
        ids[2]: "withdrawn",
        ids[3]: "withdrawn",
    }
    assert rollback(home, ids[3]).release_id == ids[3]
    assert seen(home) == 13
    assert rollback(home).release_id == ids[1]
    assert rollback(home).release_id == ids[0]
    with pytest.raises(UsageError, match=f"no release before {ids[0]}"):
        rollback(home)
    with pytest.raises(UsageError, match="already see"):
        rollback(home, ids[0])
    with pytest.raises(UsageError, match=f"no release 'x'; these are kept: {ids[3]}, {ids[2]}"):
        rollback(home, "x")
    assert list(published_path(home).parent.iterdir()) == [published_path(home)]


def rollback_state(home: Path, release_id: str) -> object:
    return next(kept for kept in standing(home).kept if kept.release_id == release_id)


def test_what_was_withdrawn_stays_so_until_something_changes(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    ids = publish_numbered(con, settings, range(10, 12))
    rollback(settings.home)
    again = publish(con, settings, AS_OF, "run-1")
    assert (again.status, again.release.release_id) == ("unchanged", ids[0])
    assert again.message is not None
    assert f"throughline rollback {ids[1]}" in again.message
    newer = publish_numbered(con, settings, range(12, 13))[0]
    assert statuses(settings.home) == {
        ids[0]: "superseded",
        ids[1]: "withdrawn",
        newer: "published",
    }
    assert rollback(settings.home).release_id == ids[0]


def test_rollback_before_the_first_release(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no release yet"):
        rollback(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_rollback_refuses_an_altered_file(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    ids = publish_numbered(con, settings, range(10, 12))
    path = release_path(settings.home, ids[0])
    path.chmod(0o644)
    with duckdb.connect(str(path)) as altered:
        altered.execute("update core.dim_channels set n = 99")
    with pytest.raises(UsageError, match="no longer what was published"):
        rollback(settings.home)
    assert seen(settings.home) == 11


def test_a_spoilt_published_file_is_healed(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    ids = publish_numbered(con, settings, range(10, 12))
    front = published_path(settings.home)
    front.chmod(0o644)
    front.write_bytes(b"no database")
    assert published_release(settings.home) is None
    with pytest.raises(UsageError, match="name the one to put there"):
        rollback(settings.home)
    assert rollback(settings.home, ids[0]).release_id == ids[0]
    front.chmod(0o644)
    front.write_bytes(b"no database")
    assert publish(con, settings, AS_OF, "run-1").status == "published"
    assert seen(settings.home) == 11


# --- readers and kills ---

READER = """
    import sys, duckdb
    path = sys.argv[1]
    sql = "select n from core.dim_channels where channel = 'Email'"
    held = duckdb.connect(path, read_only=True)
    print("held", held.execute(sql).fetchall()[0][0], flush=True)
    # DuckDB shares one instance a path and process, so new opens go through an attachment.
    while sys.stdin.readline().strip() == "read":
        with duckdb.connect() as fresh:
            fresh.execute(f"attach '{path}' as fresh (read_only)")
            fresh.execute("use fresh")
            print(held.execute(sql).fetchall()[0][0], fresh.execute(sql).fetchall()[0][0],
                  flush=True)
"""
RESTLESS_READER = """
    import sys, time, duckdb
    print("ready", flush=True)
    opens = 0
    numbers = []
    while not numbers or numbers[-1] != 29:
        with duckdb.connect() as con:
            con.execute(f"attach '{sys.argv[1]}' as fresh (read_only)")
            rows = con.execute(
                "select n, (select count(*) from fresh.attribution.fct_attribution_credits)"
                " from fresh.core.dim_channels where channel = 'Email'").fetchall()
            assert rows[0][1] == 1000, rows
            numbers.append(rows[0][0])
            opens += 1
        time.sleep(0.02)
    assert numbers == sorted(numbers), numbers
    print(opens)
"""


def started(script: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_reader_keeps_what_it_opened_and_new_ones_see_the_new(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish_numbered(con, settings, range(9, 10))
    path = str(published_path(settings.home))
    with started(READER, path) as reader, started(RESTLESS_READER, path) as restless:
        assert reader.stdin
        assert reader.stdout
        assert restless.stdout
        assert reader.stdout.readline() == "held 9\n"
        assert restless.stdout.readline() == "ready\n"
        for number in range(10, 30):
            publish_numbered(con, settings, range(number, number + 1))
            reader.stdin.write("read\n")
            reader.stdin.flush()
            assert reader.stdout.readline() == f"9 {number}\n"
        assert reader.communicate("stop\n", timeout=30) == ("", "")
        opens, errors = restless.communicate(timeout=30)
        assert errors == ""
        assert int(opens) > 20


KILLED = """
    import os, signal, sys
    import duckdb
    from datetime import datetime
    from pathlib import Path
    from pipelines.publish import build, swap
    from pipelines.settings import Settings

    module, where, calls = {"build": build, "swap": swap}[sys.argv[2]], sys.argv[3], [0]
    real = getattr(module, where)

    def dies(*arguments, **named):
        calls[0] += 1
        if calls[0] == int(sys.argv[4]):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **named)

    setattr(module, where, dies)
    build.rules_fingerprint = lambda: "rules"
    settings = Settings(exports=Path(sys.argv[1]), home=Path(sys.argv[1]))
    with duckdb.connect(str(settings.build_path)) as con:
        con.execute("update core.dim_channels set n = 77 where channel = 'Email'")
        swap.publish(con, settings, datetime(2026, 10, 1, 6), "run-1")
"""


@pytest.mark.parametrize(
    ("where", "sees"),
    [
        ("build table_digests 1", 9),  # the marts are being staged
        ("swap write_history 1", 9),  # the copy lies beside the readers' file
        ("swap write_ledger 1", 9),  # the marts are staged, the ledger is not handed on
        ("swap _file 1", 9),  # just before the swap
        ("swap _file 2", 77),  # swapped, not yet filed
        ("swap _outcome 1", 77),  # filed, nobody told
    ],
)
def test_a_kill_leaves_a_whole_release_and_the_next_publish_works(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    where: str,
    sees: int,
) -> None:
    first = publish_numbered(con, settings, range(9, 10))[0]
    con.close()
    arguments = [str(settings.home), *where.split()]
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), *arguments],
        check=False,
        cwd=PROJECT_DIR,
        env={**os.environ, "PYTHONPATH": str(PROJECT_DIR)},
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -9, killed.stderr
    assert seen(settings.home) == sees

    with build_file(settings) as again:
        done = publish(again, settings, AS_OF, "run-1")
    assert done.status == ("published" if sees == 9 else "unchanged")
    assert seen(settings.home) == 77
    assert sorted(path.name for path in (settings.home / "releases").iterdir()) == sorted(
        f"{release_id}.duckdb" for release_id in (first, done.release.release_id)
    )
    assert list(published_path(settings.home).parent.iterdir()) == [published_path(settings.home)]
    assert rollback(settings.home).release_id == first
    assert seen(settings.home) == 9


def test_releases_are_values(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    release = publish(con, settings, AS_OF, "run-1").release
    with pytest.raises(dataclasses.FrozenInstanceError):
        release.release_id = "other"  # type: ignore[misc]


# --- the asset ---


@dataclasses.dataclass(frozen=True)
class Failed:
    """A critical result, as the audit hands it over."""

    def describe(self) -> str:
        return "channels are not unique"


def materialize(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, failures: list[Failed]
) -> tuple[bool, tuple[object, ...]]:
    """Run the asset; whether it succeeded, and its line in ops.runs."""
    import dagster as dg  # noqa: PLC0415 - two seconds that the other tests save

    from pipelines.defs.publish import publish as module  # noqa: PLC0415
    from pipelines.defs.resources import Warehouse  # noqa: PLC0415

    manifest = settings.home / "manifest.json"
    nodes = [
        ("core", "dim_channels", "model", "dbt_project/models/marts/core/dim_channels.sql"),
        ("staging", "stg_x", "model", "dbt_project/models/staging/x/stg_x.sql"),
        ("seeds", "channels", "seed", "seeds/channels.csv"),
    ]
    manifest.write_text(
        json.dumps(
            {
                "nodes": {
                    name: {
                        "name": name,
                        "resource_type": kind,
                        "original_file_path": path,
                        "config": {"schema": schema},
                        "unique_id": f"{kind}.throughline.{name}",
                        "description": "One row per something.",
                        "columns": {},
                    }
                    for schema, name, kind, path in nodes
                },
                "sources": {},
                "parent_map": {},
            }
        )
    )
    monkeypatch.setattr("pipelines.transform.manifest.current_manifest", lambda: manifest)
    runner = types.SimpleNamespace(critical_failures=lambda con, as_of_at: failures)
    monkeypatch.setitem(sys.modules, "expectations.runner", runner)
    # The marts of this test have no rules whose evaluations could be kept, and no figures.
    monkeypatch.setattr("pipelines.publish.keep_evaluations", lambda con, as_of_at: None)
    monkeypatch.setattr("expectations.suites.history.keep_figures", lambda con, as_of_at: None)
    run_id = str(uuid.uuid4())
    with build_file(settings) as con:
        start_run(con, run_id, AS_OF)
    with dg.DagsterInstance.ephemeral() as instance:
        warehouse = Warehouse(
            exports=str(settings.exports), home=str(settings.home), as_of=AS_OF.isoformat()
        )
        job = dg.Definitions(
            assets=module.defs().assets,
            resources={"warehouse": warehouse},
            jobs=[dg.define_asset_job("publish")],
        ).resolve_job_def("publish")
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    with build_file(settings) as con:
        row = con.execute(
            "select status, message, release_id from ops.runs where run_id = ?", [run_id]
        ).fetchall()[0]
    return result.success, row


def judge(settings: Settings, when: str) -> None:
    with build_file(settings) as con:
        con.execute("delete from ops.quality_results")
        con.execute(
            "insert into ops.quality_results by name select 'marts' as suite,"
            " 'core' as table_schema, 'dim_channels' as table_name, 'unique' as expectation,"
            " 'uniqueness' as dimension, 'critical' as severity, 'data' as owner,"
            " 'look' as action, true as success, ? as as_of_at, ? as evaluated_at",
            [AS_OF, when],
        )


def test_the_asset_publishes_only_what_was_judged_in_this_run(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    con.close()
    unjudged = (
        False,
        ("refused", "nobody has judged the marts as of 2026-10-01T06:00:00Z in this run", None),
    )
    assert materialize(settings, monkeypatch, []) == unjudged
    judge(settings, "2000-01-01")
    assert materialize(settings, monkeypatch, []) == unjudged

    judge(settings, "2999-01-01")
    refused = materialize(settings, monkeypatch, [Failed(), Failed()])
    sentence = "channels are not unique; channels are not unique"
    assert refused == (False, ("refused", sentence, None))
    assert published_release(settings.home) is None

    success, row = materialize(settings, monkeypatch, [])
    release = published_release(settings.home)
    assert release
    assert (success, row[0], row[2]) == (True, "published", release.release_id)
    # A release of one mart has nothing to make pages of, which keeps no reader from it.
    assert str(row[1]).startswith("the site could not be built: ")
    with opened(published_path(settings.home)) as published:
        tables = published.execute("select table_name from duckdb_tables() order by 1").fetchall()
    assert tables == [("dim_channels",), ("releases",), ("restatements",), ("runs",)]

    success, row = materialize(settings, monkeypatch, [])
    assert (success, row[0], row[2]) == (True, "unchanged", release.release_id)

    with build_file(settings) as again:
        again.execute("alter table core.dim_channels add column email varchar")
    success, row = materialize(settings, monkeypatch, [])
    assert (success, row[0]) == (False, "refused")
    assert "core.dim_channels.email" in str(row[1])
