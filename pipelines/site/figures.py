"""A figure as the browser gets it: what is shown of the rows of a query, as JSON in the page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pipelines.queries import Rows
from pipelines.settings import UsageError, utc_text
from pipelines.strict import one_of

# The column by which each filter of a page goes, where a query has it.
FILTERS = {"channel": "channel", "model": "attribution_model", "family": "campaign_family"}
# What a column is, so that the browser can write it as its reader is used to.
KINDS = (
    *("text", "word", "state", "flag", "day", "month", "time", "days", "hours", "minutes"),
    *("number", "decimal", "money", "cents", "percent", "of100", "points", "times"),
)
# What a column says of others.
OTHER_COLUMNS = ("over", "of", "link", "kind_by")
CHARTS = ("bar", "line", "heat", "dots", "sankey", "waterfall")
# A page stays below a megabyte; whoever needs more asks the mart.
SHOWN_ROWS = 1500
# What HTML could take for an end of the script, or for its own; JSON reads both alike.
UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def column(key: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """A column of a table, as a template says it.

    Args:
        key: the column of the query, or a new name for a ratio of sums.
        label: its heading.
        kind: one of KINDS.
        more: `link`: the column that names the campaign that it leads to; `over` and `of`: it is
            the one by the other, after rows were added up; `agg`: sum, max, any or first;
            `kind_by`: the column that says the kind of each row, where rows differ.

    Raises:
        UsageError: there is no such kind.
    """
    if kind not in KINDS:
        raise UsageError(f"column {key}: {kind} is no kind, expected {one_of(kind, KINDS)}")
    return {"key": key, "label": label, "kind": kind, **more}


def figure_data(
    name: str, rows: Rows, columns: Sequence[Mapping[str, Any]], said: Mapping[str, Any]
) -> dict[str, Any]:
    """What the browser needs of a figure.

    Args:
        name: of its query.
        rows: what the query found.
        columns: of its table, as `column` made them.
        said: by the template: `by`, the columns by which rows are added up; `date`, the column
            that the filter of days goes by; `chart`, `sort`, `limit`, and `open`, whether the
            table under a chart is open at first. A bar of which the column that `tint` of a chart
            names is true is in another colour, and bears `tint_word`.

    Raises:
        UsageError: it names a column that the query has not.
    """
    chart = said.get("chart") or {}
    if chart and chart.get("type") not in CHARTS:
        named = str(chart.get("type"))
        raise UsageError(f"{name}: chart {named!r}, expected {one_of(named, CHARTS)}")
    filters = {key: named for key, named in FILTERS.items() if named in rows.names}
    if said.get("date"):
        filters["date"] = said["date"]
    made = {each["key"] for each in columns if "over" in each}
    needed = dict.fromkeys(
        [
            *(each["key"] for each in columns if each["key"] not in made),
            *(each[part] for each in columns for part in OTHER_COLUMNS if part in each),
            *said.get("by", ()),
            *([chart["tint"]] if "tint" in chart else ()),
            *filters.values(),
        ]
    )
    _require(name, [key for key in needed if key not in rows.names], rows.names)
    known = {*needed, *made}
    _require(name, [key for key in _named_by(chart) if key not in known], sorted(known))
    shown = rows[: said.get("limit", SHOWN_ROWS)]
    return {
        "name": name,
        "columns": list(columns),
        "by": list(said.get("by", ())),
        "filters": filters,
        "chart": chart,
        "sort": said.get("sort"),
        "open": bool(said.get("open")),
        "total": len(rows),
        "count": len(shown),
        "data": {key: _packed([plain(row[key]) for row in shown]) for key in needed},
    }


def as_json(value: object) -> str:
    """JSON that may stand in a script of a page, whatever anybody called a campaign."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(UNSAFE)


def plain(value: object) -> Any:
    """A value of DuckDB as JSON has it; what is no number is unknown."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return None if not math.isfinite(value) else round(value, 6)
    if isinstance(value, datetime):
        return utc_text(value.replace(microsecond=0))
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _packed(values: list[Any]) -> Any:
    """The values of a column; of texts that come again and again, each once and their places."""
    distinct = list(dict.fromkeys(values))
    if len(values) < 3 * len(distinct) or not any(isinstance(value, str) for value in distinct):
        return values
    places = {value: place for place, value in enumerate(distinct)}
    return {"values": distinct, "places": [places[value] for value in values]}


def _named_by(chart: Mapping[str, Any]) -> Iterable[str]:
    for part in ("label", "x", "y", "value", "series", "low", "high", "source", "target"):
        if part in chart:
            yield chart[part]
    yield from chart.get("values", ())


def _require(name: str, missing: Sequence[str], names: Sequence[str]) -> None:
    if missing:
        raise UsageError(
            f"the figure {name} shows {missing[0]}, which its query has not; expected"
            f" {one_of(missing[0], names)}"
        )
