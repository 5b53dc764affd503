"""`throughline contract`: drafts from files as vendors write them, and what check refuses."""

import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    Description,
    EnumValue,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
    ServiceLevelAgreementProperty,
    Synonym,
    Team,
)
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.ingest import load_contracts, load_exports
from pipelines.ingest.contract import (
    DOCUMENT,
    FIELD,
    STREAM,
    Contract,
    ContractError,
    read_contract,
)
from pipelines.ingest.document import stale_page
from pipelines.ingest.draft import draft_contracts
from pipelines.ingest.messages import reason_of
from pipelines.ingest.relations import ensure_relations, set_clock
from pipelines.ingest.validate import problems
from pipelines.project import project
from pipelines.settings import UsageError
from pipelines.strict import NAMED_ITEM
from tests.warehouse import empty_warehouse

PODCAST = """Podcast ads report
"August 1, 2026 - August 31, 2026"

Air date,Show,Episode ID,Spend (USD),Clicks,Host e-mail,Notes,Notes
31/08/2026,The Daily Bolt,0012,"1.200,50",--,host@bolt.example,first,x
01/08/2026,Ops Weekly,0013,"800,00",12,kim@ops.example,"two
lines",
02/08/2026,Ops Weekly,0014,"99,90",n/a,kim@ops.example,,
Total,,,"2.100,40",15,,,
"""


@pytest.fixture
def podcast(tmp_path: Path) -> Path:
    path = tmp_path / "podcast.csv"
    path.write_text(PODCAST)
    return path


def test_a_draft_says_what_the_values_say(podcast: Path) -> None:
    (draft,) = draft_contracts(podcast, "podcasts", "ads")
    columns = {column.name: column for column in draft.columns}
    assert {name: column.logical_type for name, column in columns.items()} == {
        "air_date": "date",
        "show": "string",
        "episode_id": "string",
        "spend_usd": "number",
        "clicks": "integer",
        "host_e_mail": "string",
        "notes": "array",
    }
    assert [c.name for c in draft.columns if c.key_position] == ["episode_id"]
    assert [c.name for c in draft.columns if c.is_pii] == ["host_e_mail"]
    assert [c.name for c in draft.columns if c.is_required] == ["air_date", "show", "episode_id"]
    assert columns["notes"].repeats
    assert draft.preamble == {"period_line": 2}
    assert draft.total_labels == ("Total",)
    assert draft.null_markers == ("--", "n/a")
    assert draft.is_localised
    assert "host@bolt.example" not in draft.text


@pytest.mark.parametrize(
    ("name", "content", "types", "key"),
    [
        (
            "u.csv",
            "Report\nStart\t2026-08-01\nEnd\t2026-08-31\n\nDay\tCampaign\tCost\n"
            "2026-08-01\tÄ\t1.5\n2026-08-02\tÄ\t2.5\n",
            {"day": "date", "campaign": "string", "cost": "number"},
            [],
        ),
        (
            "lines.jsonl",
            '{"id": "1", "tags": ["a"]}\n{"id": "2", "createdAt": "2026-08-01T00:00:00Z"}\n',
            {"id": "string", "tags": "array", "created_at": "timestamp"},
            ["id"],
        ),
        (
            "pages.json",
            '{"next": 1, "items": [{"id": "1", "o": {"a": 1}}, {"id": "2"}]}',
            {"id": "string", "o": "object"},
            ["id"],
        ),
        (
            "array.json",
            '[{"id": "1", "n": 2}, {"id": "2"}]',
            {"id": "string", "n": "integer"},
            ["id"],
        ),
    ],
)
def test_every_shape_is_drafted(
    tmp_path: Path, name: str, content: str, types: dict[str, str], key: list[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode("utf-16" if name == "u.csv" else "utf-8"))
    (draft,) = draft_contracts(path, None, None)
    assert {column.name: column.logical_type for column in draft.columns} == types
    assert [column.name for column in draft.columns if column.key_position] == key


@pytest.mark.parametrize(("odd", "kind"), [(0, "integer"), (1, "integer"), (2, "string")])
def test_a_column_is_what_nine_of_ten_values_are(tmp_path: Path, odd: int, kind: str) -> None:
    path = tmp_path / "visits.csv"
    values = [*map(str, range(10 - odd)), *["many"] * odd]
    path.write_text(
        "Day,Visits\n" + "".join(f"2026-08-{n + 1:02},{v}\n" for n, v in enumerate(values))
    )
    (draft,) = draft_contracts(path, "trial", "visits")
    (visits,) = (column for column in draft.columns if column.name == "visits")
    assert visits.logical_type == kind
    told = f"{odd} of 10 values are no integer"
    assert (told in visits.checks) == (odd == 1)


@pytest.mark.parametrize(
    "amounts",
    [
        ("R$ 1.000", "R$ 12,50"),
        ("CA$1,000.50", "-CA$3.00"),
        ("1.000,00 kr", "kr 100"),
        ("12,50 zł", "1 000,00 zł"),
        ("1,000.00 USD", "USD 12"),
        ("CHF 12.50", "$-5.00"),
    ],
)
def test_an_amount_is_one_in_any_currency(tmp_path: Path, amounts: tuple[str, ...]) -> None:
    path = tmp_path / "costs.csv"
    path.write_text("Slot;Cost\n" + "".join(f"ad {n};{a}\n" for n, a in enumerate(amounts)))
    (draft,) = draft_contracts(path, "trial", "costs")
    assert {c.name: c.logical_type for c in draft.columns} == {"slot": "string", "cost": "number"}


@pytest.mark.parametrize(
    ("lines", "preamble"),
    [
        # A header followed by empty cells is a header; a title padded by a spreadsheet is none.
        (["Show,Spend,,,", "The Daily Bolt,1.50,,,", "Ops Weekly,2.50,,,"], 0),
        (["Podcast report,,,,", ",,,,", "Show,Spend,,,", "Ops Weekly,2.50,,,"], 2),
        (["Show,Spend,Notes,Host,Guest", "Ops Weekly,2.50,,,", "The Bolt,1,,,"], 0),
    ],
)
def test_the_header_is_the_line_that_names_what_is_filled(
    tmp_path: Path, lines: list[str], preamble: int
) -> None:
    path = tmp_path / "padded.csv"
    path.write_text("\n".join(lines) + "\n")
    (draft,) = draft_contracts(path, "trial", "padded")
    assert (draft.layout, draft.rows) == ("table", len(lines) - preamble - 1)
    assert [c.name for c in draft.columns][:2] == ["show", "spend"]


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        # Two months of one advertiser: the same day twice. And a few rows, which prove nothing.
        ([f"2026-08-{day:02},Pods,{day % 3}" for day in (*range(1, 29), *range(1, 29))], []),
        (["2026-08-01,Pods,1", "2026-08-02,Pods,2"], []),
        ([f"2026-08-{day:02},Pods,{day % 3}" for day in range(1, 29)], ["day"]),
    ],
)
def test_no_row_is_dropped_by_a_key_that_nobody_has_seen(
    tmp_path: Path, rows: list[str], key: list[str]
) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    path = exports / "spots.csv"
    path.write_text("\n".join(["Day,Show,Spots", *rows]) + "\n")
    (draft,) = draft_contracts(path, "pods", "spots")
    assert [c.name for c in draft.columns if c.key_position] == key
    (tmp_path / "pods").mkdir()
    (tmp_path / "pods" / "spots.yml").write_text(draft.text)
    contract = read_contract(tmp_path / "pods" / "spots.yml")
    assert contract.replaces.columns == tuple(key)
    with empty_warehouse(tmp_path / "build.duckdb") as con:
        ensure_relations(con, [contract])
        load_exports(con, exports, contracts=[contract], loaded_at=datetime(2026, 9, 1))
        set_clock(con, datetime(2026, 9, 1))
        ((kept,),) = con.execute("select count(*) from current_pods.spots").fetchall()
    assert kept == len(rows)


def test_a_path_is_drafted_as_the_ledger_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "exports" / "pods").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "exports" / "pods" / "all.zip", "w") as archive:
        archive.writestr("2026/ads.csv", PODCAST)
        archive.writestr("2026/notes.csv", "a,b\n1,2\n")
    monkeypatch.chdir(tmp_path)
    (draft,) = draft_contracts(Path("pods/all.zip/2026/ads.csv"), "pods", "ads")
    assert draft.columns[0].name == "air_date"
    with pytest.raises(UsageError, match=r"all.zip holds no other.csv$"):
        draft_contracts(Path("pods/all.zip/other.csv"), "pods", "ads")


def test_duckdb_s_options_are_not_for_people() -> None:
    with pytest.raises(duckdb.Error) as failed:
        duckdb.sql("from read_csv('/dev/null/nothing', columns = {'a': 'int'}, header = true)")
    assert "\n" not in reason_of(failed.value)
    with pytest.raises(duckdb.Error) as broken:
        duckdb.sql(
            f"from read_csv('{__file__}', columns = {{'a': 'int'}}, auto_detect = false)"
        ).fetchall()
    assert "Possible" in str(broken.value)
    said = reason_of(broken.value)
    assert "Error" in said
    assert "Possible" not in said
    assert "delimiter" not in said


def test_parquet_is_drafted(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    duckdb.sql(f"copy (select 1 as id, date '2026-01-01' as day) to '{path}'")
    (draft,) = draft_contracts(path, None, None)
    assert [(c.name, c.logical_type) for c in draft.columns] == [("id", "string"), ("day", "date")]


def test_a_draft_marks_what_is_doubtful_and_no_more(tmp_path: Path) -> None:
    """A visit log as Matomo's API writes it: its id is the key, though its time is unique, too."""
    path = tmp_path / "visits.csv"
    columns = [
        "idVisit",
        "serverTimestamp",
        "visitIp",
        "actions",
        *(f"field{n}" for n in range(60)),
    ]
    rows = [
        [str(1000 + n), f"2026-08-{n + 1:02} 09:00:00", f"84.132.{n}.0", "3", *["x"] * 59, ""]
        for n in range(25)
    ]
    path.write_text("\n".join(",".join(row) for row in (columns, *rows)) + "\n")
    (draft,) = draft_contracts(path, "matomo", "visits")
    assert [c.name for c in draft.columns if c.key_position] == ["id_visit"]
    types = {c.name: c.logical_type for c in draft.columns}
    assert (types["visit_ip"], types["actions"], types["field59"]) == (
        "string",
        "integer",
        "string",
    )
    assert [c.name for c in draft.columns if c.is_pii] == ["visit_ip"]
    assert [c.name for c in draft.columns if c.checks] == []
    assert draft.text.count("# check:") <= 6


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x00\x00"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="expected a table"):
        draft_contracts(path, None, None)


def test_new_never_overwrites_unless_forced(podcast: Path, tmp_path: Path) -> None:
    command = ["contract", "new", str(podcast), "--source", "pods", "--stream", "ads"]
    command += ["--out", str(tmp_path / "out")]
    assert CliRunner().invoke(app, command).exit_code == 0
    written = tmp_path / "out" / "pods" / "ads.yml"
    assert read_contract(written).name == "pods.ads"
    written.write_text("mine")
    assert isinstance(CliRunner().invoke(app, command).exception, UsageError)
    assert written.read_text() == "mine"
    assert CliRunner().invoke(app, [*command, "--force"]).exit_code == 0


def test_the_contracts_of_the_project_are_usable() -> None:
    assert problems(project().contracts, project().staging) == []


def test_check_names_each_fault_once(podcast: Path, tmp_path: Path) -> None:
    folder, staging = tmp_path / "contracts" / "pods", tmp_path / "staging"
    folder.mkdir(parents=True)
    (draft,) = draft_contracts(podcast, "pods", "ads")
    (folder / "ads.yml").write_text(draft.text)
    document = yaml.safe_load(draft.text)
    document["id"], document["schema"][0]["name"] = "pods.other", "copy"
    document["schema"][0]["properties"][0]["description"] = ""
    (folder / "copy.yml").write_text(yaml.safe_dump(document))
    shutil.copy(folder / "ads.yml", folder / "broken.yml")
    (folder / "broken.yml").write_text("schema: []")
    found = "\n".join(problems(tmp_path / "contracts", staging))
    for fault in (
        "marks `# check:` are left",
        "id is 'pods.other', expected 'pods.copy'",
        "physicalName is 'raw_pods.ads', expected 'raw_pods.copy'",
        "broken.yml: ",
        "not described: air_date",
        "run throughline contract docs",
        "pods.ads: no staging model reads it",
        "pods.ads and pods.copy: their required columns do not tell them apart",
    ):
        assert fault in found, fault


# A slip in a contract, and what must be said of it: where, what is expected, the nearest name.
SPEND = "schema[ads].properties[spend]"
SLIPS = {
    "  - property: skipRows\n": (
        "  - property: skipRow\n",
        "customProperties.skipRow: no such name, expected one of delivery, feeds, format",
        "did you mean skipRows?",
    ),
    "cell_starts": ("cell_start", "customProperties.skipRows.cell_start: no such name"),
    "value: per_file": ("value: per file", "customProperties.locale is 'per file', expected"),
    "[spend]": ("[spent]", "customProperties.replaces.by: 'spent' is no column, expected spend"),
    "by: [spend], ": ("", "customProperties.replaces: expected by, the columns, and unit"),
    "unit: row": ("unit: rows", "customProperties.replaces.unit is 'rows', expected one of"),
    "unit: h": ("unit: d", "slaProperties[latency].unit is 'd', expected h"),
    "latency": ("latencey", "slaProperties[latencey].property is 'latencey', expected latency"),
    "value: 48": ("value: soon", "slaProperties[latency].value is 'soon', expected a whole num"),
    "reloadDays\n    value: 3": ("reloadDays\n    value: true", "reloadDays is True, expected a"),
    "primaryKey: true": (
        "primaryKye: true",
        f"{SPEND}.primaryKye: no such name, expected one of",
        "did you mean primaryKey?",
    ),
    "primaryKeyPosition: 1": ("primaryKeyPosition: 2", "expected a primaryKeyPosition with each"),
    "classification: pii": (
        "classificatoin: pii",
        f"{SPEND}.classificatoin: no such name",
        "did you mean classification?",
    ),
    ": pii": (": PII", f"{SPEND}.classification is 'PII', expected pii"),
    "logicalType: number": ("logicalType: float", f"{SPEND}.logicalType is 'float', expected one"),
    "pattern:": ("patern:", f"{SPEND}.logicalTypeOptions.patern: no such name, expected one of"),
    "[0-9.]+": ("[0-9.", f"{SPEND}.logicalTypeOptions.pattern is '[0-9.', expected a regular"),
    "required: true": ("required: 'yes'", f"{SPEND}.required is 'yes', expected true or false"),
    "- synonym:": ("- synonyme:", f"{SPEND}.synonyms[0].synonyme: no such name"),
    "property: repeats": (
        "property: repeat",
        f"{SPEND}.customProperties.repeat: no such name",
        "did you mean repeats?",
    ),
    "name: spend\n": ("name: spend\n        name: cost\n", "name stands there twice"),
    "usage: x": ("useage: x", "description.useage: no such name", "did you mean usage?"),
    "    physicalName": (
        "    customProperties: []\n    physicalName",
        "schema[ads].customProperties: no such name",
    ),
}
NO_SLIP = """apiVersion: v3.2.0
kind: DataContract
id: trial.ads
name: Ads
version: 1.0.0
status: active
tags: [ads]
description: {purpose: x, usage: x}
team: {name: Paid media}
slaProperties:
  - property: latency
    value: 48
    unit: h
customProperties:
  - property: format
    value: csv
  - property: skipRows
    value: {cell_starts: [Total]}
  - property: locale
    value: per_file
  - property: reloadDays
    value: 3
  - property: replaces
    value: {by: [spend], unit: row}
schema:
  - name: ads
    physicalName: raw_trial.ads
    dataGranularityDescription: One row per ad.
    properties:
      - name: spend
        businessName: Spend
        description: "-"
        logicalType: number
        logicalTypeOptions: {pattern: "[0-9.]+"}
        primaryKey: true
        primaryKeyPosition: 1
        required: true
        classification: pii
        synonyms:
          - synonym: Cost
        customProperties:
          - property: repeats
            value: false
"""


def test_what_nothing_reads_of_the_standard_may_stand_in_a_contract(tmp_path: Path) -> None:
    assert _read_as_contract(tmp_path, NO_SLIP).reload_days == 3


@pytest.mark.parametrize("right", SLIPS)
def test_a_slip_is_refused_and_its_place_is_named(tmp_path: Path, right: str) -> None:
    wrong, *said = SLIPS[right]
    assert right in NO_SLIP
    with pytest.raises(ContractError) as refused:
        _read_as_contract(tmp_path, NO_SLIP.replace(right, wrong, 1))
    message = str(refused.value)
    assert "\n" not in message
    for words in (f"{tmp_path}/trial/ads.yml: ", *said):
        assert words in message


@pytest.mark.parametrize(
    "text", ["", "- 1", "schema: {}", "? [a]\n: b", "customProperties: [1]", "a: {"]
)
def test_what_is_no_contract_at_all_is_refused_in_a_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContractError) as refused:
        _read_as_contract(tmp_path, text)
    assert "\n" not in str(refused.value)


def test_check_knows_the_standard_where_nothing_else_reads(tmp_path: Path) -> None:
    slipped = NO_SLIP.replace("tags:", "servers: [{server: a, hots: b}]\ntags:")
    _read_as_contract(tmp_path, slipped)
    assert [p for p in problems(tmp_path, tmp_path) if "servers" in p] == [
        f"{tmp_path}/trial/ads.yml: servers[0].hots: the Open Data Contract Standard has no such"
        " key"
    ]


def _read_as_contract(folder: Path, text: str) -> Contract:
    path = folder / "trial" / "ads.yml"
    path.parent.mkdir()
    path.write_text(text)
    return read_contract(path)


def test_the_words_of_a_contract_are_the_standard_s() -> None:
    """Those of them that nothing reads, too: a contract of another tool's making is no slip."""
    wrong = [
        f"{model.__name__}.{word}"
        for keys, model in (
            (DOCUMENT, OpenDataContractStandard),
            (STREAM, SchemaObject),
            (FIELD, SchemaProperty),
            (DOCUMENT.read["description"].shape, Description),
            (DOCUMENT.read["team"].shape, Team),
            (DOCUMENT.read["slaProperties"].shape[0], ServiceLevelAgreementProperty),
            (FIELD.read["synonyms"].shape[0], Synonym),
            (FIELD.read["enum"].shape[0], EnumValue),
            (NAMED_ITEM, CustomProperty),
        )
        for word in {field.alias or name for name, field in model.model_fields.items()}
        ^ {*keys.read, *keys.unread}
        if word != "customProperties"
    ]
    assert wrong == []


def test_the_page_of_sources_marks_what_no_mart_reads(tmp_path: Path) -> None:
    streams = [c for c in load_contracts() if c.source == "templates"]
    page = tmp_path / "sources.md"
    (text,) = stale_page(streams, {("current_templates", "decisions")}, page).values()
    assert "| Campaign briefs | CSV | Fill in campaign_briefs.csv," in text
    assert "| Decisions † | CSV |" in text
    assert text.count("†") == 2, "one export, and what the mark means"
    page.write_text(text, encoding="utf-8")
    assert stale_page(streams, {("current_templates", "decisions")}, page) == {}
    assert stale_page(streams, set(), page) != {}, "a mart reads it now"
