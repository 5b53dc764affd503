"""Which pages there are: a folder each, ours and a company's own laid over them by name.

A page is `page.html.j2` and the queries beside it. Its first comment says, in YAML, what it is
called and where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipelines.project import project
from pipelines.settings import PROJECT_DIR, UsageError
from pipelines.strict import Key, Keys, load_yaml, read

SHIPPED = PROJECT_DIR / "dashboards" / "pages"
# The folder of a company's rules.
OWN = "pages"
TEMPLATE = "page.html.j2"
ABOUT = re.compile(r"\A\{#-?(.*?)-?#\}", re.DOTALL)
ABOUT_KEYS = Keys(
    {
        "title": Key(str),
        "group": Key(str),
        "order": Key(int),
        "question": Key(str),
        "confidence": Key(str, ""),
        "each": Key(str, ""),
    }
)


@dataclass(frozen=True)
class Page:
    """A page, as the first comment of its template has it.

    Attributes:
        name: of its folder.
        title: in the menu.
        group: under which it stands there.
        order: where; the first of all is index.html.
        question: that it answers, in a line.
        confidence: the page of quality.fct_report_confidence that tells how far to trust it.
        each: the query of whose rows each has a page of its own, named by its campaign_key; such
            pages are in no menu.
    """

    name: str
    title: str
    group: str
    order: int
    question: str
    confidence: str = ""
    each: str = ""


def page_folders() -> Sequence[Path]:
    """Where pages lie, a company's own first."""
    company = project().company
    own = [company.folder / OWN] if company and (company.folder / OWN).is_dir() else []
    return (*own, SHIPPED)


def find_pages(folders: Sequence[Path]) -> list[Page]:
    """Every page, in the order of the menu.

    Raises:
        UsageError: a template does not say what it is.
    """
    found: dict[str, Page] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*/{TEMPLATE}")):
            found.setdefault(path.parent.name, _page(path))
    return sorted(found.values(), key=lambda page: (page.order, page.name))


def find_file(folders: Sequence[Path], page: str, name: str) -> Path | None:
    """A file of a page, else of all pages; a company's own goes before ours."""
    for place in (f"{page}/{name}", name):
        for folder in folders:
            if (folder / place).is_file():
                return folder / place
    return None


def _page(path: Path) -> Page:
    about = ABOUT.match(path.read_text(encoding="utf-8"))
    if about is None:
        raise UsageError(f"{path}: line 1 opens no comment that says title, group, order, question")
    try:
        said, slips = read(load_yaml(about[1]) or {}, ABOUT_KEYS)
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: its first comment: {' '.join(str(error).split())}") from error
    if slips:
        raise UsageError(f"{path}: its first comment: {'; '.join(slips)}")
    return Page(path.parent.name, **said)
