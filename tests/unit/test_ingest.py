"""The loader on whatever lies in a folder: nothing lost, nothing silent, the rest goes on."""

import codecs
import gzip
import json
import multiprocessing
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest import load_contracts, load_exports
from pipelines.ingest.load import next_batch_time
from pipelines.ingest.places import find_files
from tests.warehouse import empty_warehouse

NOON = datetime(2026, 3, 1, 12)
HEADER = "Record ID,Company name,Company Domain Name,Number of Employees\n"
GOOD = HEADER + "1,Alpha,alpha.example,10\n2,Beta,beta.example,20\n"


@dataclass
class Warehouse:
    """A build file and an exports folder with one good file, which must always load."""

    con: duckdb.DuckDBPyConnection
    exports: Path
    at: datetime = NOON

    def put(self, name: str, content: bytes | str) -> Path:
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self) -> None:
        self.at += timedelta(hours=1)
        load_exports(self.con, self.exports, contracts=load_contracts(), loaded_at=self.at)

    def entry(self, name: str) -> dict[str, object]:
        result = self.con.execute("select * from ops.files where path = ?", [name])
        names = [column[0] for column in result.description]
        rows = result.fetchall()
        assert len(rows) == 1, f"{name} has {len(rows)} rows in the ledger"
        entry = dict(zip(names, rows[0], strict=True))
        assert entry["rows_read"] == (
            entry["rows_loaded"] + entry["rows_rejected"] + entry["rows_skipped"]
        )
        return entry

    def rejected(self) -> list[tuple[object, ...]]:
        return self.con.execute(
            "select line_number, reason, row_text, message from ops.rejected_rows order by all"
        ).fetchall()

    def rows(self, table: str) -> int:
        return int(self.con.execute(f"select count(*) from {table}").fetchall()[0][0])


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "good.csv").write_text(GOOD)
    con = empty_warehouse(tmp_path / "build.duckdb")
    yield Warehouse(con, exports)
    good = con.execute("select status, rows_loaded from ops.files where path = 'good.csv'")
    assert good.fetchall() == [("loaded", 2)], "the other files still load"
    con.close()


def test_many_files_are_put_in_order_at_once(warehouse: Warehouse) -> None:
    """What lies beside a file's rows is written anew each time."""
    asked = "select current_setting('checkpoint_threshold')"
    during = []
    load_exports(
        warehouse.con,
        warehouse.exports,
        contracts=load_contracts(),
        loaded_at=NOON,
        progress=lambda *_: during.append(warehouse.con.execute(asked).fetchone()),
    )
    assert during == [("256.0 MiB",)]


def test_zero_bytes(warehouse: Warehouse) -> None:
    warehouse.put("zero.csv", b"")
    warehouse.load()
    entry = warehouse.entry("zero.csv")
    assert entry["status"] == "failed"
    assert entry["message"] == (
        "zero.csv has no bytes; expected an export with a header. Download it again"
    )


def test_header_only(warehouse: Warehouse) -> None:
    warehouse.put("header.csv", HEADER)
    warehouse.load()
    entry = warehouse.entry("header.csv")
    assert (entry["status"], entry["rows_read"]) == ("empty", 0)
    assert entry["message"] == "header.csv: it has a header and no rows"


@pytest.mark.parametrize("cut", [40, 200, 900])
def test_truncated_gzip_keeps_nothing(warehouse: Warehouse, cut: int) -> None:
    lines = "".join(json.dumps(event(n)) + "\n" for n in range(200))
    whole = gzip.compress(lines.encode())
    warehouse.put("events.json.gz", whole[: len(whole) - cut])
    warehouse.load()
    entry = warehouse.entry("events.json.gz")
    assert entry["status"] in ("failed", "unrecognised")
    assert "again" in str(entry["message"])
    assert warehouse.rows("raw_ga4.events") == 0


def test_truncated_json_lines_quarantine_the_last_line(warehouse: Warehouse) -> None:
    lines = "".join(json.dumps(event(n)) + "\n" for n in range(3))
    warehouse.put("events.jsonl", lines[:-30])
    warehouse.load()
    assert warehouse.entry("events.jsonl")["rows_loaded"] == 2, warehouse.entry("events.jsonl")[
        "message"
    ]
    ((line, reason, text, message),) = warehouse.rejected()
    assert (line, reason) == (3, "no JSON")
    assert text == lines.splitlines()[2][:-29]
    assert message == "line 3 is no JSON object; the line is cut off or damaged; export again"


def test_truncated_csv_quarantines_the_open_quote(warehouse: Warehouse) -> None:
    warehouse.put("cut.csv", HEADER + '1,Alpha,alpha.example,10\n2,"Beta and mo')
    warehouse.load()
    assert warehouse.entry("cut.csv")["rows_loaded"] == 1
    ((line, reason, text, _),) = warehouse.rejected()
    assert (line, reason) == (3, "open quote")
    assert '2,"Beta and mo' in str(text)


def test_wrong_encoding_quarantines_the_lines_it_cannot_read(warehouse: Warehouse) -> None:
    text = HEADER + "1,Alpha,a.example,1\n2,Müller,m.example,2\n3,Beta,b.example,3\n"
    warehouse.put("latin.csv", text.encode("latin-1"))
    warehouse.load()
    assert warehouse.entry("latin.csv")["rows_loaded"] == 2
    ((line, reason, _, message),) = warehouse.rejected()
    assert (line, reason) == (3, "not UTF-8")
    assert message == "line 3 is not UTF-8; export again as UTF-8"


def test_nul_bytes_quarantine_their_line(warehouse: Warehouse) -> None:
    warehouse.put("nul.csv", HEADER.encode() + b"1,Al\x00pha,a.example,1\n2,Beta,b.example,2\n")
    warehouse.load()
    assert warehouse.entry("nul.csv")["rows_loaded"] == 1
    ((line, reason, text, _),) = warehouse.rejected()
    assert (line, reason, text) == (2, "NUL byte", "1,Al\\0pha,a.example,1")


def test_missing_required_column_names_it(warehouse: Warehouse) -> None:
    warehouse.put("companies.csv", "Company name,Company Domain Name,Industry\nA,a.example,X\n")
    warehouse.load()
    entry = warehouse.entry("companies.csv")
    assert entry["status"] == "unrecognised"
    assert entry["nearest_contract"] == "hubspot.companies"
    assert entry["missing_columns"] == "Record ID"
    assert "also needs Record ID" in str(entry["message"])


def test_a_file_in_a_streams_own_folder_was_meant_to_be_one(warehouse: Warehouse) -> None:
    warehouse.put("hubspot/companies/x.csv", "Company name,Industry\nA,X\n")
    warehouse.load()
    assert warehouse.entry("hubspot/companies/x.csv")["status"] == "failed"


def test_unknown_extra_column_is_kept(warehouse: Warehouse) -> None:
    warehouse.put("extra.csv", "Record ID,Company name,Mood,Mood\n7,Alpha,sunny,calm\n")
    warehouse.load()
    entry = warehouse.entry("extra.csv")
    assert (entry["status"], entry["extra_columns"]) == ("loaded", "Mood, Mood")
    (row,) = warehouse.con.execute(
        "select _extra from raw_hubspot.companies where record_id = '7'"
    ).fetchall()
    assert json.loads(row[0]) == {"Mood": "sunny", "Mood (2)": "calm"}


def test_a_file_nobody_knows_is_told_what_to_do_next(warehouse: Warehouse) -> None:
    """Only a neighbour that is near is named, and no regular expression is shown to people."""
    warehouse.put("my pods.csv", "Date,Show,Cost,Clicks\n2026-08-01,x,1,2\n")
    warehouse.put("ids.csv", "id,name,colour\n1,x,red\n")
    warehouse.put("ga4.csv", "Event name,Event count,Total users\nclick,3,2\n")
    warehouse.put("ga4/reports/ga4.csv", "Page path,Event name,Event count\n/,click,3\n")
    warehouse.load()
    for name, columns in (
        ("my pods.csv", "Date, Show, Cost, Clicks"),
        ("ids.csv", "id, name, col"),
    ):
        entry = warehouse.entry(name)
        assert (entry["status"], entry["nearest_contract"]) == ("unrecognised", None)
        message = str(entry["message"])
        assert f"is near none: its columns are {columns}" in message
        assert message.endswith(f"throughline contract new {shlex.quote(name)} --config DIR")
    for name in ("ga4.csv", "ga4/reports/ga4.csv"):
        message = str(warehouse.entry(name)["message"])
        assert message.endswith(f"throughline contract new {name} --config DIR")
        assert not set("^[]*\\").intersection(message)
        assert "the nearest is ga4.reports, but its first lines are not those of a GA4" in message


def test_renamed_header_is_suggested(warehouse: Warehouse) -> None:
    warehouse.put("deals.csv", "Record ID,Deal Name,Deal Stage,Creation Date\n1,D,Closed Won,x\n")
    warehouse.load()
    message = str(warehouse.entry("deals.csv")["message"])
    assert "is 'Creation Date' the column 'Create Date'?" in message


def test_a_known_alias_is_the_same_column(warehouse: Warehouse) -> None:
    warehouse.put("deals.csv", "hs_object_id,dealname,DEALSTAGE,createdate\n1,D,Closed Won,x\n")
    warehouse.load()
    assert warehouse.entry("deals.csv")["stream"] == "deals"


def test_too_few_and_too_many_fields_name_the_line_in_the_file(warehouse: Warehouse) -> None:
    rows = '1,"Al\npha",a.example,1\n2,Beta\n3,Gamma,g.example,3,4\n4,Delta,d.example,4\n'
    warehouse.put("fields.csv", HEADER + rows)
    warehouse.load()
    entry = warehouse.entry("fields.csv")
    assert (entry["rows_loaded"], entry["rows_rejected"]) == (2, 2)
    # The first record spans two lines: an editor shows the short one on line 4.
    assert [(line, reason, text) for line, reason, text, _ in warehouse.rejected()] == [
        (4, "too few fields", "2,Beta"),
        (5, "too many fields", "3,Gamma,g.example,3,4"),
    ]


def test_unparsable_cells_stay_in_raw(warehouse: Warehouse) -> None:
    warehouse.put("cells.csv", HEADER + "9,Alpha,a.example,about ten\n")
    warehouse.load()
    (row,) = warehouse.con.execute(
        "select number_of_employees from raw_hubspot.companies where record_id = '9'"
    ).fetchall()
    assert row == ("about ten",)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("slides.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF document"),
        ("shot.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture"),
        ("book.csv", b"PK\x03\x04\x14\x00\x06\x00", "a damaged archive"),
        ("noise.csv", bytes(range(256)) * 8, "binary data"),
        ("feed.csv", b'<?xml version="1.0"?>\n<a b="1,2"/>', "an XML or HTML document"),
        ("gone.csv", b"\n<!DOCTYPE html>\n<title>Gone, sorry</title>", "an XML or HTML document"),
        ("sheet.xls", b"<table border=1>\n<tr><td>a,b</td></tr>", "an XML or HTML document"),
    ],
)
def test_no_table_at_all(warehouse: Warehouse, name: str, content: bytes, what: str) -> None:
    warehouse.put(name, content)
    warehouse.load()
    entry = warehouse.entry(name)
    assert entry["status"] == "unrecognised"
    assert entry["message"] == (
        f"{name} is {what}, no export; expected CSV, Excel, JSON or Parquet."
        " Download the export again in one of these, or move the file away"
    )


def test_the_same_bytes_twice_are_loaded_once(warehouse: Warehouse) -> None:
    warehouse.put("later/copy of good.csv", GOOD)
    os.utime(warehouse.exports / "good.csv", (0, 0))
    warehouse.load()
    entry = warehouse.entry("later/copy of good.csv")
    assert entry["status"] == "duplicate"
    assert "same bytes as good.csv" in str(entry["message"])
    assert warehouse.rows("raw_hubspot.companies") == 2


def _walk_as_nobody(
    folder: Path, results: "multiprocessing.Queue[list[tuple[str, str | None]]]"
) -> None:
    if os.geteuid() == 0:
        os.setuid(65534)
    results.put([(found.relative, found.error) for found in find_files(folder)])


def test_a_folder_without_read_permission_is_listed() -> None:
    # Not below pytest's own folder, which only its owner may enter.
    tmp_path = Path(tempfile.mkdtemp())
    tmp_path.chmod(0o755)
    (tmp_path / "open.csv").write_text(GOOD)
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o000)
    fork = multiprocessing.get_context("fork")
    results = fork.Queue()
    process = fork.Process(target=_walk_as_nobody, args=(tmp_path, results))
    process.start()
    found = results.get(timeout=20)
    process.join()
    shutil.rmtree(tmp_path)
    assert sorted(found) == [("locked", "Permission denied"), ("open.csv", None)]


def test_an_unreadable_folder_is_a_row_of_the_ledger(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_files(warehouse.exports)
    locked = type(real[0])(warehouse.exports / "x", "x", None, NOON, "Permission denied", True)
    monkeypatch.setattr("pipelines.ingest.load.find_files", lambda _: (*real, locked))
    warehouse.load()
    entry = warehouse.entry("x")
    assert entry["status"] == "pending", "the folder is not to blame"
    assert "Permission denied; nothing of it was read" in str(entry["message"])
    warehouse.load()
    assert warehouse.entry("x")["status"] == "pending"
    assert warehouse.rows("ops.batches") == 1, "what is left for later again is no batch"


def test_nothing_new_is_no_batch(warehouse: Warehouse) -> None:
    warehouse.load()
    before = warehouse.con.execute("select * from ops.files").fetchall()
    warehouse.load()
    assert warehouse.con.execute("select * from ops.files").fetchall() == before
    assert warehouse.rows("ops.batches") == 1


def test_google_ads_totals_preamble_and_period(warehouse: Warehouse) -> None:
    report = (
        'Campaign report\n"July 8, 2025 - July 31, 2025"\n'
        "Campaign status,Campaign,Currency code,Impr.,Cost\n"
        'Enabled,alpha,INR,"25,881",1661.67\nEnabled,beta,INR,"20,287",904.25\n'
        'Total: Campaigns, --,INR,"46,168",2565.92\nTotal: Account,,INR,,2565.92\n'
    )
    warehouse.put("utf8.csv", report)
    warehouse.put(
        "utf16.csv",
        codecs.BOM_UTF16_LE
        + report.replace(",C", "\tC")
        .replace(
            "status\tCampaign\tCurrency code,Impr.\tCost",
            "status\tCampaign\tCurrency code\tImpr.\tCost",
        )
        .replace("Enabled,alpha,INR,", "Enabled\tgamma\tINR\t")
        .replace("Enabled,beta,INR,", "Enabled\tdelta\tINR\t")
        .replace('",1661.67', '"\t1661.67')
        .replace('",904.25', '"\t904.25')
        .replace(
            'Total: Campaigns, --,INR,"46,168",2565.92',
            'Total: Campaigns\t --\tINR\t"46,168"\t2565.92',
        )
        .replace("Total: Account,,INR,,2565.92", "Total: Account\t\tINR\t\t2565.92")
        .encode("utf-16-le"),
    )
    warehouse.load()
    for name, delimiter in (("utf8.csv", ","), ("utf16.csv", "\t")):
        entry = warehouse.entry(name)
        assert (entry["status"], entry["delimiter"]) == ("loaded", delimiter), entry["message"]
        # Two lines of preamble and two of totals.
        assert (entry["rows_loaded"], entry["rows_skipped"]) == (2, 4)
        assert str(entry["period_start"]) == "2025-07-08"
        assert str(entry["period_end"]) == "2025-07-31"
    (spend,) = warehouse.con.execute(
        "select sum(cast(cost as decimal(18, 2))) from raw_google_ads.campaign_report"
    ).fetchall()
    assert str(spend[0]) == "5131.84"


def event(number: int) -> dict[str, object]:
    return {
        "event_date": "20260301",
        "event_timestamp": str(1772366400000000 + number),
        "event_name": "page_view",
        "event_params": [{"key": "ga_session_id", "value": {"int_value": str(number)}}],
        "user_pseudo_id": f"device {number}",
        "brand_new_field": {"n": number},
    }


@pytest.mark.parametrize("shape", ["lines", "gzip", "array", "parquet"])
def test_json_shapes_load_alike(warehouse: Warehouse, shape: str) -> None:
    events = [event(n) for n in range(5)]
    lines = "\n".join(json.dumps(e) for e in events).encode()
    if shape == "parquet":
        source = warehouse.put("source.ndjson.txt", lines)
        target = warehouse.exports / "events.parquet"
        duckdb.sql(f"copy (from read_json('{source}', format='newline_delimited')) to '{target}'")
        source.unlink()
    else:
        warehouse.put(
            "events." + shape,
            {"lines": lines, "gzip": gzip.compress(lines), "array": json.dumps(events).encode()}[
                shape
            ],
        )
    warehouse.load()
    rows = warehouse.con.execute(
        "select event_name, user_pseudo_id, json_extract_string(event_params, '$[0].key'),"
        " json_extract_string(_extra, '$.brand_new_field') from raw_ga4.events order by all"
    ).fetchall()
    assert [row[:3] for row in rows] == [
        ("page_view", f"device {n}", "ga_session_id") for n in range(5)
    ]
    assert all(row[3] for row in rows)


def test_asana_pages(warehouse: Warehouse) -> None:
    pages = [{"data": [{"gid": str(n), "name": "T", "completed": False, "new": 1}]} for n in (1, 2)]
    warehouse.put("tasks.json", json.dumps(pages[0], indent=2) + "\n" + json.dumps(pages[1]))
    warehouse.load()
    rows = warehouse.con.execute("select gid, completed, _extra from raw_asana.tasks order by gid")
    assert rows.fetchall() == [("1", "false", '{"new":"1"}'), ("2", "false", '{"new":"1"}')]


def test_a_batch_after_one_that_broke_off_has_its_own_time(warehouse: Warehouse) -> None:
    warehouse.con.execute("insert into ops.batches values (1, ?, ?, null, 'running')", [NOON, NOON])
    warehouse.load()
    assert warehouse.con.execute("select loaded_at, status from ops.batches").fetchall() == [
        (NOON, "interrupted"),
        (warehouse.at, "loaded"),
    ]
    assert warehouse.entry("good.csv")["loaded_at"] == warehouse.at


def test_batch_times_grow_whatever_the_clock_does() -> None:
    assert next_batch_time(None, NOON) == NOON
    assert next_batch_time(NOON, NOON) == NOON + timedelta(microseconds=1)
    assert next_batch_time(NOON, NOON - timedelta(days=1)) > NOON


CELL = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"),
    max_size=12,
) | st.sampled_from(["a\nb", 'say "x"', "a,b", "", " ", "Total: all", "x;y", "\t"])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=8),
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    preamble=st.integers(0, 4),
)
def test_every_record_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    encoding: str,
    newline: str,
    preamble: int,
) -> None:
    """read = loaded + rejected + skipped, and what was loaded is what was written."""

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = ["A report"] * preamble + [delimiter.join(["Record ID", "Company name", "Mood"])]
    lines += [delimiter.join(map(quoted, ("id" + row[0], *row[1:]))) for row in rows]
    folder = tmp_path_factory.mktemp("property")
    (folder / "exports").mkdir()
    path = folder / "exports" / "companies.csv"
    path.write_bytes((newline.join(lines) + newline).encode(encoding))
    con = empty_warehouse(folder / "build.duckdb")
    load_exports(con, folder / "exports", contracts=load_contracts(), loaded_at=NOON)
    (counts,) = con.execute(
        "select rows_read, rows_loaded, rows_rejected, rows_skipped - preamble_lines, message"
        " from ops.files"
    ).fetchall()
    loaded = con.execute(
        "select record_id, company_name, json_extract_string(_extra, '$.Mood')"
        " from raw_hubspot.companies order by _row_number"
    ).fetchall()
    con.close()
    assert counts[:4] == (len(rows) + preamble, len(rows), 0, 0), counts[4]
    written = [("id" + row[0], row[1] or None, row[2] or None) for row in rows]
    assert loaded == written
