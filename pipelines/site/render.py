"""A page's template over its queries, as HTML. What data says is escaped, wherever it stands."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from markupsafe import Markup, escape

from pipelines.compiled import compiled_templates
from pipelines.queries import Rows, run_file
from pipelines.settings import UsageError
from pipelines.site.figures import as_json, column, figure_data, plain
from pipelines.site.pages import SHIPPED, TEMPLATE, Page, find_file
from pipelines.sql import quoted
from pipelines.strict import one_of

# How a number reads until the browser writes it as its reader is used to.
FORMATS: Mapping[str, str] = {
    "number": "{:,.0f}",
    "decimal": "{:,.1f}",
    "money": "{:,.0f}",
    "cents": "{:,.2f}",
    "percent": "{:.0%}",
    "of100": "{:,.1f} %",
    "points": "{:+.1f}",
    "times": "{:.2f}",
    "days": "{:,.0f} days",
    "hours": "{:,.0f} hours",
}
UNKNOWN = "–"  # noqa: RUF001 - an en dash is meant
# The column whose value names a page of its own, where a page has one each.
KEY = "campaign_key"
VIEW = ".view.sql"


# What a template can have wrong: it is people's own, and no bug of ours.
SLIPS = (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError)


@dataclass
class Renderer:
    """Pages over one release.

    Attributes:
        con: the release.
        folders: where pages lie, a company's own first.
        known: parameters that a query may name.
        shown: what every template knows: release, company, currency, zone.
    """

    con: duckdb.DuckDBPyConnection
    folders: Sequence[Path]
    known: Mapping[str, Any]
    shown: Mapping[str, Any]
    _paths: dict[tuple[str, str], Path] = field(default_factory=dict)
    _results: dict[Path, Rows] = field(default_factory=dict)
    _viewed: set[str] = field(default_factory=set)
    _by_key: dict[Path, dict[Any, list[dict[str, Any]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shipped = jinja2.FileSystemLoader(SHIPPED)
        self._environment = jinja2.Environment(
            # A page of a company's own may extend ours: shipped/today/page.html.j2.
            loader=jinja2.ChoiceLoader(
                [jinja2.FileSystemLoader(self.folders), jinja2.PrefixLoader({"shipped": shipped})]
            ),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            auto_reload=False,
            bytecode_cache=compiled_templates(),
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=lambda value: UNKNOWN if value is None else value,
        )
        self._environment.filters |= {kind: _said_as(kind) for kind in FORMATS}
        self._environment.filters |= {"day": _day, "month": _month, "json": _json}
        self._environment.globals |= {"col": column, "value": _value}

    def rows(self, page: Page, name: str) -> Rows:
        """What a query of a page finds; it is run once, whoever asks.

        Raises:
            UsageError: there is no such query, or it cannot be run.
        """
        path = self._path(page, name)
        if path not in self._results:
            self._make_views(page)
            try:
                self._results[path] = run_file(self.con, path, self.known)
            except duckdb.Error as error:
                raise _refused(path, error) from error
        return self._results[path]

    def _path(self, page: Page, name: str) -> Path:
        """Where a query of a page lies; it is looked for once."""
        if (page.name, name) not in self._paths:
            path = find_file(self.folders, page.name, f"{name}.sql")
            if path is None:
                files = (file for folder in self.folders for file in folder.rglob("*.sql"))
                known = sorted({file.stem for file in files})
                raise UsageError(
                    f"page {page.name}: there is no {name}.sql, expected {one_of(name, known)}"
                )
            self._paths[page.name, name] = path
        return self._paths[page.name, name]

    def page(self, page: Page, key: object = None, **shown: Any) -> str:
        """A page as HTML.

        Args:
            page: which.
            key: of a page of which there is one each: whose it is.
            shown: what its template knows besides.

        Raises:
            UsageError: its template or one of its queries cannot be used.
        """

        def query(name: str) -> Rows:
            return self._of_key(page, name, key) if page.each else self.rows(page, name)

        figures: list[dict[str, Any]] = []
        try:
            return self._environment.get_template(f"{page.name}/{TEMPLATE}").render(
                query=query,
                figure=self._figure(query, figures),
                figures=figures,
                page=page,
                key=key,
                **self.shown,
                **shown,
            )
        except jinja2.TemplateSyntaxError as error:
            where = f"{error.filename}: line {error.lineno}"
            raise UsageError(f"{where}: {error.message}") from error
        except SLIPS as error:
            raise UsageError(f"{_where(error, page)}: {error}") from error

    def _make_views(self, page: Page) -> None:
        """temp.<name> of each <name>.view.sql of a page: what several of its queries begin with."""
        if page.name in self._viewed:
            return
        self._viewed.add(page.name)
        for folder in reversed(self.folders):
            for path in sorted((folder / page.name).glob(f"*{VIEW}")):
                name = quoted(path.name.removesuffix(VIEW))
                query = path.read_text(encoding="utf-8")
                try:
                    self.con.execute(f"create or replace temp view {name} as {query}")
                except duckdb.Error as error:
                    raise _refused(path, error) from error

    def _figure(
        self, query: Callable[[str], Rows], figures: list[dict[str, Any]]
    ) -> Callable[..., Markup]:
        """What a template calls to show a figure: `{% call figure('spend', [...]) %}title`."""

        def figure(
            name: str,
            columns: Sequence[Mapping[str, Any]],
            *,
            caller: Callable[[], str],
            rows: Rows | None = None,
            **said: Any,
        ) -> Markup:
            found = query(name) if rows is None else rows
            data = figure_data(name, found, columns, said)
            data["id"] = f"{name}-{len(figures) + 1}".replace("_", "-")
            figures.append(data)
            html = self._environment.get_template("figure.html.j2").render(
                title=Markup(caller()),  # noqa: S704 - what a template made is escaped
                figure=data,
                note=said.get("note", ""),
                empty=said.get("empty", "Nothing to show."),
            )
            return Markup(html)  # noqa: S704

        return figure

    def _of_key(self, page: Page, name: str, key: object) -> Rows:
        """The rows of one campaign, of a query that finds those of all."""
        found = self.rows(page, name)
        if KEY not in found.names:
            return found
        path = self._path(page, name)
        if path not in self._by_key:
            by_key: dict[Any, list[dict[str, Any]]] = {}
            for row in found:
                by_key.setdefault(row[KEY], []).append(row)
            self._by_key[path] = by_key
        own = self._by_key[path].get(key, [])
        return Rows(found.names, [tuple(row.values()) for row in own])


def _refused(path: Path, error: duckdb.Error) -> UsageError:
    said = " ".join(str(error).split())
    if isinstance(error, duckdb.CatalogException) and path.is_relative_to(SHIPPED):
        # Ours name what is there: after an upgrade a release can be older than its pages.
        said = f"the release is older than this page, `throughline run` makes a newer one: {said}"
    return UsageError(f"{path}: {said}")


def _where(error: Exception, page: Page) -> str:
    """The template's line in which it went wrong."""
    lines = [
        f"{frame.filename}: line {frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith(".j2")
    ]
    return lines[-1] if lines else f"page {page.name}"


def _said_as(kind: str) -> Callable[[Any], Markup | str]:
    """A filter that says a number in a sentence, so that the browser can say it by its locale."""

    def said(value: Any) -> Markup | str:
        number = plain(value)
        if number is None:
            return UNKNOWN
        shown = FORMATS[kind].format(number)
        return Markup('<data value="{}" data-kind="{}">{}</data>').format(number, kind, shown)

    return said


def _value(value: Any, kind: str) -> Markup | str:
    """A number of which a column says what it is."""
    return _said_as(kind)(value)


def _json(value: object) -> Markup:
    return Markup(as_json(value))  # noqa: S704 - it has no sign that HTML could take for its own


def _day(value: date | datetime | None) -> Markup | str:
    if value is None:
        return UNKNOWN
    text = plain(value)
    kind = "time" if isinstance(value, datetime) else "day"
    return Markup('<time datetime="{}" data-kind="{}">{}</time>').format(text, kind, escape(text))


def _month(value: date | None) -> Markup | str:
    if value is None:
        return UNKNOWN
    shown = f"{value:%B %Y}"
    return Markup('<time datetime="{}" data-kind="month">{}</time>').format(plain(value), shown)
