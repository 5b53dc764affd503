"""A build file of an earlier version is brought to this one's layout, with everything in it."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest import migrate
from pipelines.ingest.warehouse import connect
from pipelines.settings import UsageError
from tests.warehouse import empty_warehouse

AT = datetime(2026, 3, 1, 12)
# The ledger and a raw table as they were before rows lay in `landed`.
BEFORE_LANDED = """
create schema ops;
create table ops.batches (
    batch_id bigint primary key, loaded_at timestamp not null, started_at timestamp not null,
    finished_at timestamp, status varchar not null
);
create table ops.files (
    file_id bigint primary key, batch_id bigint not null, path varchar not null, sha256 varchar,
    byte_size bigint, modified_at timestamp, source varchar, stream varchar,
    status varchar not null, rows_read bigint not null, rows_loaded bigint not null,
    rows_rejected bigint not null, rows_skipped bigint not null, encoding varchar,
    delimiter varchar, preamble_lines bigint, period_start date, period_end date,
    extra_columns varchar, missing_columns varchar, nearest_contract varchar, message varchar,
    contract_version varchar not null, loaded_at timestamp not null
);
create table ops.quality_results (
    suite varchar not null, table_schema varchar not null, table_name varchar not null,
    expectation varchar not null, column_name varchar, dimension varchar not null,
    severity varchar not null, owner varchar not null, action varchar not null,
    success boolean not null, evaluated bigint, failed bigint, failed_pct double,
    sample_keys varchar, exception varchar, as_of_at timestamp not null,
    evaluated_at timestamp not null
);
create schema raw_hubspot;
create table raw_hubspot.companies (
    record_id varchar, name varchar, domain varchar, _extra varchar, _file_id bigint not null,
    _row_number bigint not null, _loaded_at timestamp not null
);
insert into raw_hubspot.companies values
    ('2', 'Beta', 'b.example', null, 2, 1, '2026-03-01 12:00'),
    ('1', 'Alpha', 'a.example', '{"x":"1"}', 1, 1, '2026-03-01 12:00'),
    ('3', 'Gamma', 'c.example', null, 2, 2, '2026-03-01 12:00');
insert into ops.batches values (1, '2026-03-01 12:00', '2026-03-01 12:00', null, 'loaded');
insert into ops.files by name
    select i as file_id, 1 as batch_id, ['2026-01-31', 'any'][i] || '.csv' as path,
        i || '0' as sha256,
        'hubspot' as source, 'companies' as stream, 'loaded' as status, i as rows_read,
        i as rows_loaded, 0 as rows_rejected, 0 as rows_skipped, 'v' as contract_version,
        timestamp '2026-03-01 12:00' as loaded_at
    from (values (1), (2)) as t(i);
"""


def layout(path: Path) -> list[tuple[str, str, str]]:
    """Every column of the ledger's tables, whatever their order."""
    with connect(path) as con:
        return con.execute(
            "select table_name, column_name, data_type from duckdb_columns()"
            " where schema_name in ('ops', 'landed') order by all"
        ).fetchall()


def test_raw_tables_become_views_over_what_landed(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute(BEFORE_LANDED)
    for _ in range(2):
        with connect(path) as con:
            assert con.execute(
                "select record_id, _extra, _file_id, _row_number, _loaded_at"
                " from raw_hubspot.companies order by all"
            ).fetchall() == [
                ("1", '{"x":"1"}', 1, 1, AT),
                ("2", None, 2, 1, AT),
                ("3", None, 2, 2, AT),
            ]
            assert con.execute("select version from ops.layout").fetchall() == [
                (len(migrate.STEPS),)
            ]
            assert con.execute(
                "select delivery_no, stated_on from ops.files order by file_id"
            ).fetchall() == [(1, date(2026, 1, 31)), (2, None)]
    fresh = tmp_path / "fresh.duckdb"
    empty_warehouse(fresh).close()
    assert set(layout(fresh)) <= set(layout(path)), "a file that was migrated lacks nothing"


@pytest.mark.parametrize("version", range(len(migrate.STEPS)))
def test_every_step_can_be_the_first_that_lacks(tmp_path: Path, version: int) -> None:
    path = tmp_path / "build.duckdb"
    con = empty_warehouse(path)
    con.execute("update ops.layout set version = ?", [version])
    con.close()
    with connect(path) as con:
        assert con.execute("select version from ops.layout").fetchall() == [(len(migrate.STEPS),)]


def test_a_step_that_fails_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute(BEFORE_LANDED)

    def fail(con: duckdb.DuckDBPyConnection) -> None:
        raise duckdb.IOException("IO Error: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(migrate, "STEPS", (*migrate.STEPS[:1], fail, *migrate.STEPS[1:]))
        with pytest.raises(duckdb.IOException, match="No space left on device"):
            connect(path)
    with duckdb.connect(str(path)) as con:
        assert con.execute("select version from ops.layout").fetchall() == [(1,)]
    with connect(path) as con:
        assert con.execute("select count(*) from raw_hubspot.companies").fetchall() == [(3,)]


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    con = empty_warehouse(path)
    con.execute("update ops.layout set version = 99")
    con.close()
    with pytest.raises(UsageError, match="written by a later version of Throughline; upgrade"):
        connect(path)


def test_another_database_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create table somebody_elses (i integer)")
    with pytest.raises(UsageError, match="no warehouse of Throughline"):
        connect(path)
