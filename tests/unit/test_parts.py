"""Archives, workbooks and connectors: every part is a file, or listed with the reason."""

import datetime as dt
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipelines.ingest import Contract
from tests.bench import Bench, column, contract, counts

PEOPLE = [column("id", required=True), column("born", "date", required=True)]
ROW = "Id,Born\n{0},200{0}-01-01\n"


def statuses(entries: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {path: entry["status"] for path, entry in entries.items()}


# --- archives


def test_members_of_archives_are_files_of_their_own(bench: Bench) -> None:
    people = contract(bench.folder, "people", PEOPLE)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("c.csv", "Id,Born\n3,2003-01-01\n")
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/a.csv", "Id,Born\n1,2001-01-01\n")
        archive.writestr("b.csv.gz", gzip.compress(b"Id,Born\n2,2002-01-01\n"))
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("__MACOSX/._a.csv", "junk")
        archive.writestr("note.txt", "hello")
    bench.put("all.json.gz", outer.getvalue())
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        content = b"Id,Born\n4,2004-01-01\n"
        info = tarfile.TarInfo("d.csv")
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    bench.put("more.tgz", packed.getvalue())
    entries = bench.load(people)
    assert {path: entry["status"] for path, entry in entries.items()} == {
        "all.json.gz": "unpacked",
        "all.json.gz/deep/a.csv": "loaded",
        "all.json.gz/b.csv.gz": "loaded",
        "all.json.gz/inner.zip": "unpacked",
        "all.json.gz/inner.zip/c.csv": "loaded",
        "all.json.gz/note.txt": "unrecognised",
        "more.tgz": "unpacked",
        "more.tgz/d.csv": "loaded",
    }
    assert bench.rows("select id from raw_trial.people order by 1") == [
        (str(n),) for n in (1, 2, 3, 4)
    ]
    # A run that was killed before the archive was done opens it again and loads nothing twice.
    bench.con.execute("delete from ops.files where path = 'all.json.gz'")
    assert bench.load(people)["all.json.gz"]["status"] == "unpacked"
    assert bench.rows("select count(*) from raw_trial.people") == [(4,)]


def test_archives_are_limited_whatever_they_claim(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = contract(bench.folder, "people", PEOPLE)
    for name, size in (("bomb.zip", 5000), ("small.zip", 10)):
        with zipfile.ZipFile(bench.exports / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", "Id,Born\n" + "1,2001-01-01\n" * size)
    damaged = (bench.exports / "small.zip").read_bytes()[:-30]
    bench.put("damaged.zip", damaged)
    monkeypatch.setattr("pipelines.ingest.parts.archive.MAX_EXPANDED_BYTES", 1000)
    entries = bench.load(people)
    assert entries["bomb.zip"]["status"] == "failed"
    assert "it expands to more than" in entries["bomb.zip"]["message"]
    assert entries["small.zip/a.csv"]["status"] == "loaded"
    assert entries["damaged.zip"]["status"] == "unrecognised"


def packed(**members: str) -> bytes:
    """A zip; of a damaged member one byte is another."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def test_too_many_members_are_none(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.ingest.parts.archive.MAX_PARTS", 2)
    members = {f"{n}__csv": ROW.format(n) for n in (1, 2, 3)}
    bench.put("many.zip", packed(**members))
    packed_tar = io.BytesIO()
    with tarfile.open(fileobj=packed_tar, mode="w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content.encode()))
    bench.put("many.tgz", packed_tar.getvalue())
    entries = bench.load(contract(bench.folder, "people", PEOPLE))
    assert statuses(entries) == {"many.zip": "failed", "many.tgz": "failed"}
    assert "holds more than 2 files" in entries["many.tgz"]["message"]


def test_what_cannot_be_taken_out_is_listed_and_the_rest_goes_on(bench: Bench) -> None:
    content = bytearray(packed(a__csv=ROW.format(1), bad__csv=ROW.format(2), z__csv=ROW.format(3)))
    content[content.index(b"2,2002")] ^= 1
    bench.put("damaged.zip", bytes(content))
    locked = bytearray(packed(a__csv=ROW.format(4)))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    bench.put("locked.zip", bytes(locked))
    entries = bench.load(contract(bench.folder, "people", PEOPLE))
    assert statuses(entries) == {
        "damaged.zip": "unpacked",
        "damaged.zip/a.csv": "loaded",
        "damaged.zip/bad.csv": "failed",
        "damaged.zip/z.csv": "loaded",
        "locked.zip": "unpacked",
        "locked.zip/a.csv": "failed",
    }
    assert "Bad CRC-32" in entries["damaged.zip/bad.csv"]["message"]
    assert "it is encrypted" in entries["locked.zip/a.csv"]["message"]


def test_a_tar_that_is_cut_off_is_kept_not_at_all(bench: Bench) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as tar:
        for n in range(1, 9):
            info = tarfile.TarInfo(f"{n}.csv")
            info.size = len(ROW.format(n))
            tar.addfile(info, io.BytesIO(ROW.format(n).encode()))
    bench.put("cut.tgz", whole.getvalue()[:-60])
    entries = bench.load(contract(bench.folder, "people", PEOPLE))
    assert statuses(entries) == {"cut.tgz": "failed"}
    assert "\n" not in entries["cut.tgz"]["message"]


def test_members_that_point_outside_are_listed_and_not_extracted(bench: Bench) -> None:
    names = ("../up.csv", "/etc/abs.csv", "c:\\win.csv", "a/../../up.csv", "fine.csv")
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(name, ROW.format(number))
    bench.put("outside.zip", outside.getvalue())
    links = io.BytesIO()
    with tarfile.open(fileobj=links, mode="w") as tar:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"{kind.decode()}.csv")
            info.type, info.linkname = kind, "/etc/hostname"
            tar.addfile(info)
    bench.put("links.tar", links.getvalue())
    entries = bench.load(contract(bench.folder, "people", PEOPLE))
    listed = statuses(entries)
    assert listed.pop("outside.zip/fine.csv") == "loaded"
    assert {listed.pop("outside.zip"), listed.pop("links.tar")} == {"unpacked"}
    assert len(listed) == 7
    assert set(listed.values()) == {"failed"}
    assert "points outside" in entries["outside.zip/../up.csv"]["message"]


def test_archives_in_archives_end_somewhere(bench: Bench) -> None:
    content = packed(x__csv=ROW.format(1))
    for _ in range(4):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("in.zip", content)
        content = buffer.getvalue()
    bench.put("deep.zip", content)
    entries = bench.load(contract(bench.folder, "people", PEOPLE))
    deepest = max(entries, key=len)
    assert entries[deepest]["status"] == "failed"
    assert "it lies in 3 archives" in entries[deepest]["message"]


# --- workbooks


def test_sheets_are_files_and_their_dates_are_dates(bench: Bench) -> None:
    from pipelines.ingest.parts.workbook import _excel  # noqa: PLC0415

    people = contract(bench.folder, "people", [*PEOPLE, column("seen", "timestamp")])
    path = bench.exports / "book.xlsx"
    with _excel() as con:
        con.execute(
            "copy (select 'x1' as \"Id\", date '1999-12-31' as \"Born\","
            f" timestamp '2026-01-02 03:04:05' as \"Seen\") to '{path}'"
            " (format xlsx, header true, sheet 'People & more')"
        )
    entries = bench.load(people)
    assert entries["book.xlsx"]["status"] == "unpacked"
    assert entries["book.xlsx/People & more"]["status"] == "loaded", entries
    assert bench.rows("select id, born, seen from raw_trial.people") == [
        ("x1", "1999-12-31 00:00:00", "2026-01-02 03:04:05")
    ]


TRACKED = ("day", "date"), ("task", "string"), ("spent", "string"), ("cost", "number")


def tracked(bench: Bench) -> Contract:
    columns = [column(name, kind, required=True) for name, kind in TRACKED]
    return contract(bench.folder, "times", columns, locale="per_file")


@pytest.mark.parametrize("is_1904", [False, True])
def test_a_workbook_of_a_library_is_read_as_a_person_sees_it(bench: Bench, is_1904: bool) -> None:
    """A title, dates from 1900 or 1904, durations beyond a day, and Swiss francs."""
    path = bench.exports / "times.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": is_1904}) as book:
        formats = ("yyyy-mm-dd", "[h]:mm", "#,##0.00 [$CHF]", "hh:mm", '0.0 "hours"')
        day, long, francs, clock, hours = (book.add_format({"num_format": f}) for f in formats)
        sheet = book.add_worksheet("July")
        sheet.write(0, 0, "Times of the team")
        sheet.write_row(2, 0, [name for name, _ in TRACKED])
        shown = [(1.5, long, 1250.5, francs), (0.75, clock, 3, hours), (0.25, long, 0.1, francs)]
        for row, (spent, as_spent, cost, as_cost) in enumerate(shown, start=3):
            sheet.write_datetime(row, 0, dt.datetime(2026, 6, row), day)
            sheet.write(row, 1, f"task {row},\n007")
            sheet.write_number(row, 2, spent, as_spent)
            sheet.write_number(row, 3, cost, as_cost)
        # A cell that has a format and nothing in it.
        sheet.write_blank(900, 30, None, francs)
        book.add_worksheet("Empty")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=July!$D$4:$D$5"})
        book.add_chartsheet("Chart").set_chart(chart)
    entries = bench.load(tracked(bench))
    assert statuses(entries) == {"times.xlsx": "unpacked", "times.xlsx/July": "loaded"}
    assert counts(entries["times.xlsx/July"]) == (3, 0, 2)
    assert bench.rows("select day, task, spent, cost from raw_trial.times order by 1") == [
        ("2026-06-03 00:00:00", "task 3,\n007", "36:00:00", "1250.5"),
        ("2026-06-04 00:00:00", "task 4,\n007", "18:00:00", "3"),
        ("2026-06-05 00:00:00", "task 5,\n007", "6:00:00", "0.1"),
    ]


def test_several_sheets_are_read_and_hidden_ones_are_listed(bench: Bench) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.remove(book.active)
    for title, state in (
        ("May", "visible"),
        ("June", "visible"),
        ("Old", "hidden"),
        ("Older", "veryHidden"),
    ):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append([name for name, _ in TRACKED])
        sheet.append([dt.datetime(2026, 5, 31), title, dt.timedelta(hours=30), 2.5])
    book.save(bench.exports / "times.xlsx")
    entries = bench.load(tracked(bench))
    assert statuses(entries) == {
        "times.xlsx": "unpacked",
        "times.xlsx/May": "loaded",
        "times.xlsx/June": "loaded",
        "times.xlsx/Old": "unrecognised",
        "times.xlsx/Older": "unrecognised",
    }
    assert "it is a hidden sheet" in entries["times.xlsx/Old"]["message"]
    assert bench.rows("select distinct day, spent from raw_trial.times") == [
        ("2026-05-31 00:00:00", "30:00:00")
    ]


def test_a_sheet_that_says_a_wrong_size_of_itself_loses_no_row(bench: Bench) -> None:
    path = bench.exports / "times.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("July")
        sheet.write_row(0, 0, [name for name, _ in TRACKED])
        for row in range(1, 50):
            sheet.write_row(row, 0, ["2026-06-01", f"task {row}", "1:00", row])
    rewrite(path, "xl/worksheets/sheet1.xml", b"A1:D50", b"A1:D20")
    assert counts(bench.load(tracked(bench))["times.xlsx/July"]) == (49, 0, 0)


def test_a_workbook_with_a_damaged_sheet_is_kept_not_at_all(bench: Bench) -> None:
    path = bench.exports / "times.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for title in ("One", "Two"):
            book.add_worksheet(title).write_row(0, 0, [name for name, _ in TRACKED])
            book.get_worksheet_by_name(title).write_row(1, 0, ["2026-06-01", title, "1:00", 1])
    content = bytearray(path.read_bytes())
    # Behind the name of the second sheet its packed content begins.
    place = content.index(b"xl/worksheets/sheet2.xml") + 40
    content[place : place + 20] = bytes(20)
    path.write_bytes(content)
    entries = bench.load(tracked(bench))
    assert statuses(entries) == {"times.xlsx": "failed"}
    assert "the workbook is damaged" in entries["times.xlsx"]["message"]


@pytest.mark.parametrize("limit", ["MAX_EXPANDED_BYTES", "MAX_CELLS", "MAX_XML_BYTES"])
def test_workbooks_are_limited(bench: Bench, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(f"pipelines.ingest.parts.workbook.{limit}", 10)
    with xlsxwriter.Workbook(bench.exports / "times.xlsx") as book:
        for title in ("One", "Two"):
            book.add_worksheet(title).write_row(0, 0, [name for name, _ in TRACKED])
            book.get_worksheet_by_name(title).write_row(2, 0, ["2026-06-01", title, "1:00", 1])
    entries = bench.load(tracked(bench))
    refused = [entry for entry in entries.values() if entry["status"] == "failed"]
    assert len(refused) == (2 if limit == "MAX_CELLS" else 1)
    assert bench.rows("select * from raw_trial.times") == []


def rewrite(path: Path, member: str, old: bytes, new: bytes) -> None:
    """Replace bytes in one member of a zip."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


# --- connectors


def test_a_connectors_records_are_split_by_stream(bench: Bench) -> None:
    people = contract(
        bench.folder, "people", [column("id", required=True), column("mail")], format="json"
    )
    lists = contract(
        bench.folder, "lists", [column("id", required=True), column("size")], format="json"
    )
    lines = [
        {"type": "LOG", "log": {"message": "starting"}},
        {
            "type": "RECORD",
            "record": {"stream": "x__trial__people", "data": {"id": 7, "mail": "m"}},
        },
        {"stream": "lists", "data": {"id": 1, "size": 2}, "emitted_at": 0},
        {"stream": "unheard", "data": {"z": 1}},
    ]
    bench.put("trial/out.jsonl", "\n".join(map(json.dumps, lines)))
    entries = bench.load(people, lists)
    assert {path: entry["status"] for path, entry in entries.items()} == {
        "trial/out.jsonl": "unpacked",
        "trial/out.jsonl/x__trial__people": "loaded",
        "trial/out.jsonl/lists": "loaded",
        "trial/out.jsonl/unheard": "unrecognised",
    }
    assert bench.rows("select id, mail from raw_trial.people") == [("7", "m")]
    assert bench.rows("select id, size from raw_trial.lists") == [("1", "2")]


def test_a_connectors_damaged_records_are_quarantined(
    bench: Bench,
) -> None:
    people = contract(
        bench.folder, "people", [column("id", required=True), column("cost")], format="json"
    )
    deep = "[" * 5_000 + "]" * 5_000
    lines = [
        '{"stream": "people", "data": {"id": 1, "cost": 0.1}, "emitted_at": 1}',
        "INFO a log of its own",
        '{"type": "STATE", "state": {"data": {"cursor": 3}}}',
        '{"stream": "people", "data": {"id": 2, "co',
        f'{{"stream": "people", "data": {{"id": 3, "cost": {deep}}}}}',
        '{ "data" : {"id": "}", "cost": "x"} , "stream" : "people" }',
        "",
    ]
    bench.put("trial/out.jsonl.gz", gzip.compress("\r\n".join(lines).encode()))
    entries = bench.load(people)
    entry = entries["trial/out.jsonl.gz/people"]
    assert counts(entry) == (2, 2, 0), entry["message"]
    assert bench.rows("select id, cost from raw_trial.people") == [
        ("1", "0.1"),
        ("}", "x"),
    ]
