"""Files that several processes read: the build file is the one that one process writes alone."""

import gzip
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from pipelines.ingest import beside, load, load_contracts, load_exports
from pipelines.ingest.ledger import Batch, Ledger, Paths
from pipelines.ingest.places import FoundFile
from pipelines.ingest.read import UnreadableError
from pipelines.ingest.redact import Redactor, digest
from pipelines.ingest.warehouse import connect
from tests.conftest import VENDOR_EXPORTS
from tests.warehouse import empty_warehouse

NOON = datetime(2026, 3, 1, 12)
EVENING = datetime(2026, 3, 1, 20)
COMPANIES = "Record ID,Company name,Company Domain Name,Number of Employees\n"
EVENT = (
    '{"event_date":"20260101","event_timestamp":"1767225600000000","event_name":"page_view",'
    '"user_pseudo_id":"%d.1","event_params":[]}\n'
)
CAMPAIGNS = (
    'Campaign report\n"January 1, 2026 - January 31, 2026"\n'
    "Day,Campaign,Currency code,Impr.,Clicks,Cost\n"
)
# What the writer itself reads: bytes that came twice, and what is no export that can be read.
TWIN, BROKEN, EMPTY = "twin.csv", "cut_off.csv.gz", "no_bytes.csv"


def companies(first: int, count: int = 3) -> str:
    return COMPANIES + "".join(
        f"{n},Company {n},c{n}.example,{n}\n" for n in range(first, first + count)
    )


def put(exports: Path, name: str, content: bytes | str, at: int) -> None:
    path = exports / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (at, at))


def of_every_kind(exports: Path) -> None:
    """Files of one stream and of others in turn, whole and damaged."""
    contents: dict[str, bytes | str] = {
        "a.csv": companies(1),
        "unknown.csv": "Record ID,Company name,Mood\n10,Ten,good\n",
        "bad_lines.csv": companies(20) + "21,too,many,cells,by,far\nshort\n",
        "latin.csv": (COMPANIES + "30,Café,cafe.example,1\n").encode("utf-16"),
        "header_alone.csv": COMPANIES,
        TWIN: companies(1),
        BROKEN: gzip.compress(companies(40).encode())[:-12],
        EMPTY: b"",
        "events.jsonl": "".join(EVENT % n for n in range(5)) + "no json\n",
        "events.jsonl.gz": gzip.compress("".join(EVENT % n for n in range(5, 9)).encode()),
        "large.csv": companies(1000, 32_000),
        "uneven.csv": companies(100_000, 32_000) + '7,"of two\nlines",x.example,1\n',
        "large.jsonl": "".join(EVENT % n for n in range(100, 9_000)),
        "google_ads/report.csv": CAMPAIGNS + '2026-01-13,Brand,EUR,"1,000",5,"1,50"\n',
        "a_photo.jpg": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8,
        "last.csv": companies(500),
    }
    for at, (name, content) in enumerate(contents.items(), start=1_700_000_000):
        put(exports, name, content, at)
    with zipfile.ZipFile(exports / "export.zip", "w") as archive:
        archive.writestr("companies.csv", companies(600))
        archive.writestr("readme.txt", "what this is")
        archive.writestr("more.csv", companies(700))
    with xlsxwriter.Workbook(exports / "book.xlsx") as book:
        for sheet in ("one", "two"):
            lines = (COMPANIES + f"{sheet},Of {sheet},x.example,1\n").splitlines()
            page = book.add_worksheet(sheet)
            for number, line in enumerate(lines):
                page.write_row(number, 0, line.split(","))


def content_of(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that came, where it lies, and all that is said of it; not when a batch began."""
    tables = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where schema_name in ('landed', 'ops') and table_name <> 'batches' order by all"
    ).fetchall()
    rows = {
        table: con.execute(f"select rowid, * from {table} order by rowid").fetchall()
        for (table,) in tables
    }
    rows["columns"] = con.execute(
        "select table_name, column_name, column_index from duckdb_columns()"
        " where schema_name = 'landed' order by all"
    ).fetchall()
    rows["batches"] = con.execute("select batch_id, loaded_at, status from ops.batches").fetchall()
    return rows


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few the files are."""
    monkeypatch.setattr(beside, "START_BYTES", 0)
    monkeypatch.setattr(beside, "HEAD_START_BYTES", 0)


@pytest.fixture
def read_by_writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What this process reads itself."""
    read: list[str] = []
    deliver = load.deliver

    def noted(con: duckdb.DuckDBPyConnection, found: FoundFile, batch: Any) -> None:
        read.append(found.relative)
        deliver(con, found, batch)

    monkeypatch.setattr(load, "deliver", noted)
    return read


def loaded(
    folder: Path,
    exports: Path,
    *,
    is_alone: bool,
    progress: Callable[[int, int, str], None] = lambda done, total, path: None,
    erased: Redactor | None = None,
    at: datetime = NOON,
) -> dict[str, list[tuple[Any, ...]]]:
    """What a load leaves, in a build file of its own."""
    path = folder / ("alone" if is_alone else "beside") / "build.duckdb"
    path.parent.mkdir(exist_ok=True)
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(connect(path) if path.exists() else empty_warehouse(path)) as con,
    ):
        if is_alone:
            patch.setattr(beside, "START_BYTES", sys.maxsize)
        con.execute("set threads = 2")
        load_exports(
            con,
            exports,
            contracts=load_contracts(),
            loaded_at=at,
            progress=progress,
            erased=erased,
        )
        assert con.execute("select current_setting('threads')").fetchall() == [(2,)]
        assert not (path.parent / "reading").exists()
        return content_of(con)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("together_rows", [1, 40_000])
def test_the_build_file_is_the_one_that_one_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_by_writer: list[str], together_rows: int
) -> None:
    """Whichever files share a transaction."""
    monkeypatch.setattr(beside, "TOGETHER_ROWS", together_rows)
    monkeypatch.setattr(load, "TOGETHER_BYTES", 0)
    exports = tmp_path / "exports"
    of_every_kind(exports)
    alone = loaded(tmp_path, exports, is_alone=True)
    assert len(read_by_writer) == 18
    read_by_writer.clear()
    assert loaded(tmp_path, exports, is_alone=False) == alone
    assert sorted(read_by_writer) == sorted([TWIN, BROKEN, EMPTY])
    assert len(alone["landed.hubspot__companies"]) > 64_000


@pytest.mark.usefixtures("eager")
def test_the_next_load_goes_on_alike(tmp_path: Path, read_by_writer: list[str]) -> None:
    """Small files together; bytes that came before are judged by the writer, others are not."""
    exports = tmp_path / "exports"
    of_every_kind(exports)
    for is_alone in (True, False):
        loaded(tmp_path, exports, is_alone=is_alone)
    put(exports, "large.csv", companies(1000, 32_001), 1_800_000_000)
    put(exports, "copies/uneven.csv", (exports / "uneven.csv").read_bytes(), 1_800_000_001)
    put(exports, "new.csv", "Record ID,Company name,Town\n9,Nine,Bern\n", 1_800_000_002)
    alone = loaded(tmp_path, exports, is_alone=True, at=EVENING)
    read_by_writer.clear()
    assert loaded(tmp_path, exports, is_alone=False, at=EVENING) == alone
    assert "copies/uneven.csv" in read_by_writer
    assert "large.csv" not in read_by_writer
    assert "new.csv" not in read_by_writer


@pytest.mark.slow
@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("small", [0, load.TOGETHER_BYTES])
def test_what_vendors_write_lands_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_by_writer: list[str], small: int
) -> None:
    """Every fixture there is; all of those that one process loads at once are taken over."""
    monkeypatch.setattr(load, "TOGETHER_BYTES", small)
    alone = loaded(tmp_path, VENDOR_EXPORTS, is_alone=True)
    read_by_writer.clear()
    assert loaded(tmp_path, VENDOR_EXPORTS, is_alone=False) == alone
    if not small:
        assert len(read_by_writer) < 20


@pytest.mark.usefixtures("eager")
def test_nobody_who_was_erased_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_by_writer: list[str]
) -> None:
    monkeypatch.setattr(load, "TOGETHER_BYTES", 0)
    exports, salt = tmp_path / "exports", b"k" * 32
    address = "anna@acme.example"
    for number in range(3):
        lines = f"{number},{address},2026-01-02 10:00\nrefused,{address},x,y,z\n"
        header = "Record ID,Email,Create Date\n"
        put(exports, f"{number}.csv", header + lines, 1_700_000_000 + number)
    erased = Redactor(salt, {digest(salt, "token", address): "erased-1"}, {"erased-1": "erased-1"})
    alone = loaded(tmp_path, exports, is_alone=True, erased=erased)
    read_by_writer.clear()
    assert loaded(tmp_path, exports, is_alone=False, erased=erased) == alone
    assert not read_by_writer
    said = str(alone)
    assert "erased-1" in said
    assert address not in said


@pytest.mark.usefixtures("eager")
def test_no_file_is_lost_with_a_process_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(load, "TOGETHER_BYTES", 0)
    exports = tmp_path / "exports"
    of_every_kind(exports)
    killed: list[int] = []

    def kill(number: int, total: int, path: str) -> None:
        if number == 4:
            victim = multiprocessing.active_children()[0]
            victim.kill()
            victim.join()
            killed.append(number)

    alone = loaded(tmp_path, exports, is_alone=True)
    with caplog.at_level(logging.WARNING):
        assert loaded(tmp_path, exports, is_alone=False, progress=kill) == alone
    assert killed
    assert [record.message for record in caplog.records] == [beside.ALONE]


@pytest.mark.usefixtures("eager")
def test_a_machine_that_starts_no_other_process_reads_with_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    read_by_writer: list[str],
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError("no shared memory")

    monkeypatch.setattr(beside, "ProcessPoolExecutor", refused)
    put(tmp_path / "exports", "a.csv", companies(1), 1_700_000_000)
    with caplog.at_level(logging.WARNING):
        loaded(tmp_path, tmp_path / "exports", is_alone=False)
    assert read_by_writer == ["a.csv"]
    assert [record.message for record in caplog.records] == [beside.ALONE]


@pytest.mark.usefixtures("eager")
def test_what_cannot_be_taken_over_is_read_by_the_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_by_writer: list[str]
) -> None:
    """Every group of the transaction, in its order."""
    monkeypatch.setattr(load, "TOGETHER_BYTES", 0)
    exports = tmp_path / "exports"
    of_every_kind(exports)
    alone = loaded(tmp_path, exports, is_alone=True)
    read_by_writer.clear()
    in_place, asked = beside.Beside._require_in_place, []

    def once(self: beside.Beside, *arguments: Any) -> None:
        asked.append(arguments)
        if len(asked) == 3:
            raise UnreadableError("a disk that is full")
        in_place(self, *arguments)

    monkeypatch.setattr(beside.Beside, "_require_in_place", once)
    assert loaded(tmp_path, exports, is_alone=False) == alone
    assert len(asked) > 3
    # Before unknown.csv, which brings a column, another transaction has ended.
    assert read_by_writer[:2] == ["unknown.csv", "bad_lines.csv"]


def test_few_files_are_read_by_one_process(tmp_path: Path) -> None:
    """Other processes would cost more than they read; what a killed run left goes all the same."""
    exports, left = tmp_path / "exports", tmp_path / "beside" / "reading" / "0.0.parquet"
    of_every_kind(exports)
    left.parent.mkdir(parents=True)
    left.touch()
    children: list[object] = []
    loaded(
        tmp_path,
        exports,
        is_alone=False,
        progress=lambda *_: children.extend(multiprocessing.active_children()),
    )
    assert not children


@pytest.mark.usefixtures("eager")
def test_a_home_whose_path_is_a_pattern_is_loaded_all_the_same(
    tmp_path: Path, read_by_writer: list[str]
) -> None:
    exports, home = tmp_path / "exports", tmp_path / "tenant=[a]"
    put(exports, "a.csv", companies(1), 1_700_000_000)
    home.mkdir()
    assert len(loaded(home, exports, is_alone=False)["landed.hubspot__companies"]) == 3
    assert read_by_writer == ["a.csv"]


def test_a_file_that_is_gone_is_for_the_writer_to_tell(tmp_path: Path) -> None:
    known = {3: frozenset({"the hash of other bytes"})}
    task = beside.Task(load_contracts(), "1", NOON, None, known, tmp_path, beside.MEMORY_BYTES)
    gone = FoundFile(tmp_path / "gone.csv", "gone.csv", 3, NOON)
    assert beside.Reader(task).read([gone], "0") is None


KILLED = """
import sys, time
from datetime import datetime
from pathlib import Path
import multiprocessing
from pipelines.ingest import beside, load_contracts, load_exports
from pipelines.ingest.warehouse import connect

def wait(number, total, path):
    if number == 3:
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        time.sleep(60)

if __name__ == "__main__":
    beside.START_BYTES = beside.HEAD_START_BYTES = 0
    folder = Path(sys.argv[1])
    con = connect(folder / "build.duckdb")
    con.execute("set threads = 2")
    load_exports(
        con, folder / "exports", contracts=load_contracts(), loaded_at=datetime(2026, 3, 1),
        progress=wait,
    )
"""


def test_processes_end_with_the_writer(tmp_path: Path) -> None:
    """However that ends."""
    of_every_kind(tmp_path / "exports")
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as writer:
        assert writer.stdout is not None
        readers = [int(pid) for pid in writer.stdout.readline().split()]
        writer.send_signal(signal.SIGKILL)
    assert readers
    until = time.monotonic() + 20
    while any(
        Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_text()
        for pid in readers
    ):
        assert time.monotonic() < until, "a process reads on for nobody"
        time.sleep(0.1)


@pytest.mark.usefixtures("eager")
def test_a_column_that_comes_after_many_rows_is_added_in_a_transaction_of_its_own(
    tmp_path: Path, read_by_writer: list[str]
) -> None:
    """DuckDB 1.5 ends for good where a table is altered that a transaction gave a row group."""
    exports = tmp_path / "exports"
    put(exports, "first.csv", companies(1, 130_000), 1_700_000_000)
    header, *lines = companies(200_000, 130_000).splitlines()
    more = "\n".join([f"{header},Mood", *(f"{line},good" for line in lines), ""])
    put(exports, "second.csv", more, 1_700_000_001)
    put(exports, "third.csv", companies(400_000, 10), 1_700_000_002)
    alone = loaded(tmp_path, exports, is_alone=True)
    read_by_writer.clear()
    assert loaded(tmp_path, exports, is_alone=False) == alone
    assert read_by_writer == []
    assert len(alone["landed.hubspot__companies"]) == 260_010


def test_of_small_files_that_are_many_rows_a_new_column_is_added_alone(tmp_path: Path) -> None:
    """As above, where small files share a transaction."""
    exports = tmp_path / "exports"
    for number in range(44):
        packed = gzip.compress(companies(1 + number * 6_000, 6_000).encode())
        assert len(packed) <= load.TOGETHER_BYTES
        put(exports, f"{number}.csv.gz", packed, 1_700_000_000 + 2 * number)
    mood = "Record ID,Company name,Mood\n1,One,good\n"
    put(exports, "mood.csv", mood, 1_700_000_000 + 2 * 22 - 1)
    left = loaded(tmp_path, exports, is_alone=True)
    assert len(left["landed.hubspot__companies"]) == 44 * 6_000 + 1


@pytest.mark.parametrize(
    ("suffix", "mebibytes", "is_worth_it"),
    [(".csv", 20, True), (".csv", 10, False), (".jsonl", 20, False), (".jsonl.gz", 2, True)],
)
def test_other_processes_read_what_takes_longer_than_their_start(
    suffix: str, mebibytes: int, is_worth_it: bool, tmp_path: Path
) -> None:
    """Ten files of each kind; packed lines take many times, plain ones a quarter as long as CSV."""
    groups = [
        [FoundFile(tmp_path, f"{number}{suffix}", mebibytes * 1024**2, NOON)]
        for number in range(10)
    ]
    with closing(empty_warehouse(tmp_path / "build.duckdb")) as con:
        batch = Batch(1, NOON, [], "", Ledger(con), Paths(set()))
        assert bool(beside._worth_it(groups, batch)) == is_worth_it
