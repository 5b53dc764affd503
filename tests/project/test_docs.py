"""What the docs name is there: paths, models, make targets, commands."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from pipelines.cli import app
from pipelines.settings import PROJECT_DIR
from pipelines.transform.manifest import marts

DOCS = [
    *(
        PROJECT_DIR / name
        for name in ("README.md", "DECISIONS.md", "pipelines/contracts/README.md")
    ),
    *(PROJECT_DIR / "docs").glob("*.md"),
    *(PROJECT_DIR / name for name in ("expectations/framework.md", "benchmarks/truth.md")),
]
# Vendors that readers may add.
EXAMPLES = "podcast_ads|matomo"
TOP = sorted(path.name for path in PROJECT_DIR.iterdir() if not path.name.startswith("."))
MODELS = {path.stem for path in (PROJECT_DIR / "dbt_project" / "models").rglob("*.sql")}
# What runs leave behind, and what a reader's own files are called in an example.
MADE_BY_RUNS = ("warehouse/", "sample/", "target/", "exports/")


def quoted(text: str) -> list[str]:
    """What stands in backticks, without the blocks of commands."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def commands(text: str) -> list[str]:
    """What a reader may type: what stands in backticks, and the lines of blocks."""
    blocks = re.findall(r"```.*?```", text, flags=re.DOTALL)
    return [*quoted(text), *(line for block in blocks for line in block.splitlines())]


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.relative_to(PROJECT_DIR).as_posix())
def test_links_and_paths_lead_somewhere(doc: Path) -> None:
    text = doc.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    lost = [link for link in links if not (doc.parent / link).exists()]
    for name in quoted(text):
        path = name.split(":")[0]
        is_ours = "/" in path and path.split("/")[0] in TOP and not path.startswith(MADE_BY_RUNS)
        if is_ours and not re.search(rf"[<>… ]|NAME|{EXAMPLES}", path):
            lost += [] if any(PROJECT_DIR.glob(path.rstrip("/"))) else [path]
    assert lost == []


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.relative_to(PROJECT_DIR).as_posix())
def test_models_that_are_named_exist(doc: Path) -> None:
    named = set(re.findall(r"\b(?:fct|dim|int)_[a-z0-9_]+\b(?![*(])", doc.read_text("utf-8")))
    unknown = {name for name in named if name not in MODELS}
    assert {name for name in unknown if not re.search(EXAMPLES, name)} == set()


def test_the_readme_names_every_mart() -> None:
    readme = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
    assert [mart for _, mart in marts() if not re.search(rf"\b{mart}\b", readme)] == []


def test_commands_that_are_named_exist() -> None:
    makefile = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    known = set(getattr(get_command(app), "commands"))  # noqa: B009 - click's groups have it
    for doc in DOCS:
        typed = commands(doc.read_text(encoding="utf-8"))
        made = [re.match(r"make ([a-z -]+)", line) for line in typed]
        assert {word for found in made if found for word in found[1].split()} <= targets, doc.name
        run = [re.match(r"(?:\.venv/bin/)?throughline ([a-z]+)", line) for line in typed]
        assert {found[1] for found in run if found} <= known, doc.name
