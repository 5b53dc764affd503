"""What came is read again by other rules, or taken back."""

import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.ingest import load_contracts, load_exports
from pipelines.ingest.again import GONE
from pipelines.ingest.amend import ask_again, forget_delivery
from pipelines.ingest.contract import Contract
from pipelines.ingest.relations import ensure_relations
from pipelines.ingest.warehouse import connect
from pipelines.settings import UsageError
from tests.bench import column, contract
from tests.warehouse import empty_warehouse

NOON = datetime(2026, 3, 1, 12)


@dataclass
class Bench:
    """A build file, exports, and a stream whose contract may change."""

    con: duckdb.DuckDBPyConnection
    exports: Path
    folder: Path
    at: datetime = NOON

    def put(self, name: str, text: str) -> Path:
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def stream(self, *more: dict[str, Any], **custom: Any) -> Contract:
        columns = [column("ident", required=True), column("label", required=True), *more]
        made = contract(self.folder, "things", columns, **custom)
        ensure_relations(self.con, [made])
        return made

    def load(self, made: Contract) -> None:
        self.at += timedelta(hours=1)
        load_exports(self.con, self.exports, contracts=[made], loaded_at=self.at)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    exports = tmp_path / "exports"
    exports.mkdir()
    (tmp_path / "contracts").mkdir()
    con = empty_warehouse(tmp_path / "build.duckdb")
    yield Bench(con, exports, tmp_path / "contracts")
    con.close()


ROWS = "select ident, color, _row_number, _loaded_at, _delivery_no from raw_trial.things order by 1"


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_column_that_a_contract_gains_has_the_values_that_came_before(
    bench: Bench, is_gone: bool
) -> None:
    path = bench.put("a.csv", "ident,label,color\n1,x,red\n2,y,\n")
    bench.put("b.csv", "ident,label,color\n3,z,blue\n")
    bench.load(bench.stream())
    assert bench.ask("select _extra from raw_trial.things where ident = '1'") == [
        ('{"color":"red"}',)
    ]
    if is_gone:
        path.unlink()
    bench.load(bench.stream(column("color")))
    assert [row[:3] for row in bench.ask(ROWS)] == [
        ("1", "red", 1),
        ("2", None, 2),
        ("3", "blue", 1),
    ]
    assert {row[3] for row in bench.ask(ROWS)} == {NOON + timedelta(hours=1)}
    assert [row[4] for row in bench.ask(ROWS)] == [1, 1, 2], "a delivery keeps its place"
    assert bench.ask("select count(*) from ops.batches") == [(1,)]
    if is_gone:
        ((message,),) = bench.ask("select message from ops.files where path = 'a.csv'")
        assert message == "a.csv: color taken from _extra, where it was kept"
    before = bench.ask("select * from ops.files order by file_id")
    bench.load(bench.stream(column("color")))
    assert bench.ask("select * from ops.files order by file_id") == before


def test_a_copy_of_what_is_read_again_makes_no_batch(bench: Bench) -> None:
    for name in ("a.csv", "b.csv"):
        bench.put(name, "ident,label,color\n1,x,red\n")
    bench.load(bench.stream())
    bench.load(bench.stream(column("color")))
    assert bench.ask("select status from ops.files order by path") == [("loaded",), ("duplicate",)]
    assert bench.ask("select ident, color from raw_trial.things") == [("1", "red")]
    assert bench.ask("select count(*) from ops.batches") == [(1,)]


def test_hints_that_are_written_later_are_read_by(bench: Bench) -> None:
    made = bench.stream()
    (bench.exports / "a.csv").write_bytes("ident,label\n1,caf\u00e9\n2,tea\n".encode("cp1252"))
    bench.load(made)
    assert bench.ask("select rows_loaded, rows_rejected from ops.files") == [(1, 1)]
    bench.put("throughline.yml", "encoding: windows-1252\n")
    bench.load(made)
    assert bench.ask("select rows_loaded, rows_rejected from ops.files") == [(2, 0)]
    assert bench.ask("select count(*) from ops.rejected_rows") == [(0,)]
    assert bench.ask("select label from raw_trial.things order by ident") == [
        ("caf\u00e9",),
        ("tea",),
    ]


def test_what_cannot_be_read_by_other_rules_stays_as_it_was(bench: Bench) -> None:
    bench.put("a.csv", "ident,label\n1,x\n")
    bench.load(bench.stream())
    other = bench.stream(column("needed", required=True))
    bench.load(other)
    assert bench.ask("select ident, needed from raw_trial.things") == [("1", None)]
    ((status, message),) = bench.ask("select status, message from ops.files")
    assert status == "loaded"
    assert "by them it cannot be read" in message
    assert "What was read of it before stays" in message


def test_what_cannot_be_read_again_since_it_is_gone_is_said(bench: Bench) -> None:
    path = bench.put("a.csv", "ident,label\n1,x\nSum,9\n")
    bench.put("b.csv", "ident,label\n2,y\nSum,9\n")
    bench.load(bench.stream())
    path.unlink()
    os.utime(bench.exports / "b.csv")
    made = bench.stream(skipRows={"cell_starts": ["Sum"]})
    for rows in (2, 1, 1):
        bench.load(made)
        assert bench.ask(
            "select path, rows_loaded, message from ops.files where status = 'loaded' order by path"
        ) == [("a.csv", 2, f"a.csv: {GONE}"), ("b.csv", rows, None)], "a touched file is not gone"


def test_a_stream_or_a_folder_is_read_again_when_asked(bench: Bench) -> None:
    made = bench.stream()
    bench.put("one/a.csv", "ident,label\n1,x\n")
    bench.put("two/b.csv", "ident,label\n2,y\n")
    bench.load(made)
    first = bench.ask("select path, file_id from ops.files order by path")
    assert [line.path for line in ask_again(bench.con, "one")] == ["one/a.csv"]
    bench.load(made)
    second = dict(bench.ask("select path, file_id from ops.files"))
    assert second["two/b.csv"] == dict(first)["two/b.csv"]
    assert second["one/a.csv"] != dict(first)["one/a.csv"]
    assert len(ask_again(bench.con, "trial.things")) == 2
    bench.load(made)
    assert bench.ask("select count(*), count(distinct ident) from raw_trial.things") == [(2, 2)]
    with pytest.raises(UsageError, match="knows no file, folder or stream nobody"):
        ask_again(bench.con, "nobody")


def test_a_delivery_is_taken_back_and_the_one_before_counts(bench: Bench) -> None:
    made = bench.stream()
    bench.put("other.csv", "ident,label\n7,a\n8,b\n")
    path = bench.put("a.csv", "ident,label\n1,x\n2,y\n")
    bench.load(made)
    path.write_text("ident,label\n1,wrong\n2,wrong,too many\n")
    bench.load(made)
    bench.put("last.csv", "ident,label\n9,c\n")
    bench.load(made)
    taken = forget_delivery(bench.con, "exports/a.csv")
    assert (taken.row_count, taken.rejected_count) == (1, 1)
    assert bench.ask("select ident, label, _row_number from raw_trial.things order by ident") == [
        ("1", "x", 1),
        ("2", "y", 2),
        ("7", "a", 1),
        ("8", "b", 2),
        ("9", "c", 1),
    ]
    assert bench.ask("select count(*) from ops.rejected_rows") == [(0,)]
    bench.con.execute("checkpoint")
    bench.put("more.csv", "ident,label\n5,d\n6,e\n")
    path.unlink()
    bench.load(made)
    assert bench.ask(
        "select ident, _row_number from raw_trial.things where ident in ('5', '6', '9') order by 1"
    ) == [("5", 1), ("6", 2), ("9", 1)]


def test_an_archive_is_taken_back_with_what_was_read_of_it_again(bench: Bench) -> None:
    made = bench.stream()
    for label in ("x", "y"):
        with zipfile.ZipFile(bench.exports / "all.zip", "w") as archive:
            archive.writestr("a.csv", f"ident,label,color\n1,{label},red\n")
        bench.load(made)
    made = bench.stream(column("color"))
    bench.load(made)
    assert bench.ask("select label, color from raw_trial.things order by 1") == [
        *(("x", "red"), ("y", "red")),
    ]
    taken = forget_delivery(bench.con, "all.zip")
    assert sorted(line.path for line in taken.lines) == ["all.zip", "all.zip/a.csv"]
    assert bench.ask("select label from raw_trial.things") == [("x",)]


def test_a_name_that_bytes_were_renamed_to_is_theirs(bench: Bench) -> None:
    made = bench.stream()
    path = bench.put("a.csv", "ident,label\n1,x\n")
    bench.load(made)
    path.rename(bench.exports / "b.csv")
    bench.load(made)
    taken = forget_delivery(bench.con, "b.csv")
    assert sorted(line.path for line in taken.lines) == ["a.csv", "b.csv"]
    assert bench.ask("select count(*) from raw_trial.things") == [(0,)]


def test_a_refused_file_is_forgotten_without_what_came_before(bench: Bench) -> None:
    made = bench.stream()
    path = bench.put("a.csv", "ident,label\n1,x\n")
    bench.load(made)
    path.write_text("<html>an error page</html>")
    bench.load(made)
    assert forget_delivery(bench.con, "a.csv").is_refused
    assert bench.ask("select status from ops.files") == [("loaded",)]


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    exports, home = tmp_path / "exports", tmp_path / "home"
    exports.mkdir()
    (exports / "companies.csv").write_text(
        "Record ID,Company name,Company Domain Name\n1,Alpha,alpha.example\n"
    )
    home.mkdir()
    empty_warehouse(home / "build.duckdb").close()
    with connect(home / "build.duckdb") as con:
        load_exports(con, exports, contracts=load_contracts(), loaded_at=NOON)
    run = CliRunner()
    named = ["--exports", str(exports), "--home", str(home), "--json"]
    result = run.invoke(app, ["reload", "hubspot.companies", *named])
    assert json.loads(result.stdout)["again"] == ["companies.csv"]
    (exports / "companies.csv").unlink()
    result = run.invoke(app, ["reload", "companies.csv", *named])
    assert json.loads(result.stdout)["gone"] == ["companies.csv"]
    result = run.invoke(app, ["forget", "companies.csv", "--home", str(home)])
    assert "1 rows and 0 of the quarantine" in result.stdout
    for command in (["forget", "companies.csv"], ["reload", "companies.csv"]):
        result = run.invoke(app, [*command, "--home", str(home)])
        assert isinstance(result.exception, UsageError)
        result = run.invoke(app, [*command, "--home", str(tmp_path / "nowhere")])
        assert "holds no warehouse" in str(result.exception)
