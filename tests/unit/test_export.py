"""A mart as a file: every value as it was, and none that a spreadsheet would run."""

import csv
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from pipelines.doors import export as exports
from pipelines.publish import publish
from pipelines.reports import report_export
from pipelines.settings import Settings, UsageError
from tests.conftest import throughline
from tests.releases import AS_OF, MARTS, build_file

FIRST = {
    "campaign_name": '=HYPERLINK("http://x","y")',
    "note": "",
    "touches": 9007199254740993,
    "rank": 7,
    "spend": Decimal("12345678901234.56"),
    "share": 0.1,
    "is_live": True,
    "launched_date": date(2026, 4, 3),
    "launched_at": datetime(2026, 4, 3, 23, 59, 59, 123456),
}
EMPTY = dict.fromkeys(FIRST)
ODD = {
    **EMPTY,
    "campaign_name": 'Spring; "1",\nÜber 😀',
    "note": " +49 30",
    "rank": -3,
    "spend": Decimal("-0.01"),
    "share": float("nan"),
    "is_live": False,
    "launched_date": date(1850, 1, 1),
    "launched_at": datetime(1850, 1, 1),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A release with one mart that has every kind of value."""
    settings = Settings(exports=tmp_path, home=tmp_path / "home")
    with build_file(settings) as con:
        con.execute(MARTS)
        con.execute(
            "create table operations.fct_launches (campaign_name varchar, note varchar,"
            " touches bigint, rank bigint, spend decimal(18, 2), share double, is_live boolean,"
            " launched_date date, launched_at timestamp)"
        )
        for row in (FIRST, EMPTY, ODD):
            con.execute(
                f"insert into operations.fct_launches values ({', '.join('?' * len(row))})",
                list(row.values()),
            )
        publish(con, settings, AS_OF, "run-1")
    return settings.home


def exported(home: Path, file_format: str, name: str = "fct_launches") -> Path:
    report = report_export(home, name, file_format, home.parent / f"out.{file_format}")
    assert report["path"].name == f"out.{file_format}"
    return Path(report["path"])


def test_parquet_keeps_values_and_types(home: Path) -> None:
    path = exported(home, "parquet")
    with duckdb.connect() as con:
        told = con.execute(f"describe from '{path}'").fetchall()
        rows = con.execute(f"from '{path}' order by rank desc nulls last").fetchall()
        said = dict(con.execute(f"select key, value from parquet_kv_metadata('{path}')").fetchall())
    assert [kind for _, kind, *_ in told] == [
        *("VARCHAR", "VARCHAR", "BIGINT", "BIGINT", "DECIMAL(18,2)", "DOUBLE", "BOOLEAN"),
        *("DATE", "TIMESTAMP"),
    ]
    assert rows[0] == tuple(FIRST.values())
    assert rows[2] == tuple(EMPTY.values())
    assert repr(rows[1]) == repr(tuple(ODD.values()))
    assert said[b"as_of_at"] == b"2026-10-01T06:00:00Z"


def test_a_whole_number_beyond_64_bits_stays_whole_in_parquet(home: Path) -> None:
    settings = Settings(exports=home, home=home)
    with build_file(settings) as con:
        con.execute("create table operations.fct_sums as select 2::hugeint ** 90 + 1 as total")
        con.execute("create or replace table operations.fct_sums (total hugeint)")
        con.execute("insert into operations.fct_sums values (1237940039285380274899124225)")
        publish(con, settings, AS_OF, "run-1")
    path = exported(home, "parquet", "fct_sums")
    assert duckdb.sql(f"from '{path}'").fetchall() == [(Decimal(1237940039285380274899124225),)]


def test_csv_says_every_value_and_runs_none(home: Path) -> None:
    path = exported(home, "csv")
    assert path.read_bytes().startswith(b'\xef\xbb\xbf"campaign_name",')
    with path.open(encoding="utf-8-sig", newline="") as file:
        by_rank = {row["rank"]: row for row in csv.DictReader(file)}
    first, odd, empty = by_rank["7"], by_rank["-3"], by_rank[""]
    assert first == {
        "campaign_name": '\'=HYPERLINK("http://x","y")',
        "note": "",
        "touches": "9007199254740993",
        "rank": "7",
        "spend": "12345678901234.56",
        "share": "0.1",
        "is_live": "true",
        "launched_date": "2026-04-03",
        "launched_at": "2026-04-03 23:59:59.123456",
    }
    assert set(empty.values()) == {""}
    assert odd["campaign_name"] == ODD["campaign_name"]
    assert odd["note"] == "' +49 30"
    # A number is a number, also below nothing.
    assert odd["spend"] == "-0.01"
    # NULL is nothing, an empty text is quoted.
    with duckdb.connect() as con:
        notes = con.execute(
            f"select rank, note from read_csv('{path}', allow_quoted_nulls = false)"
        ).fetchall()
    assert dict(notes) == {7: "", -3: "' +49 30", None: None}


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\uff1d1", "\uff0b1", "-"],
)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    cell = exports._csv_cell("text")
    with duckdb.connect() as con:
        assert con.execute(f"select {cell} from (select ? as text)", [text]).fetchall() == [
            (f"'{text}",)
        ]


@pytest.mark.parametrize("text", ["a=1", "1-2", "x@y", "", "Ünï", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    cell = exports._csv_cell("text")
    with duckdb.connect() as con:
        assert con.execute(f"select {cell} from (select ? as text)", [text]).fetchall() == [(text,)]


def test_a_sheet_has_typed_cells_and_no_formula(home: Path) -> None:
    book = load_workbook(exported(home, "xlsx"))
    head, *lines = book["fct_launches"].iter_rows()
    assert [cell.value for cell in head] == list(FIRST)
    by_rank = {line[3].value: line for line in lines}
    first = dict(zip(FIRST, by_rank[7], strict=True))
    assert {cell.data_type for line in lines for cell in line} <= {"s", "n", "b", "d"}
    assert first["campaign_name"].value == FIRST["campaign_name"]
    assert first["campaign_name"].data_type == "s"
    assert first["campaign_name"].quotePrefix
    # Of a longer number a spreadsheet drops the last digits.
    assert first["touches"].value == "9007199254740993"
    assert first["spend"].value == "12345678901234.56"
    assert (first["rank"].value, first["share"].value, first["is_live"].value) == (7, 0.1, True)
    assert first["launched_date"].value == datetime(2026, 4, 3)
    assert first["launched_date"].number_format == "yyyy-mm-dd"
    assert abs(first["launched_at"].value - FIRST["launched_at"]).total_seconds() < 0.001
    odd = {name: cell.value for name, cell in zip(FIRST, by_rank[-3], strict=True)}
    assert odd["campaign_name"] == ODD["campaign_name"]
    assert (odd["launched_date"], odd["share"]) == ("1850-01-01", "nan")
    assert book["columns"]["A1"].value == "mart"
    assert "2026-10-01T06:00:00Z" in book["columns"]["B2"].value


def test_a_character_that_no_sheet_takes_does_not_damage_it(home: Path) -> None:
    settings = Settings(exports=home, home=home)
    with build_file(settings) as con:
        con.execute("update operations.fct_launches set note = 'a' || chr(1) || 'b' where rank = 7")
        publish(con, settings, AS_OF, "run-1")
    sheet = load_workbook(exported(home, "xlsx"))["fct_launches"]
    assert "a_x0001_b" in {cell.value for cell in sheet["B"]}


def test_what_fits_into_no_sheet_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_ROWS", 3)
    with pytest.raises(UsageError, match="has 3 rows, and a sheet holds 3 lines; write it as csv"):
        exported(home, "xlsx")
    monkeypatch.undo()
    monkeypatch.setattr(exports, "CELL_CHARACTERS", 20)
    with pytest.raises(UsageError, match="campaign_name has a text of 26 characters"):
        exported(home, "xlsx")
    assert list(home.parent.glob("out*")) == []


def test_an_empty_mart_is_a_file_with_a_header(home: Path) -> None:
    for file_format in exports.FORMATS:
        path = exported(home, file_format, "meta.files")
        assert path.stat().st_size > 0
    assert (home.parent / "out.csv").read_text("utf-8-sig") == '"file_id","path"\n'


def test_the_command_names_the_nearest_marts(home: Path) -> None:
    done = throughline("export", "fct_launch", "--format", "csv", "--home", home, check=False)
    assert done.returncode == 2
    assert "there is no mart fct_launch; the nearest: operations.fct_launches" in done.stderr
    done = throughline("export", "fct_launches", "--format", "xls", "--home", home, check=False)
    assert done.returncode == 2
    assert "one of csv, parquet, xlsx; did you mean xlsx?" in done.stderr
    done = throughline("export", "x", "--format", "csv", "--home", home / "none", check=False)
    assert (done.returncode, "nothing is published in" in done.stderr) == (2, True)


def test_the_command_says_what_it_wrote(home: Path, tmp_path: Path) -> None:
    done = throughline(
        *("export", "operations.fct_launches", "--format", "csv", "--home", home),
        *("--out", tmp_path, "--json"),
    )
    report = json.loads(done.stdout)
    assert report["path"] == str(tmp_path / "fct_launches.csv")
    assert (report["rows"], report["mart"]) == (3, "operations.fct_launches")
    assert Path(report["path"]).is_file()


def test_a_release_is_only_read(home: Path) -> None:
    before = (home / "published" / "marketing.duckdb").read_bytes()
    exported(home, "xlsx")
    assert (home / "published" / "marketing.duckdb").read_bytes() == before
