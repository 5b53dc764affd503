"""`throughline templates`: tables and forms, and nothing that was filled in is overwritten."""

import re
from pathlib import Path

from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.forms import FORMS, write_templates
from pipelines.project import project


def test_tables_and_forms_are_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "to fill in"
    result = CliRunner().invoke(app, ["templates", str(folder)])
    assert result.exit_code == 0
    tables = {path.name for path in (project().contracts / "templates").glob("*.csv")}
    assert "campaign_briefs.csv" in tables
    assert {path.name for path in folder.iterdir()} == tables | {
        path.name for path in FORMS.glob("*.md")
    }
    header = "brief_id,version,utm_campaign"
    assert (folder / "campaign_briefs.csv").read_text().startswith(header)

    (folder / "brief.md").write_text("filled in")
    (folder / "raci.md").unlink()
    assert write_templates(folder) == [folder / "raci.md"]
    assert (folder / "brief.md").read_text() == "filled in"


def test_the_page_about_them_names_every_form_and_tables_that_are_there() -> None:
    rows = [line for line in (FORMS / "README.md").read_text().splitlines() if ".md`" in line]
    named = {re.findall(r"`(\w+\.md)`", row)[0] for row in rows if row.startswith("| `")}
    assert named == {path.name for path in FORMS.glob("*.md")} - {"README.md"}
    tables = {table for row in rows for table in re.findall(r"`(\w+\.csv)`", row)}
    assert all((project().contracts / "templates" / table).exists() for table in tables)


def test_the_launch_checklist_asks_what_the_seed_asks() -> None:
    asked = re.findall(
        r"^\| (\w+) \| (.+\?) \|$", (FORMS / "launch_checklist.md").read_text(), re.M
    )
    items = {
        row["qa_check"]: row["question"]
        for row in project().seed_rows("campaigns", "qa_checklist_items")
    }
    assert {check: question for check, question in asked if check != "tracking"} == items
