"""The site as a whole: every page of one release, put in place at once."""

from __future__ import annotations

import logging
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.environment import cause_of
from pipelines.project import project
from pipelines.publish import opened, published_path, release_path
from pipelines.publish.release import has_table
from pipelines.queries import READABLE, write_whole
from pipelines.settings import Settings, UsageError, utc_text
from pipelines.site.pages import SHIPPED, Page, find_pages, page_folders
from pipelines.site.place import OPEN, placed
from pipelines.site.render import KEY, Renderer
from pipelines.transform.manifest import mart_sources
from pipelines.transform.project import attribution_models, project_vars

# The library that draws: its wheel has the file, nothing else of it is used.
LIBRARY = "plotly.min.js"
# The last thing that it does is to set up each kind of trace that it knows: maps and three
# dimensions are most of the time until the first chart. Ours need those at these places of its
# list, beside the lines that it always has; tests/browser holds them to it.
ALL_TRACES = re.compile(r"(?<=\.register\(\[)(?:\w+\(\),){46}\w+\(\)(?=\]\))")
TRACES = {"bar": 0, "heatmap": 2, "waterfall": 10, "sankey": 33}
ASSETS = ("site.css", "site.js")
FILE_NAME = re.compile(r"[A-Za-z0-9_-]+")
# Beside the pages: which release they are of.
RELEASE_NOTE = "release"
# What `throughline docs` makes beside the site, by what a page calls it.
DOCUMENTS = {
    "dbt.html": "every relation and column",
    "lineage.html": "which column is of which",
    "checks/index.html": "what each check found",
}

CHECKED = ("quality", "fct_quality_results")
CHECKS_SQL = f"""
    select dimension, count(*), count(*) filter (where is_success)
    from {".".join(CHECKED)} group by dimension
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Site:
    """A site that was built.

    Attributes:
        path: the folder to open.
        release_id: of the release that it shows.
        page_count: how many pages it has.
        seconds: how long it took.
    """

    path: Path
    release_id: str
    page_count: int
    seconds: float

    @property
    def index(self) -> Path:
        """The page to begin with."""
        return self.path / "index.html"


def build_site(settings: Settings, out: Path | None = None) -> Site:
    """Build the site of the release that readers see, and put it in place of the one before.

    Args:
        settings: where the warehouse lives.
        out: the folder; `<home>/site`, if left out.

    Raises:
        UsageError: there is no release, a page cannot be made, or the folder is somebody else's.
    """
    started = time.monotonic()
    release = published_path(settings.home)
    if not release.exists():
        raise UsageError(
            f"{settings.home} holds no published release to show; make one with `throughline run`"
        )
    out = out or settings.site_dir
    with placed(out) as made:
        release_id, count = _write(settings, release, made)
    return Site(out, release_id, count, time.monotonic() - started)


def try_site(settings: Settings) -> str | None:
    """Build the site where it is no reason for anything else to fail.

    Returns:
        Why there is none of the release in front, in a sentence; None where there is.
    """
    try:
        site = build_site(settings)
    except Exception as error:
        # Readers have their release, whatever a page is like.
        logger.debug("the site", exc_info=True)
        reason = str(error) if isinstance(error, UsageError) else cause_of(error)
        said = f"the site could not be built: {reason}; mend it, then `throughline site`"
        logger.warning("%s", said)
        return said
    logger.info("site of %d pages: %.1f s", site.page_count, site.seconds)
    return None


def site_index(home: Path, release_id: str) -> Path | None:
    """The page to begin with, of a site that shows this release; None if there is none."""
    folder = Settings(home, home).site_dir
    note = folder / RELEASE_NOTE
    if note.is_file() and note.read_text(encoding="utf-8") == release_id:
        return folder / "index.html"
    return None


def _write(settings: Settings, release: Path, made: Path) -> tuple[str, int]:
    folders = page_folders()
    pages = find_pages(folders)
    with opened(release) as con:
        _tell_lineage(con)
        _tell_checks(con, settings.home)
        renderer = Renderer(con, folders, _known(), {})
        about = renderer.rows(pages[0], "release")[0]
        menu = [page for page in pages if not page.each]
        names = {page.name: f"{page.name}.html" for page in menu}
        names[menu[0].name] = "index.html"
        company = project().company
        renderer.shown = {
            "company": company.name if company and company.name else "",
            "currency": project_vars()["reporting_currency"],
            "zone": project_vars()["reporting_time_zone"],
            "release_id": about["release_id"],
            "as_of": about["as_of_at"],
            "as_of_text": utc_text(about["as_of_at"].replace(microsecond=0)),
            "menu": menu,
            "names": names,
            "documents": {
                f"../{settings.docs_dir.name}/{name}": title
                for name, title in DOCUMENTS.items()
                if (settings.docs_dir / name).exists()
            },
        }
        count = 0
        for page in pages:
            count += _write_page(renderer, page, names, made)
    for name in ASSETS:
        write_whole(made / name, (SHIPPED / name).read_text(encoding="utf-8"))
    write_whole(made / RELEASE_NOTE, about["release_id"])
    library = library_file()
    write_whole(made / LIBRARY, with_our_traces(library.read_text(encoding="utf-8")))
    # As old as it is: a browser that has it need not get it again with each release.
    shutil.copystat(library, made / LIBRARY)
    (made / LIBRARY).chmod(READABLE)
    return about["release_id"], count


def _tell_lineage(con: duckdb.DuckDBPyConnection) -> None:
    """temp.mart_streams: which streams each mart is made of; meta.files has the files of each."""
    con.execute(
        "create temp table mart_streams"
        " (schema_name varchar, table_name varchar, source varchar, stream varchar)"
    )
    rows = {
        (schema, table, re.sub("^(raw|current)_", "", source), stream)
        for (schema, table), streams in mart_sources().items()
        for source, stream in streams
    }
    if rows:
        con.execute(
            "insert into temp.mart_streams select unnest(?), unnest(?), unnest(?), unnest(?)",
            list(map(list, zip(*sorted(rows), strict=True))),
        )


def _tell_checks(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """temp.release_checks: what the checks of each kept release found, but for those withdrawn."""
    con.execute(
        "create temp table release_checks (release_id varchar, as_of_at timestamp,"
        " published_at timestamp, dimension varchar, checks bigint, held bigint)"
    )
    # The readers' file says which others are kept: to look into each for that costs as much again.
    kept = con.execute(
        "select release_id, as_of_at, published_at, status = 'published' from meta.releases"
        " where status <> 'withdrawn' order by published_at, release_id"
    ).fetchall()
    for *about, is_in_front in kept:
        path = published_path(home) if is_in_front else release_path(home, about[0])
        for row in _checks(path):
            con.execute("insert into temp.release_checks values (?, ?, ?, ?, ?, ?)", [*about, *row])


def _checks(path: Path) -> list[tuple[Any, ...]]:
    """What the checks of a release found; nothing of one that is no longer there, or damaged."""
    if not path.exists():
        return []
    try:
        with opened(path) as con:
            return con.execute(CHECKS_SQL).fetchall() if has_table(con, *CHECKED) else []
    except UsageError as error:
        logger.warning("%s", error)
        return []


def _write_page(renderer: Renderer, page: Page, names: Mapping[str, str], made: Path) -> int:
    confidence = _confidence(renderer, page)
    if not page.each:
        html = renderer.page(page, root="", confidence=confidence)
        write_whole(made / names[page.name], html)
        return 1
    (made / page.name).mkdir()
    (made / page.name).chmod(OPEN)
    rows = renderer.rows(page, page.each)
    for row in rows:
        key = row[KEY]
        if not FILE_NAME.fullmatch(str(key)):
            raise UsageError(f"page {page.name}: {key!r} of {page.each}.sql can name no file")
        html = renderer.page(page, key, root="../", confidence=confidence, about=row)
        write_whole(made / page.name / f"{key}.html", html)
    return len(rows)


def _confidence(renderer: Renderer, page: Page) -> dict[str, Any] | None:
    rows: Sequence[dict[str, Any]] = renderer.rows(page, "confidence")
    return next((row for row in rows if row["page"] == page.confidence), None)


def _known() -> dict[str, Any]:
    """What a query may ask for beside the release."""
    rules = project_vars()
    return {
        "zone": rules["reporting_time_zone"],
        "currency": rules["reporting_currency"].lower(),
        "gross_margin_rate": rules["gross_margin_rate"],
        "models": list(attribution_models()),
    }


def with_our_traces(library: str) -> str:
    """The library without the kinds of trace that no chart here is of; as it is if it is another.

    It says itself which it has: of another version the list may be in another order, and all of
    them are then kept.
    """
    if "plotly.js v4.1.1\n" not in library[:200]:
        return library

    def ours(found: re.Match[str]) -> str:
        traces = found[0].split(",")
        return ",".join(traces[place] for place in TRACES.values())

    return ALL_TRACES.sub(ours, library)


def library_file() -> Path:
    """The library's file in the installed package; its Python, which is large, is not imported."""
    spec = find_spec("plotly")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(place) / "package_data" / LIBRARY
        if path.is_file():
            return path
    raise UsageError(f"the package plotly, which has {LIBRARY}, is not installed: install it again")
