"""Which bytes are news, what the environment did, and paths that are only paths."""

import gzip
import hashlib
import logging
import os
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest import deliver, load_contracts, plan_load
from pipelines.ingest.environment import PendingError, is_passing
from pipelines.ingest.places import find_files
from pipelines.ingest.read import FileToRead, Reading
from pipelines.ingest.read.read import Reader
from pipelines.ingest.relations import set_clock
from pipelines.progress import show_progress
from pipelines.settings import utc_now, without_credentials
from tests.unit.test_ingest import GOOD, HEADER, Warehouse
from tests.warehouse import empty_warehouse

A = HEADER + "1,Alpha,alpha.example,10\n"
B = HEADER + "1,Alpha,alpha.example,99\n"
C = HEADER + "9,Gamma,gamma.example,1\n"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    exports = tmp_path / "exports"
    exports.mkdir()
    con = empty_warehouse(tmp_path / "build.duckdb")
    yield Warehouse(con, exports)
    con.close()


def touch(path: Path, hours: int) -> Path:
    """Give a file a time of change that many hours after a fixed one."""
    os.utime(path, (1_770_000_000 + 3600 * hours,) * 2)
    return path


def lines(warehouse: Warehouse, path: str) -> list[str]:
    rows = warehouse.con.execute(
        "select status from ops.files where path = ? order by file_id", [path]
    ).fetchall()
    return [status for (status,) in rows]


def newest(warehouse: Warehouse) -> str:
    """How many employees Alpha has, as of the last load."""
    set_clock(warehouse.con, warehouse.at)
    rows = warehouse.con.execute(
        "select number_of_employees from current_hubspot.companies where record_id = '1'"
    ).fetchall()
    return str(rows[0][0])


# --- the same bytes again


def test_bytes_that_others_replaced_come_back(warehouse: Warehouse) -> None:
    for hour, content in enumerate((A, B, A)):
        touch(warehouse.put("companies.csv", content), hour)
        warehouse.load()
    assert lines(warehouse, "companies.csv") == ["loaded"] * 3
    assert newest(warehouse) == "10"
    message = warehouse.con.execute("select message from ops.files order by file_id").fetchall()[2]
    assert "its bytes came before, in batch 1 as companies.csv, and others since" in message[0]
    warehouse.load()
    assert warehouse.rows("ops.files") == 3


def test_bytes_come_back_with_the_time_that_they_had(warehouse: Warehouse) -> None:
    for hour, content in ((1, A), (2, B), (1, A)):
        touch(warehouse.put("companies.csv", content), hour)
        warehouse.load()
    assert newest(warehouse) == "10"


@pytest.mark.parametrize("is_newest", [True, False])
def test_a_file_that_was_touched_or_renamed_is_no_news(
    warehouse: Warehouse, is_newest: bool
) -> None:
    path = touch(warehouse.put("a.csv", A), 1)
    warehouse.load()
    if not is_newest:
        touch(warehouse.put("b.csv", B), 2)
        warehouse.load()
    rows = warehouse.rows("raw_hubspot.companies")
    touch(path, 5)
    warehouse.load()
    assert lines(warehouse, "a.csv") == ["loaded", "duplicate"]
    path.rename(warehouse.exports / "renamed.csv")
    warehouse.load()
    assert lines(warehouse, "renamed.csv") == ["duplicate"]
    assert warehouse.rows("raw_hubspot.companies") == rows


def test_a_copy_beside_its_file_is_news_where_others_came_since(warehouse: Warehouse) -> None:
    path = touch(warehouse.put("a.csv", A), 1)
    warehouse.load()
    shutil.copy(path, warehouse.exports / "copy of the newest.csv")
    warehouse.load()
    assert lines(warehouse, "copy of the newest.csv") == ["duplicate"]
    touch(warehouse.put("b.csv", B), 2)
    warehouse.load()
    assert newest(warehouse) == "99"
    shutil.copy(path, warehouse.exports / "a (1).csv")
    warehouse.load()
    assert lines(warehouse, "a (1).csv") == ["loaded"]
    assert newest(warehouse) == "10"


def test_a_folder_that_was_copied_with_its_times_is_no_news(warehouse: Warehouse) -> None:
    for hour, (name, content) in enumerate({"z.csv": A, "a.csv": B}.items()):
        touch(warehouse.put(f"now/{name}", content), hour)
        warehouse.load()
    shutil.copytree(warehouse.exports / "now", warehouse.exports / "kept")
    warehouse.load()
    assert lines(warehouse, "kept/z.csv") == lines(warehouse, "kept/a.csv") == ["duplicate"]
    assert newest(warehouse) == "99"


def test_names_that_move_on_are_no_news(warehouse: Warehouse) -> None:
    touch(warehouse.put("report.csv", A), 1)
    warehouse.load()
    (warehouse.exports / "report.csv").rename(warehouse.exports / "report.old.csv")
    touch(warehouse.put("report.csv", B), 2)
    warehouse.load()
    assert lines(warehouse, "report.old.csv") == ["duplicate"]
    assert newest(warehouse) == "99"


def test_an_archive_comes_back_with_what_it_holds(warehouse: Warehouse) -> None:
    for hour, content in enumerate((A, B, A)):
        with zipfile.ZipFile(warehouse.exports / "export.zip", "w") as archive:
            archive.writestr("companies.csv", content)
            archive.writestr("same.csv", C)
        touch(warehouse.exports / "export.zip", hour)
        warehouse.load()
    assert lines(warehouse, "export.zip/companies.csv") == ["loaded"] * 3
    assert lines(warehouse, "export.zip/same.csv") == ["loaded"]
    assert newest(warehouse) == "10"


# --- a path is a path


NAMES = [
    "report[1].csv",
    "all*.csv",
    "d[1]/report.csv",
    "what?.csv",
    "{a,b}.csv",
    "it's.csv",
    'so "called".csv',
    "back\\slash[1].csv",
    "day=2026-01-01/report.csv",
    "not packed.csv.gz",
]


@pytest.mark.parametrize(
    ("options", "table", "columns"),
    [
        ("csv", "hubspot.companies", ("Record ID", "Company name", "Company Domain Name")),
        ("json", "asana.tasks", ("gid", "name", "completed")),
        ("json, array true", "asana.tasks", ("gid", "name", "completed")),
        ("parquet", "asana.tasks", ("gid", "name", "completed")),
    ],
)
def test_a_path_is_no_pattern(
    warehouse: Warehouse, options: str, table: str, columns: tuple[str, str, str]
) -> None:
    key, name_column, third = columns
    names = ["report1.csv", "all2.csv", "d1/report.csv", "whatx.csv", *NAMES]
    plain = warehouse.exports.parent / "plain"
    for number, name in enumerate(names):
        row = f"""select '{number}' as "{key}", 'Name' as "{name_column}", 'x' as "{third}\""""
        duckdb.sql(f"copy ({row}) to '{plain}' (format {options})")
        warehouse.put(name, plain.read_bytes())
    warehouse.load()
    statuses = warehouse.con.execute("select path, status, message from ops.files").fetchall()
    assert [row for row in statuses if row[1] != "loaded"] == []
    found = warehouse.con.execute(f"select columns(*)::varchar from raw_{table}").fetchall()
    assert sorted(int(next(filter(None, row))) for row in found) == list(range(len(names)))
    extra = warehouse.con.execute(f"select distinct _extra from raw_{table}").fetchall()
    assert extra == [(None,)], "no folder is a column"


def test_what_cannot_be_a_file_is_listed_and_the_rest_goes_on(warehouse: Warehouse) -> None:
    warehouse.put("good.csv", GOOD)
    (Path(os.fsdecode(os.fsencode(warehouse.exports) + b"/caf\xe9.csv"))).write_text(A)
    warehouse.put("two\nlines.csv", A)
    (warehouse.exports / "inner").mkdir()
    (warehouse.exports / "inner" / "back").symlink_to(warehouse.exports)
    (warehouse.exports / "itself").symlink_to("itself")
    (warehouse.exports / "nowhere.csv").symlink_to("gone.csv")
    os.mkfifo(warehouse.exports / "pipe")
    warehouse.load()
    rows = warehouse.con.execute("select path, status, message from ops.files").fetchall()
    said = {path: (status, message) for path, status, message in rows}
    assert said.pop("good.csv")[0] == "loaded"
    assert set(said) == {
        *("caf\\xe9.csv", "two\\x0alines.csv", "inner/back", "itself", "nowhere.csv", "pipe"),
    }
    assert {status for status, _ in said.values()} == {"failed"}
    for path, reason in {
        "caf\\xe9.csv": "no text of one line in UTF-8; rename it",
        "two\\x0alines.csv": "no text of one line in UTF-8; rename it",
        "inner/back": "a link to a folder that it lies in",
        "itself": "a link that leads nowhere",
        "nowhere.csv": "a link that leads nowhere",
        "pipe": "neither a file nor a folder",
    }.items():
        assert reason in said[path][1]
        assert "\n" not in said[path][1]
    warehouse.load()
    assert warehouse.rows("ops.batches") == 1


# --- what the environment did


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        PermissionError(13, "Permission denied"),
        FileNotFoundError(2, "No such file or directory"),
        duckdb.IOException("IO Error: Could not write file: No space left on device"),
        duckdb.OutOfMemoryException("failed to offload data block"),
        PendingError("the store did not hand it over (timeout)"),
    ],
)
def test_what_the_environment_did_is_tried_again(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    warehouse.put("other.csv", C)
    warehouse.load()
    warehouse.put("companies.csv", A)
    with monkeypatch.context() as patched:
        patched.setattr(deliver, "read_file", fail)
        warehouse.load()
    entry = warehouse.entry("companies.csv")
    assert (entry["status"], entry["source"], entry["stream"]) == (
        *("pending", "hubspot", "companies"),
    )
    assert "could not be read now" in str(entry["message"])
    assert warehouse.rows("ops.batches") == 1, "the clock stays where it was"
    warehouse.load()
    assert warehouse.entry("companies.csv")["status"] == "loaded"
    assert newest(warehouse) == "10"


def test_what_was_pending_may_be_no_news(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.put("companies.csv", A)
    warehouse.load()
    warehouse.put("copy.csv", A)
    with monkeypatch.context() as patched:
        patched.setattr(deliver, "look", lambda *_: (_ for _ in ()).throw(PermissionError(13, "")))
        warehouse.load()
    assert lines(warehouse, "copy.csv") == ["pending"]
    warehouse.load()
    assert lines(warehouse, "copy.csv") == ["duplicate"]


@pytest.fixture(params=[deliver.HASHED_AT_ONCE_BYTES, 0], ids=["before", "beside"])
def _hashed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are hashed first, others of a size that is new while they are read."""
    monkeypatch.setattr(deliver, "HASHED_AT_ONCE_BYTES", request.param)


@pytest.mark.usefixtures("_hashed")
def test_the_hash_is_of_the_bytes_whenever_it_is_taken(warehouse: Warehouse) -> None:
    paths = [warehouse.put("companies.csv", A), warehouse.put("notes.csv", "colour,size\nred,1\n")]
    warehouse.load()
    for path in paths:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        assert warehouse.entry(path.name)["sha256"] == sha256
    warehouse.put("companies (1).csv", A)
    warehouse.load()
    assert lines(warehouse, "companies (1).csv") == ["duplicate"]


@pytest.mark.usefixtures("_hashed")
def test_a_file_that_changes_while_it_is_read_is_tried_again(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = warehouse.put("companies.csv", A)
    real = deliver.read_file

    def replaced(*arguments: object, **options: object) -> object:
        reading = real(*arguments, **options)  # type: ignore[arg-type]
        path.write_text(B)
        return reading

    with monkeypatch.context() as patched:
        patched.setattr(deliver, "read_file", replaced)
        warehouse.load()
    assert warehouse.entry("companies.csv")["status"] == "pending"
    assert "written to, or replaced, while it was read" in str(
        warehouse.entry("companies.csv")["message"]
    )
    assert warehouse.rows("raw_hubspot.companies") == 0
    warehouse.load()
    assert newest(warehouse) == "99"


def test_what_is_pending_and_goes_is_forgotten(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.put("other.csv", C)
    path = warehouse.put("companies.csv", A)
    with monkeypatch.context() as patched:
        patched.setattr(
            deliver,
            "state_of",
            lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied")),
        )
        warehouse.load()
    assert lines(warehouse, "companies.csv") == ["pending"]
    path.unlink()
    warehouse.load()
    assert lines(warehouse, "companies.csv") == []


def test_what_the_file_is_is_not_the_environments() -> None:
    assert not is_passing(gzip.BadGzipFile("Not a gzipped file"))
    assert not is_passing(duckdb.InvalidInputException("Malformed JSON"))
    assert not is_passing(UnicodeDecodeError("utf-8", b"", 0, 1, "invalid"))


def test_one_file_among_many_that_cannot_be_read_keeps_none_from_loading(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = deliver.read_file, []

    def fail_on_one(con: duckdb.DuckDBPyConnection, file: FileToRead, reader: Reader) -> Reading:
        asked.append(file.path.name)
        if file.path.name == "13.csv":
            raise ValueError("odd beyond reading")
        return real(con, file, reader)

    monkeypatch.setattr(deliver, "read_file", fail_on_one)
    for number in range(30):
        warehouse.put(f"{number}.csv", f"{HEADER}{number},Company {number},c.example,1\n")
    warehouse.load()
    assert warehouse.entry("13.csv")["status"] == "failed"
    assert "odd beyond reading" in str(warehouse.entry("13.csv")["message"])
    assert warehouse.con.execute(
        "select count(*), count(distinct record_id), count(distinct _file_id),"
        " min(_row_number), max(_row_number) from raw_hubspot.companies"
    ).fetchall() == [(29, 29, 29, 1, 1)]
    assert warehouse.rows("ops.files") == 30
    assert asked.count("13.csv") == 2, "with the others, and by itself"


def test_a_failed_file_has_the_stream_that_its_path_had(warehouse: Warehouse) -> None:
    warehouse.put("companies.csv", A)
    warehouse.load()
    warehouse.put("companies.csv", b"PK\x03\x04 cut off")
    warehouse.load()
    (row,) = warehouse.con.execute(
        "select status, source, stream from ops.files where status <> 'loaded'"
    ).fetchall()
    assert row == ("failed", "hubspot", "companies")


# --- hints and clocks


def test_hints_that_cannot_be_used_hold_back_the_files_below_them(warehouse: Warehouse) -> None:
    warehouse.put("good.csv", GOOD)
    warehouse.put("below/companies.csv", C)
    warehouse.put("below/throughline.yml", "date_order: sideways\n")
    warehouse.load()
    assert warehouse.entry("good.csv")["status"] == "loaded"
    entry = warehouse.entry("below/companies.csv")
    assert entry["status"] == "pending"
    assert "below/throughline.yml: date_order is 'sideways'; expected 'dmy' or 'mdy'" in str(
        entry["message"]
    )
    warehouse.put("below/throughline.yml", "date_order: dmy\n")
    warehouse.load()
    assert warehouse.entry("below/companies.csv")["status"] == "loaded"


def test_what_a_killed_load_left_is_news(warehouse: Warehouse) -> None:
    warehouse.put("good.csv", GOOD)
    warehouse.load()
    warehouse.con.execute("update ops.batches set status = 'running'")
    plan = plan_load(warehouse.con, warehouse.exports, load_contracts())
    assert (plan.new_files, plan.is_empty) == ((), False)
    warehouse.load()
    assert warehouse.con.execute("select status from ops.batches order by 1").fetchall() == [
        ("interrupted",),
        ("loaded",),
    ]


def test_a_clock_that_was_ahead_is_named(
    warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    ahead = utc_now() + timedelta(days=400)
    warehouse.con.execute("insert into ops.batches values (1, ?, ?, ?, 'loaded')", [ahead] * 3)
    warehouse.put("good.csv", GOOD)
    warehouse.load()
    assert "which is yet to come: a clock was ahead" in caplog.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("s3://key:sec/ret@bucket/x", "s3://bucket/x"),
        ("https://user:pass@host/p?sig=abc&x=1", "https://host/p"),
        ("https://token@host/p", "https://host/p"),
        ("s3://bucket/a@b/c.csv cannot be listed", "s3://bucket/a@b/c.csv cannot be listed"),
    ],
)
def test_no_url_says_a_secret(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


def test_a_folder_may_be_linked_twice(warehouse: Warehouse) -> None:
    warehouse.put("real/companies.csv", A)
    (warehouse.exports / "link").symlink_to("real")
    assert [file.relative for file in find_files(warehouse.exports)] == [
        "link/companies.csv",
        "real/companies.csv",
    ]


def test_no_log_says_a_secret(tmp_path: Path) -> None:
    with show_progress(tmp_path / "logs") as log:
        logging.getLogger("pipelines").warning("s3://key:secret@bucket/x cannot be listed")
    assert "s3://bucket/x cannot be listed" in log.read_text()
