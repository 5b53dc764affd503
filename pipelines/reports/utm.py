"""What is wrong with the tags of links before anybody clicks on them (S4-1 to S4-10).

The models judge, as they judge the links that visitors came by: their SQL runs here over the links
that are given, with the seeds as they stand and the registry of the published release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import duckdb

from pipelines.links import Given, given_links, tagged_link, tags_of, tags_of_fragment
from pipelines.packs import reporting_zone
from pipelines.project import project
from pipelines.publish import published_release
from pipelines.publish.release import in_memory
from pipelines.reports.packs import day_named
from pipelines.reports.records import Record, Report, records, released
from pipelines.settings import UsageError
from pipelines.sql import literal
from pipelines.transform.rendering import macros, rendered

PASSED = 0
REFUSED = 3
# What a near miss is (S4-8).
NEAR_EDITS = 2
SUGGESTIONS = 3

PARAMETERS: Mapping[str, str] = {
    "utm_source": "S4-1",
    "utm_medium": "S4-2",
    "utm_campaign": "S4-3",
    "utm_content": "S4-4",
    "utm_term": "S4-5",
}
# By blanks and underscores, models compare; a plus that is meant as one is a separator too (S4-7).
COMPARED = ("utm_source", "utm_medium", "utm_campaign", "utm_content")


@dataclass(frozen=True)
class Fault:
    """How a fault is told.

    Attributes:
        definition: the row of the dictionary; empty for that of the parameter.
        expected: what would be right.
        action: what to do.
    """

    definition: str
    expected: str
    action: str


# By the names that fct_utm_faults has for them.
FAULTS: Mapping[str, Fault] = {
    "missing": Fault("", "a value", "Add it"),
    "not_lower_case": Fault("S4-6", "lower case", "Write it in lower case"),
    "not_hyphenated": Fault(
        "S4-7", "hyphens between words", "Put a hyphen where a blank, a plus or an underscore is"
    ),
    "odd_hyphens": Fault(
        "S4-7", "single hyphens, between words", "Take out those at the ends and the second of two"
    ),
    "odd_characters": Fault(
        "S4-7", "letters without accents, digits and hyphens", "Write it with these alone"
    ),
    "unfilled_placeholder": Fault(
        "S4-10", "no braces", "Write the value that is meant, or have the ad platform fill it"
    ),
    "unknown_source": Fault(
        "S4-1",
        "a platform or partner that the seed utm_sources has on that day",
        "Write one of them, or register the partner in utm_sources.csv of your own rules",
    ),
    "unknown_medium": Fault(
        "S4-2",
        "cpc, organic, email, social, referral or another medium that the seed channel_rules knows",
        "Write one of them, or add a rule to channel_rules.csv of your own rules",
    ),
    "not_registered": Fault(
        "S4-3",
        "a campaign of the registry",
        "Write its utm_campaign, or register it (template campaign_registry) and run",
    ),
    "term_without_search": Fault(
        "S4-5",
        "a term with paid search alone",
        "Leave it out, or tag paid search: medium cpc and the search engine as source",
    ),
    "variant_unnamed": Fault(
        "S4-4",
        "a name, as other links of its source, medium and campaign have one",
        "Name the variant in utm_content",
    ),
    "variant_spelt_twice": Fault(
        "S4-4", "one spelling of a variant", "Spell utm_content alike in all of its links"
    ),
}
# What no model looks at: a visit by such a link has no tags, or no link brought it.
NOT_A_LINK = Fault("S4-9", "https:// and a host", "Write the whole address")
# Models read the first of them, wherever in the link it stands; others read the last, or none.
GIVEN_TWICE = Fault("S4-10", "each parameter once", "Leave the one that is meant")
IN_FRAGMENT = Fault("S4-10", "tags in the query", "Put them before the #: many tools stop there")
UNTAGGED = Fault(
    "S4-10", "utm_source, utm_medium and utm_campaign", "Add them: `throughline utm build`"
)
CAMPAIGNS_SQL = """
    select utm_campaign, valid_from_date, valid_to_date, cancelled_at
    from core.dim_campaigns where is_registered
    order by utm_campaign, valid_from_date
"""
EVENTS_SQL = """
    create table events as
    select link as page_location, true as is_page_view, {event_at} as event_at
    from (select distinct unnest(cast($links as varchar[])) as link)
"""
# A seed as dbt loads it: an empty cell is NULL.
SEED_SQL = """
    create table {name} as
    select * replace ({replaced}) from read_csv({path}, header = true, all_varchar = true)
"""
SEEDS: Mapping[str, str] = {
    "utm_sources": "cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to",
    "source_categories": "source as source",
    "channel_rules": "cast(rule_order as bigint) as rule_order",
}
SLUGS_SQL = """
    create table slugs as
    select {slug} as slug, true as is_registered
    from (select unnest(cast($campaigns as varchar[])) as utm_campaign)
"""
# As int_event_contexts_sourced tells where a visit by such a link comes from.
SOURCES_SQL = """
    create table sources as
    select page_location, lower(utm_source) as source, lower(utm_medium) as medium,
        coalesce({campaign}, '') as campaign
    from pages where utm_source is not null and utm_medium is not null
"""
PAGES_SQL = """
    select events.page_location, {host} is not null as is_link,
        pages.link_key is not null as is_tagged, {parameters}, {mended},
        channels.channel, channels.ga4_channel_group
    from events
    left join pages on events.page_location = pages.page_location
    left join sources on events.page_location = sources.page_location
    left join channels
        on sources.source = channels.source and sources.medium = channels.medium
        and sources.campaign = channels.campaign
"""
FAULTS_SQL = """
    select pages.page_location, faults.utm_parameter, faults.fault
    from faults inner join pages on faults.link_key = pages.link_key
    order by pages.page_location, list_position($parameters, faults.utm_parameter), faults.fault
"""
NEAR_SQL = """
    select distinct name, levenshtein(name, $value) as edits
    from (select unnest(cast($names as varchar[])) as name)
    where edits <= $near and edits < least(length(name), length($value))
    order by edits, name limit $count
"""
VALID_SOURCES_SQL = """
    select utm_source from utm_sources
    where coalesce(valid_from <= $day, true) and coalesce(valid_to >= $day, true)
"""


def report_utm_check(home: Path, arguments: list[str], day: str | None) -> Report:
    """What is wrong with links, each judged beside the others.

    Args:
        home: where the warehouse lives, whose published release knows the registry.
        arguments: links, or files that hold some; - is stdin.
        day: on which they go live, as a person writes it; None for today.

    Raises:
        UsageError: the day is none, or there is no link to judge.
    """
    goes_live_on = day_named(day)
    return _judged(home, given_links(arguments), goes_live_on)


def report_utm_build(home: Path, url: str, tags: Mapping[str, str], day: str | None) -> Report:
    """A link with these tags, written as the rules want them, and what is still wrong with it.

    Args:
        home: where the warehouse lives, whose published release knows the registry.
        url: what it leads to; its own query and fragment stay.
        tags: value by parameter. What people search for stays in their words.
        day: on which it goes live, as a person writes it; None for today.

    Raises:
        UsageError: the day or the URL is none, or a tag of the URL hides one of these.
    """
    goes_live_on = day_named(day)
    with in_memory() as con:
        mended = {name: _mended(con, name, value) or value for name, value in tags.items()}
    link = tagged_link(url, mended)
    report = _judged(home, [Given(link)], goes_live_on)
    (judged,) = report.pop("links")
    said = judged["tags"]
    if hidden := [name for name, value in mended.items() if value and said[name] != value]:
        raise UsageError(
            f"--url {url!r} says {hidden[0]} in a way of its own ({said[hidden[0]]}); take it out"
        )
    changes = [
        f"{name}: {tags[name]} is {value}" for name, value in mended.items() if value != tags[name]
    ]
    replaced = [f"{name}: the URL's own is replaced" for name in tags if name in tags_of(url)]
    return {**report, **judged, "changes": [*changes, *replaced]}


def _mended(con: duckdb.DuckDBPyConnection, name: str, value: str) -> str | None:
    if name not in COMPARED:
        return value
    found = con.execute(f"select {_as_wanted('$value')}", {"value": value}).fetchall()
    mended: str | None = found[0][0]
    return mended


def _as_wanted(column: str) -> str:
    """A value as models compare it, a plus as a blank."""
    return macros()["normalised_slug"](f"replace({column}, '+', ' ')")


def _judged(home: Path, given: list[Given], day: date) -> Report:
    registry, campaigns = _registry(home)
    with in_memory() as con:
        _run_models(con, {one.link for one in given}, campaigns, day)
        pages = {page["page_location"]: page for page in records(con, _pages_sql())}
        faults: dict[str, list[Record]] = {}
        for row in records(con, FAULTS_SQL, parameters=list(PARAMETERS)):
            if registry or row["fault"] != "not_registered":
                faults.setdefault(row["page_location"], []).append(row)
        sources = [row["utm_source"] for row in records(con, VALID_SOURCES_SQL, day=day)]
        known = {
            "unknown_source": sources,
            "not_registered": sorted({campaign["utm_campaign"] for campaign in campaigns}),
        }
        told = {
            link: {
                "tags": {name: page[name] for name in PARAMETERS},
                "channel": page["channel"],
                "ga4_channel_group": page["ga4_channel_group"],
                "faults": list(_faults(con, page, faults.get(link, []), known)),
                "notes": list(_notes(page, campaigns, day)),
            }
            for link, page in pages.items()
        }
    links = [
        {"link": one.link, "place": one.place, "is_refused": bool(told[one.link]["faults"])}
        | told[one.link]
        for one in given
    ]
    refused = sum(link["is_refused"] for link in links)
    return {
        "home": home,
        "day": day,
        "registry": registry,
        "link_count": len(links),
        "refused_count": refused,
        "exit_code": REFUSED if refused else PASSED,
        "links": links,
    }


def _registry(home: Path) -> tuple[Record | None, list[Record]]:
    """Which release knows the registry, and its campaigns; None without a release."""
    if published_release(home) is None:
        return None, []
    with released(home) as (con, release):
        campaigns = records(con, CAMPAIGNS_SQL)
    return {
        "release_id": release.release_id,
        "as_of_at": release.as_of_at,
        "campaign_count": len({campaign["utm_campaign"] for campaign in campaigns}),
    }, campaigns


def _run_models(
    con: duckdb.DuckDBPyConnection, links: Iterable[str], campaigns: list[Record], day: date
) -> None:
    """The models over links that are seen once, at noon of a day."""
    noon = datetime.combine(day, time(12), reporting_zone()).astimezone(UTC).replace(tzinfo=None)
    event_at = f"timestamp {literal(noon)}"
    con.execute(EVENTS_SQL.format(event_at=event_at), {"links": sorted(links)})
    for name, replaced in SEEDS.items():
        path = literal(project().seeds / "attribution" / f"{name}.csv")
        con.execute(SEED_SQL.format(name=name, replaced=replaced, path=path))
    compared = macros()["normalised_slug"]("utm_campaign")
    names = [campaign["utm_campaign"] for campaign in campaigns]
    con.execute(SLUGS_SQL.format(slug=compared), {"campaigns": names})
    _make(con, "pages", "int_tagged_pages_parsed", int_web_events_unioned="events")
    con.execute(SOURCES_SQL.format(campaign=compared))
    _make(
        con,
        "channels",
        "int_traffic_sources_classified",
        int_touches_unioned="sources",
        int_tagged_pages_parsed="pages",
        source_categories="source_categories",
        channel_rules="channel_rules",
    )
    _make(
        con,
        "faults",
        "fct_utm_faults",
        int_tagged_pages_parsed="pages",
        int_traffic_sources_classified="channels",
        int_campaign_slugs="slugs",
        utm_sources="utm_sources",
        source_categories="source_categories",
    )


def _make(con: duckdb.DuckDBPyConnection, name: str, model: str, **relations: str) -> None:
    con.execute(f"create table {name} as {rendered(model, relations)}")


def _pages_sql() -> str:
    return PAGES_SQL.format(
        host=macros()["url_host"]("events.page_location"),
        parameters=", ".join(f"pages.{name}" for name in PARAMETERS),
        mended=", ".join(f"{_as_wanted(f'pages.{name}')} as mended_{name}" for name in COMPARED),
    )


def _faults(
    con: duckdb.DuckDBPyConnection,
    page: Record,
    found: list[Record],
    known: Mapping[str, list[str]],
) -> Iterable[Record]:
    """The faults of a link, each with what would be right."""
    if not page["is_link"]:
        yield _told("not_a_link", NOT_A_LINK, None, page["page_location"])
    elif not page["is_tagged"]:
        yield _told("untagged", UNTAGGED, None, None)
    else:
        yield from _misplaced(page["page_location"])
        for row in found:
            name, fault = row["utm_parameter"], row["fault"]
            near = []
            if fault in known:
                value = page[f"mended_{name}"]
                near = _near(con, value, known[fault])
            yield _told(fault, FAULTS[fault], name, page[name], near)


def _misplaced(link: str) -> Iterable[Record]:
    """What a value does not tell: that there is another one, or that it stands behind the #."""
    named = tags_of(link)
    for name in PARAMETERS:
        if named.count(name) > 1:
            yield _told("given_twice", GIVEN_TWICE, name, f"{named.count(name)} times")
    behind = [name for name in PARAMETERS if name in tags_of_fragment(link)]
    if behind:
        yield _told("in_fragment", IN_FRAGMENT, None, f"{', '.join(behind)} behind the #")


def _told(
    name: str,
    fault: Fault,
    parameter: str | None,
    found: str | None,
    near: list[str] | None = None,
) -> Record:
    return {
        "utm_parameter": parameter,
        "fault": name,
        "definition": fault.definition or PARAMETERS[parameter or ""],
        "found": found,
        "expected": fault.expected,
        "action": fault.action,
        "did_you_mean": near or [],
    }


def _near(con: duckdb.DuckDBPyConnection, value: str | None, names: list[str]) -> list[str]:
    if value is None:
        return []
    rows = records(con, NEAR_SQL, value=value, names=names, near=NEAR_EDITS, count=SUGGESTIONS)
    return [row["name"] for row in rows]


def _notes(page: Record, campaigns: list[Record], day: date) -> Iterable[Record]:
    """What refuses no link, and may not be meant."""
    if page["channel"] == "Paid Search" and page["utm_term"] is None:
        yield {"definition": "S4-5", "note": "paid search without utm_term: no keyword is known"}
    lines = [line for line in campaigns if line["utm_campaign"] == page["mended_utm_campaign"]]
    current = [line for line in lines if _holds(line, day)]
    if lines and not current:
        spans = ", ".join(
            f"{line['valid_from_date']} to {line['valid_to_date'] or 'further notice'}"
            for line in lines
        )
        yield {
            "definition": "S4-3",
            "note": f"{page['mended_utm_campaign']} is registered for {spans}, not for {day};"
            " visits count for the line that is nearest: register one for that day",
        }
    elif lines and all(line["cancelled_at"] for line in current):
        yield {"definition": "S4-3", "note": f"{page['mended_utm_campaign']} is cancelled"}


def _holds(line: Record, day: date) -> bool:
    begins, ends = line["valid_from_date"], line["valid_to_date"]
    return (begins is None or begins <= day) and (ends is None or day <= ends)
