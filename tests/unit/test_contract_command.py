"""`throughline contract`: drafts from files as vendors write them, and what check refuses."""

import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.ingest import load_contracts
from pipelines.ingest.contract import read_contract
from pipelines.ingest.document import stale_page
from pipelines.ingest.draft import draft_contracts
from pipelines.ingest.validate import problems
from pipelines.settings import CONTRACTS_DIR, STAGING_DIR, UsageError

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
            ["day"],
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


def test_parquet_is_drafted(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    duckdb.sql(f"copy (select 1 as id, date '2026-01-01' as day) to '{path}'")
    (draft,) = draft_contracts(path, None, None)
    assert [(c.name, c.logical_type) for c in draft.columns] == [("id", "string"), ("day", "date")]


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
    assert problems(CONTRACTS_DIR, STAGING_DIR) == []


def test_check_names_each_fault_once(podcast: Path, tmp_path: Path) -> None:
    folder, staging = tmp_path / "contracts" / "pods", tmp_path / "staging"
    folder.mkdir(parents=True)
    (draft,) = draft_contracts(podcast, "pods", "ads")
    (folder / "ads.yml").write_text(draft.text)
    document = yaml.safe_load(draft.text)
    document["id"], document["schema"][0]["name"] = "pods.other", "copy"
    document["colour"] = "red"
    (folder / "copy.yml").write_text(yaml.safe_dump(document))
    shutil.copy(folder / "ads.yml", folder / "broken.yml")
    (folder / "broken.yml").write_text("schema: []")
    found = "\n".join(problems(tmp_path / "contracts", staging))
    for fault in (
        "marks `# check:` are left",
        "id is 'pods.other', expected 'pods.copy'",
        "physicalName is 'raw_pods.ads', expected 'raw_pods.copy'",
        "colour",
        "broken.yml: ",
        "not described: air_date",
        "run throughline contract docs",
        "pods.ads: no staging model reads it",
        "pods.ads and pods.copy: their required columns do not tell them apart",
    ):
        assert fault in found, fault


def test_the_page_of_sources_marks_what_no_mart_reads(tmp_path: Path) -> None:
    streams = [c for c in load_contracts() if c.source == "templates"]
    page = tmp_path / "sources.md"
    (text,) = stale_page(streams, {("raw_templates", "decisions")}, page).values()
    assert "| Campaign briefs | CSV | Fill in campaign_briefs.csv," in text
    assert "| Decisions † | CSV |" in text
    assert text.count("†") == 2, "one export, and what the mark means"
    page.write_text(text, encoding="utf-8")
    assert stale_page(streams, {("raw_templates", "decisions")}, page) == {}
    assert stale_page(streams, set(), page) != {}, "a mart reads it now"
