"""Every line of a file is a row, in the quarantine, or skipped, and all of them are counted."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest import Contract
from pipelines.ingest.read import FileToRead
from pipelines.ingest.read.file import Outcome
from pipelines.ingest.read.json import read_json_alike, read_json_lines
from pipelines.ingest.read.read import Reader
from pipelines.ingest.warehouse import connect
from pipelines.settings import UsageError
from tests.bench import Bench, column, contract, counts

HEADER = "Day,Campaign,Cost,Clicks"
ROWS = "from raw_trial.spend order by _row_number"


def spend(bench: Bench, **custom: Any) -> Contract:
    names = ("day", "campaign", "cost", "clicks")
    return contract(bench.folder, "spend", [column(n, required=True) for n in names], **custom)


def campaigns(bench: Bench) -> list[str]:
    return [row[0] for row in bench.rows(f"select campaign {ROWS}")]


def rejected(bench: Bench) -> list[tuple[Any, ...]]:
    return bench.rows("select line_number, reason, row_text from ops.rejected_rows order by 1")


def row(number: int) -> str:
    return f"2026-01-01,c{number},1.50,{number}"


@pytest.fixture(params=[0, 1024**2], ids=["database-first", "line-by-line"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are sorted at once, others once the database has come to another number."""
    monkeypatch.setattr("pipelines.ingest.read.file.SMALL_BYTES", request.param)


either_way = pytest.mark.usefixtures("_either_way")


@either_way
@pytest.mark.parametrize(
    "ends",
    [
        ["\n", "\n", "\n", "\n"],
        ["\r\n", "\r\n", "\r\n", "\r\n"],
        ["\r", "\r", "\r", "\r"],
        # An editor saved the last line, the first, or the one in the middle.
        ["\r\n", "\r\n", "\r\n", "\n"],
        ["\n", "\r\n", "\r\n", "\r\n"],
        ["\r\n", "\r\n", "\n", "\r\n"],
        ["\n", "\n", "\r\n", "\n"],
        ["\r", "\n", "\r\n", "\r"],
        ["\n", "\n", "\n", ""],
        ["\r\n", "\r\n", "\n", ""],
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_may_end_as_they_will(bench: Bench, ends: list[str], pack: Any) -> None:
    lines = [HEADER, row(1), row(2), row(3)]
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    bench.put("spend.csv", pack(text.encode()))
    entry = bench.load(spend(bench))["spend.csv"]
    assert (entry["status"], *counts(entry)) == ("loaded", 3, 0, 0), entry["message"]
    assert campaigns(bench) == ["c1", "c2", "c3"]


@either_way
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("inner", ["\n", "\r\n", "\r"])
def test_a_cell_may_have_lines_of_its_own(bench: Bench, end: str, inner: str) -> None:
    name = f"two{inner}lines, and more"
    text = end.join([HEADER, row(1), f'2026-01-01,"{name}",1,2', row(2), ""])
    bench.put("spend.csv", text)
    assert counts(bench.load(spend(bench))["spend.csv"]) == (3, 0, 0)
    assert campaigns(bench) == ["c1", name.replace('""', '"'), "c2"]


def test_a_lf_and_a_cr_after_every_line_are_a_line_and_a_blank_one(bench: Bench) -> None:
    bench.put("spend.csv", "\n\r".join([HEADER, row(1), row(2), ""]))
    assert counts(bench.load(spend(bench))["spend.csv"]) == (2, 0, 3)
    assert campaigns(bench) == ["c1", "c2"]


@either_way
def test_blank_lines_are_read_and_skipped(bench: Bench) -> None:
    lines = [HEADER, "", row(1), "   ", ",,,", ",", row(2), "", ""]
    bench.put("spend.csv", "\n".join(lines) + "\n")
    entry = bench.load(spend(bench))["spend.csv"]
    assert counts(entry) == (2, 0, 6)
    assert entry["rows_read"] == len(lines) - 1
    # A row's number is its place below the header.
    places = bench.rows("select campaign, _row_number from raw_trial.spend order by 2")
    assert places == [("c1", 2), ("c2", 6)]


def test_a_stray_quote_costs_its_own_line_alone(bench: Bench) -> None:
    """With DuckDB it swallows every line behind it as one record."""
    count = 200_000
    lines = [HEADER, *map(row, range(count))]
    lines[11] = '2026-01-01,"c10,1.50,10'
    bench.put("spend.csv", "\n".join(lines) + "\n")
    entry = bench.load(spend(bench))["spend.csv"]
    assert counts(entry) == (count - 1, 1, 0)
    assert rejected(bench) == [(12, "open quote", '2026-01-01,"c10,1.50,10')]
    assert bench.rows("select sum(cast(clicks as bigint)) from raw_trial.spend") == [
        (count * (count - 1) // 2 - 10,)
    ]


@either_way
def test_two_stray_quotes_make_no_cell_of_the_lines_between(bench: Bench) -> None:
    lines = [HEADER, *map(row, range(9))]
    lines[3] = '2026-01-01,"c2,1.50,2'
    lines[7] = '2026-01-01,c6,1.50",6'
    bench.put("spend.csv", "\n".join(lines) + "\n")
    assert counts(bench.load(spend(bench))["spend.csv"]) == (8, 1, 0)
    assert [line for line, _, _ in rejected(bench)] == [4]
    # Within a cell that no quote opens, a quote is a character like any other.
    assert bench.rows("select cost from raw_trial.spend where campaign = 'c6'") == [('1.50"',)]


@either_way
def test_the_rest_of_a_broken_cell_is_no_row(bench: Bench) -> None:
    """`and, so, on"` has as many fields as a row, and half a pair of quotes."""
    lines = [HEADER, '2026-01-01,"a "b" c', 'more, and, so, on",1,2', row(1)]
    bench.put("spend.csv", "\n".join(lines) + "\n")
    assert counts(bench.load(spend(bench))["spend.csv"]) == (1, 2, 0)
    assert campaigns(bench) == ["c1"]


@pytest.mark.parametrize(
    ("place", "size", "quote"), [(1, 50_000_000, ""), (3, 3_000_000, '"'), (5, 2_100_000, "")]
)
def test_a_line_of_megabytes_is_quarantined_with_its_beginning(
    bench: Bench, place: int, size: int, quote: str
) -> None:
    """DuckDB forgets it without a word where it is the first that it reads."""
    lines = [HEADER, *map(row, range(4))]
    lines.insert(place, f"2026-01-01,{quote}{'x' * size}{quote},1,2")
    bench.put("spend.csv", "\n".join(lines) + "\n")
    entry = bench.load(spend(bench))["spend.csv"]
    assert counts(entry) == (4, 1, 0)
    ((line, reason, text),) = rejected(bench)
    assert (line, reason) == (place + 1, "line too long")
    assert (text[:12], len(text)) == ("2026-01-01,x" if not quote else '2026-01-01,"', 65_536)


@either_way
def test_what_is_no_character_or_no_text_is_quarantined_by_its_line(bench: Bench) -> None:
    lines = [HEADER.encode(), b"2026,M\xfcller,1,2", row(1).encode(), b"2026,nul\0,1,2"]
    bench.put("spend.csv", b"\r\n".join(lines))
    assert counts(bench.load(spend(bench))["spend.csv"]) == (1, 2, 0)
    assert rejected(bench) == [
        (2, "not UTF-8", "2026,M\ufffdller,1,2"),
        (4, "NUL byte", "2026,nul\\0,1,2"),
    ]


@pytest.mark.parametrize("character", ["\u0085", "\u2028", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_end_ends_a_line(bench: Bench, character: str) -> None:
    lines = ["A report", f"of{character}ours", HEADER, row(1), row(2)]
    bench.put("spend.csv", "\n".join(lines) + "\n")
    assert counts(bench.load(spend(bench))["spend.csv"]) == (2, 0, 2)
    assert campaigns(bench) == ["c1", "c2"]


@either_way
def test_a_header_of_several_lines_eats_no_row(bench: Bench) -> None:
    bench.put("spend.csv", f'Day,"Camp\naign",Cost,Clicks,"No\nte"\n{row(1)},x\n{row(2)},y\n')
    people = contract(
        bench.folder, "spend", [column("day", required=True), column("cost", required=True)]
    )
    assert counts(bench.load(people)["spend.csv"]) == (2, 0, 0)


def test_of_very_many_bad_lines_the_first_are_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.ingest.read.quarantine.KEPT_LINES", 3)
    bench.put("spend.csv", "\n".join([HEADER, row(1), *["too,few"] * 5]) + "\n")
    assert counts(bench.load(spend(bench))["spend.csv"]) == (1, 5, 0)
    messages = bench.rows("select message from ops.rejected_rows order by line_number")
    assert len(messages) == 3
    assert messages[2][0].endswith("This is the last that is kept of them: the first 3 are")


@either_way
def test_a_reader_that_loses_rows_is_found_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.ingest.read import csv as module  # noqa: PLC0415

    real = module.insert

    def lossy(*args: Any, **kwargs: Any) -> int:
        return real(*args[:3], f"{args[3]} limit 1", **kwargs)

    monkeypatch.setattr(module, "insert", lossy)
    bench.put("spend.csv", f"{HEADER}\n{row(1)}\n{row(2)}\n")
    entry = bench.load(spend(bench))["spend.csv"]
    assert entry["status"] == "failed"
    assert "it has 2 rows and the database read 1" in entry["message"]
    assert campaigns(bench) == []


# --- JSON


def people(bench: Bench) -> Contract:
    columns = [column("id", required=True), column("mail")]
    return contract(bench.folder, "people", columns, format="json")


@either_way
def test_every_line_of_json_is_accounted_for(bench: Bench) -> None:
    lines = [
        *('{"id": 1}', "", "null", "[1]", "5", '{"id": 2}{"id": 3}', '{"id": NaN}'),
        *('{"id": "\\ud800"}', '{"id": 4, "id": 4}', "{", "  ", '{"id": 5},'),
    ]
    bench.put("people.jsonl", "\n".join(lines) + "\n\n")
    entry = bench.load(people(bench))["people.jsonl"]
    assert counts(entry) == (3, 6, 4), rejected(bench)
    assert [line for line, _, _ in rejected(bench)] == [4, 5, 6, 8, 10, 12]


@either_way
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_of_json_may_end_as_they_will(bench: Bench, end: str, mark: str) -> None:
    lines = [json.dumps({"id": n}) for n in range(5)]
    bench.put("people.jsonl", mark + end.join(lines) + "\r\n\n")
    assert counts(bench.load(people(bench))["people.jsonl"])[:2] == (5, 0)


@either_way
def test_json_of_megabytes_and_deep_json_cost_their_own_line(bench: Bench) -> None:
    lines = [
        json.dumps({"id": 0}),
        json.dumps({"id": 1, "mail": "x" * 10_000_000}),
        json.dumps({"id": 2, "mail": "x" * 17_000_000}),
        '{"id": 3, "mail": ' + "[" * 5_001 + "]" * 5_001 + "}",
        json.dumps({"id": 4, "mail": '["[[' * 5_000}),
    ]
    bench.put("people.jsonl", "\n".join(lines))
    assert counts(bench.load(people(bench))["people.jsonl"]) == (3, 2, 0)
    found = bench.rows("select line_number, message from ops.rejected_rows order by 1")
    assert [line for line, _ in found] == [3, 4]
    assert "is longer than 16,000,000 bytes" in found[0][1]
    assert "is nested too deep" in found[1][1]


@either_way
@pytest.mark.parametrize("first", ['{"id": 1, "mail": null}', '{"id": 1}'], ids=["alike", "others"])
def test_what_the_database_could_read_is_refused_where_it_is_too_deep(
    bench: Bench, first: str
) -> None:
    deep = "[" * 5_001 + "]" * 5_001
    bench.put("people.jsonl", f'{first}\n{{"id": 2, "mail": {deep}}}\n')
    assert counts(bench.load(people(bench))["people.jsonl"]) == (1, 1, 0)
    assert rejected(bench)[0][:2] == (2, "no JSON")


@either_way
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_documents_are_refused(bench: Bench, opening: str) -> None:
    closing = {"[": "]", '{"a":': "}"}[opening]
    deep = opening * 5_001 + "1" + closing * 5_001
    bench.put("array.json", f'[{{"id": 1, "mail": {deep}}}]')
    bench.put("page.json", f'{{\n"id": 1, "mail": {deep}}}')
    bench.put("good.json", '[{"id": 7, "mail": "]]]"}]')
    entries = bench.load(people(bench))
    assert {e["path"]: e["status"] for e in entries.values()} == {
        "array.json": "failed",
        "page.json": "failed",
        "good.json": "loaded",
    }
    assert "nested more than 5,000 deep" in entries["array.json"]["message"]


@either_way
def test_every_element_of_a_document_is_accounted_for(bench: Bench) -> None:
    bench.put("array.json", '[{"id": 1}, 5, "x", null, [{"id": 2}], {"id": 3}]')
    pages = '{"data": [{"id": 4}, 7]}\n{"errors": "too many requests"}\n{"data": []}\n'
    bench.put("pages.json", pages + '{"data": null}\n{"data": {"id": 5}}')
    entries = bench.load(people(bench))
    assert counts(entries["array.json"]) == (2, 3, 1)
    assert counts(entries["pages.json"]) == (2, 2, 1)


@either_way
def test_any_key_is_a_key_wherever_it_first_comes(bench: Bench) -> None:
    lines = [{"id": n} for n in range(50_000)]
    lines.append({"id": 50_000, "mail": "late", 'a."b"/~*': 1, "": 2, "0": {"x": None}})
    bench.put("people.jsonl", "\n".join(map(json.dumps, lines)))
    entry = bench.load(people(bench))["people.jsonl"]
    found = bench.rows("select id, mail, _extra from raw_trial.people where id = '50000'")
    assert [found[0][:2]] == [("50000", "late")]
    assert json.loads(found[0][2]) == {'a."b"/~*': "1", "": "2", "0": '{"x":null}'}
    assert entry["extra_columns"] == '(no name), 0, a."b"/~*'


@pytest.mark.parametrize(
    "last",
    [
        {"id": "3", "mail": "c", "age": 2, "at": None},
        {"mail": "c", "id": "3", "age": 2, "at": None},
        {"id": "3", "mail": "c", "age": 2},
        {"id": "3", "mail": "c", "age": 2, "at": None, "late": None},
    ],
    ids=["alike", "other-order", "one-less", "one-more"],
)
def test_lines_that_are_all_alike_and_others_land_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, last: dict[str, Any]
) -> None:
    taken = []

    def noted(reader: Reader) -> Reader:
        def read(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
            outcome = reader(con, file)
            taken.append(reader.__name__)
            return outcome

        return read

    readers = (read_json_alike, read_json_lines)
    monkeypatch.setattr("pipelines.ingest.deliver.readers_of", lambda _: [*map(noted, readers)])
    rows = [
        {"id": "1", "mail": 'a"\\ é', "age": 1.5, "at": {"x": [1, {"y": "\\"}], "z": None}},
        {"id": "2", "mail": None, "age": 12345678901234567890, "at": [True, "\n"]},
        last,
    ]
    bench.put("people.jsonl", "\n".join(map(json.dumps, rows)))
    bench.load(people(bench))
    is_alike = list(last) == list(rows[0])
    assert taken == ["read_json_alike" if is_alike else "read_json_lines"]
    landed = bench.rows("select id, mail, _extra from raw_trial.people order by 1")
    assert [found[:2] for found in landed] == [("1", 'a"\\ é'), ("2", None), ("3", "c")]
    extra = [json.loads(found[2]) for found in landed]
    assert [found["age"] for found in extra] == ["1.5", "12345678901234567890", "2"]
    assert json.loads(extra[0]["at"]) == rows[0]["at"]
    assert json.loads(extra[1]["at"]) == rows[1]["at"]
    assert extra[2]["at"] is None


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_what_a_connector_split_off_a_column_is_read_as_the_column(bench: Bench, kind: str) -> None:
    """dlt keeps a column's first type, and puts what does not fit beside it."""
    rows = [
        {"id": "1", "cost": "5", "cost__v_double": None, "mood__v_text": "x"},
        {"id": "2", "cost": None, "cost__v_double": "2.5", "mood__v_text": None},
        {"id": "3", "cost": None, "cost__v_double": None, "mood__v_text": None},
    ]
    path = bench.put(f"costs.{kind}", "\n".join(map(json.dumps, rows)))
    if kind != "jsonl":
        relation = duckdb.read_json(str(path), format="newline_delimited")
        (relation.write_csv if kind == "csv" else relation.write_parquet)(str(path))
    costs = contract(
        bench.folder,
        "costs",
        [column("id", required=True), column("cost", required=True)],
        format="any",
    )
    entry = bench.load(costs)[f"costs.{kind}"]
    assert bench.rows("select id, cost from raw_trial.costs order by 1") == [
        ("1", "5"),
        ("2", "2.5"),
        ("3", None),
    ]
    assert "split the column(s) cost__v_double off others" in entry["message"]
    assert entry["extra_columns"] == "mood__v_text"


def test_what_a_large_file_may_hold_binds_nothing_after_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit that the database enforces is the one of before, and not only its setting."""
    monkeypatch.setattr("pipelines.ingest.read.file.SMALL_BYTES", 0)
    enforced = "select memory_limit from pragma_database_size()"
    # As it is written once it was set: the machine's own has more digits.
    ((limit,),) = bench.rows("select current_setting('memory_limit')")
    bench.con.execute(f"set memory_limit = '{limit}'")
    before = bench.rows(enforced)
    for number in range(3):
        bench.put(f"spend_{number}.csv", f"{HEADER}\n{row(number)}\n")
    bench.load(spend(bench))
    assert bench.rows(enforced) == before


def test_what_a_large_file_may_hold_is_lifted_to_what_the_user_allows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("pipelines.ingest.read.file.SMALL_BYTES", 0)
    monkeypatch.setenv("THROUGHLINE_MEMORY", "1.5 GiB")
    bench = Bench(tmp_path)
    enforced = "select memory_limit from pragma_database_size()"
    assert bench.rows(enforced) == [("1.5 GiB",)]
    bench.put("spend.csv", f"{HEADER}\n{row(1)}\n")
    bench.load(spend(bench))
    assert campaigns(bench) == ["c1"]
    assert bench.rows(enforced) == [("1.5 GiB",)]
    bench.con.close()


def test_a_large_file_is_read_within_what_a_process_has(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Less than a large file is given, as where several processes share a machine."""
    monkeypatch.setattr("pipelines.ingest.read.file.SMALL_BYTES", 0)
    bench.con.execute("set memory_limit = '300MiB'")
    bench.put("spend.csv", f"{HEADER}\n{row(1)}\n")
    bench.load(spend(bench))
    assert campaigns(bench) == ["c1"]
    assert bench.rows("select memory_limit from pragma_database_size()") == [("300.0 MiB",)]


@pytest.mark.parametrize("size", ["much", "4", "-1GB", "512MB", "4 gigabytes"])
def test_what_the_user_allows_is_a_size(
    size: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("THROUGHLINE_MEMORY", size)
    with pytest.raises(UsageError, match=f"THROUGHLINE_MEMORY is '{size}'"):
        connect(tmp_path / "build.duckdb")


# --- everything at once

# A file with many of these is taken for binary data.
CONTROL = "".join(map(chr, (*range(9), 11, *range(14, 27), *range(28, 32))))
CELL = st.text(
    alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\ufeff" + CONTROL),
    max_size=6,
) | st.sampled_from(["a\nb", "a\r\nb", "\r", 'x"y', '"', "a,b", "", " ", ' "', '" '])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=8),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    odd=st.integers(-1, 8),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_a_library_wrote_is_what_lands(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    end: str,
    odd: int,
    quoting: int,
) -> None:
    """Well-formed CSV lands cell by cell, also where one line ends in another way (`odd`)."""
    text = io.StringIO(newline="")
    for number, cells in enumerate([HEADER.split(","), *rows]):
        ending = end if number != odd else {"\n": "\r\n", "\r\n": "\n", "\r": "\n"}[end]
        # The library does not quote a CR that ends no line of its own.
        quoted = quoting if not any("\r" in cell or "\n" in cell for cell in cells) else 1
        csv.writer(text, lineterminator=ending, quoting=quoted).writerow(cells)
    bench = Bench(tmp_path_factory.mktemp("property"))
    bench.put("spend.csv", text.getvalue())
    entry = bench.load(spend(bench))["spend.csv"]
    landed = bench.rows(f"select day, campaign, cost, clicks {ROWS}")
    bench.con.close()
    written = [tuple(cell or None for cell in cells) for cells in rows]
    assert landed == [cells for cells in written if any(cells)], entry["message"]
    assert entry["rows_read"] == len(rows)
