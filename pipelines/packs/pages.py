"""A pack: the template of its meeting over the queries beside it, as Markdown and as a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from pipelines.packs.cadence import Ceremony, due_at, due_since, reporting_zone
from pipelines.personal import masked
from pipelines.project import project
from pipelines.publish import opened, published_path, published_release
from pipelines.queries import Rows, run_file, write_whole
from pipelines.settings import PROJECT_DIR, Settings, UsageError, utc_text

TEMPLATES = PROJECT_DIR / "dashboards" / "packs"
# What Markdown would not print as it stands; an underscore within a word means nothing.
MEANINGFUL = re.compile(r"[\\`*{}\[\]<>()#+!|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


@dataclass(frozen=True)
class Pack:
    """A pack that was made.

    Attributes:
        ceremony: the meeting.
        day: on which it is held.
        title: of the page.
        path: the page as text; the same as HTML lies beside it.
    """

    ceremony: Ceremony
    day: date
    title: str
    path: Path

    @property
    def page(self) -> Path:
        """The page that a browser shows."""
        return self.path.with_suffix(".html")


def make_pack(settings: Settings, ceremony: Ceremony, day: date) -> Pack:
    """Make the pack of a meeting, also where figures are bad: it says how far they can be trusted.

    What is already there of that meeting and day is replaced.

    Raises:
        UsageError: readers see no release yet.
    """
    release = published_release(settings.home)
    if release is None:
        raise UsageError(
            f"{settings.home} holds no published release to make a pack of; make one with"
            " `throughline run`"
        )
    until = due_at(ceremony, day)
    since_day = due_since(ceremony, day)
    since = due_at(ceremony, since_day)
    with opened(published_path(settings.home)) as con:
        markdown = _render(
            ceremony.template,
            partial(
                _query,
                con,
                {"since": since, "until": until, "day": day, "zone": str(reporting_zone())},
            ),
            title=ceremony.title,
            day=day,
            since_day=since_day,
            release_id=release.release_id,
            as_of=utc_text(release.as_of_at.replace(microsecond=0)),
            # Figures of days before the last meeting tell nothing of what happened since.
            is_stale=release.as_of_at < until - timedelta(days=1),
        )
    markdown = masked(markdown)
    title = f"{ceremony.title}, {day.isoformat()}"
    pack = Pack(ceremony, day, title, settings.packs_dir / f"{day}-{ceremony.name}.md")
    write_whole(pack.page, _page(title, markdown))
    write_whole(pack.path, markdown)
    return pack


def _query(con: duckdb.DuckDBPyConnection, known: dict[str, Any], name: str) -> Rows:
    """What a template calls to read: `query('agenda')` runs agenda.sql over the release."""
    return run_file(con, TEMPLATES / f"{name}.sql", known)


def _render(template: str, query: Callable[[str], Rows], **shown: Any) -> str:
    import jinja2  # noqa: PLC0415 - a run needs none of it

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Markdown, in which titles from trackers are taken literally: see _literally.
        autoescape=False,  # noqa: S701
        finalize=lambda value: "-" if value is None else value,
    )
    environment.filters |= {"text": _literally, "when": _when, "day": _day, "number": _number}
    company = project().company
    return environment.get_template(f"{template}.md.j2").render(
        query=query, company=company.name if company and company.name else None, **shown
    )


def _literally(value: object) -> str:
    """Somebody's words as they are, whatever they would mean in Markdown or HTML; one line."""
    if value is None:
        return "-"
    return MEANINGFUL.sub(r"\\\g<0>", " ".join(str(value).split()))


def _when(moment: datetime | None) -> str:
    """A naive UTC time as people of the reporting zone read it."""
    if moment is None:
        return "-"
    return moment.replace(tzinfo=UTC).astimezone(reporting_zone()).strftime("%a %d %b %H:%M")


def _day(moment: datetime | None) -> str:
    if moment is None:
        return "-"
    return moment.replace(tzinfo=UTC).astimezone(reporting_zone()).strftime("%a %d %b")


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _page(title: str, markdown: str) -> str:
    from html import escape  # noqa: PLC0415

    from markdown_it import MarkdownIt  # noqa: PLC0415

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    style = (TEMPLATES / "pack.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
