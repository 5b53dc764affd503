"""GA4's BigQuery export: gzipped JSON lines a month, one month as Parquet, September day by day.

Some files print int64 as JSON strings, as `bq extract` does. Before March the export has no
collected_traffic_source. Rendering is text building: one call per session, no dict per event.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np

from pipelines.simulate.clock import (
    DAY_COUNT,
    NEW_YORK,
    Array,
    day_index,
    day_of,
    wall_days,
)
from pipelines.simulate.company import CAMPAIGNS, CHANNELS, COUNTRIES, DIRECT, SITE
from pipelines.simulate.crm import Contacts
from pipelines.simulate.files import Folder, moment, zipped
from pipelines.simulate.hubspot import click_id
from pipelines.simulate.journeys import PAGE_SECONDS, Sessions, is_ad_click

PARQUET_MONTH = 5
DAILY_MONTH = 9
NUMBER_MONTHS = (7, DAILY_MONTH)
"""Months whose files print integers as JSON numbers instead of strings."""
COLLECTED_SINCE = date(2026, 3, 1)
BATCHED_SINCE = date(2026, 7, 1)
PARQUET_COLUMNS = {
    "event_date": "VARCHAR",
    "event_timestamp": "BIGINT",
    "event_name": "VARCHAR",
    "event_params": "STRUCT(key VARCHAR, value STRUCT(string_value VARCHAR, int_value BIGINT,"
    " float_value DOUBLE, double_value DOUBLE))[]",
    "event_bundle_sequence_id": "BIGINT",
    "user_id": "VARCHAR",
    "user_pseudo_id": "VARCHAR",
    "privacy_info": "STRUCT(analytics_storage VARCHAR, ads_storage VARCHAR)",
    "user_first_touch_timestamp": "BIGINT",
    "device": "STRUCT(category VARCHAR, operating_system VARCHAR,"
    " web_info STRUCT(browser VARCHAR, hostname VARCHAR))",
    "geo": "STRUCT(country VARCHAR)",
    "traffic_source": 'STRUCT("name" VARCHAR, medium VARCHAR, source VARCHAR)',
    "stream_id": "VARCHAR",
    "platform": "VARCHAR",
    "collected_traffic_source": "STRUCT(manual_source VARCHAR, manual_medium VARCHAR,"
    " manual_campaign_name VARCHAR, gclid VARCHAR)",
}
DEVICES = (
    '{"category":"desktop","operating_system":"Windows","web_info":{"browser":"Chrome",'
    '"hostname":"www.northlight.example"}}',
    '{"category":"desktop","operating_system":"Macintosh","web_info":{"browser":"Safari",'
    '"hostname":"www.northlight.example"}}',
    '{"category":"mobile","operating_system":"iOS","web_info":{"browser":"Safari",'
    '"hostname":"www.northlight.example"}}',
    '{"category":"mobile","operating_system":"Android","web_info":{"browser":"Chrome",'
    '"hostname":"www.northlight.example"}}',
)
PAGES = ("/product", "/blog/attribution-basics", "/customers", "/about", "/integrations", "/blog")
REFERRERS = {
    "Organic Search": "https://www.google.example/",
    "Referral": "https://partner-portal.example/directory",
    "Organic Social": "https://www.linkedin.example/",
    "Organic Video": "https://www.youtube.example/",
}
Context = dict[str, list[Any]]


@dataclass(frozen=True)
class Visitors:
    """Per cookie: its id and when it first came (seconds UTC); per session: the cookie's source."""

    pseudo_id: list[str]
    first_at: Array
    first_channel: Array


def name_visitors(rng: np.random.Generator, sessions: Sessions) -> Visitors:
    """Cookie ids as the tag makes them: a random number and the first visit's second."""
    first_at = sessions.at[sessions.cookie_first]
    numbers = rng.integers(100_000_000, 2_147_483_647, len(first_at))
    ids = [f"{n}.{at}" for n, at in zip(numbers.tolist(), first_at.tolist(), strict=True)]
    return Visitors(ids, first_at, sessions.channel[sessions.cookie_first])


@dataclass(frozen=True)
class UserIds:
    """Per lead what the site sets as user_id: at the form that made the lead, and later."""

    at_form: list[str]
    later: list[str]


def user_ids(contacts: Contacts, leads: int) -> UserIds:
    """The CRM's record id, for one in ten the address; at the form an id that was merged since."""
    numbers = contacts.record_id[:leads].tolist()
    emails = contacts.uses_email[:leads].tolist()
    later = [contacts.email[n] if emails[n] else str(numbers[n]) for n in range(leads)]
    at_form = list(later)
    for number, merged in contacts.merged.items():
        at_form[number] = str(merged)
    if contacts.merged:
        survivor = min(contacts.merged)
        at_form[survivor] = str(contacts.merged[survivor] - 1)
    return UserIds(at_form, later)


@dataclass(frozen=True)
class _Source:
    """How a session names its source: in its parameters, its address, its traffic record."""

    params: str
    query: str
    collected: str


def _text(key: str, value: str) -> str:
    return f'{{"key":"{key}","value":{{"string_value":"{value}"}}}}'


def _source(channel: int, campaign: int, shape: int, gclid: str) -> _Source:
    """`shape` 0..99 picks the quirk: ads that look organic, click ids alone, capitals."""
    if channel == DIRECT:
        return _Source("", "", "")
    kind = CHANNELS[channel]
    source, medium = kind.source, kind.medium
    if campaign < 0:
        names = f"{_text('source', source)},{_text('medium', medium)}"
        return _Source(f"{names},{_text('campaign', f'({medium})')},", "", "")
    slug = CAMPAIGNS[campaign].slug
    if shape >= 98:
        slug = slug.upper()
    query = f"utm_source={source}&utm_medium={medium}&utm_campaign={slug}"
    collected = (
        f'"manual_source":"{source}","manual_medium":"{medium}","manual_campaign_name":"{slug}"'
    )
    if gclid:
        is_alone = kind.name == "Paid Search" and shape < 12
        query = f"gclid={gclid}" if is_alone else f"{query}&gclid={gclid}"
        collected = f'"gclid":"{gclid}"' if is_alone else f'{collected},"gclid":"{gclid}"'
        if kind.name == "Paid Search" and 12 <= shape < 37:
            # Known export bug: the session's parameters call the ad click organic search.
            source, medium, slug = "google", "organic", "(organic)"
    names = f"{_text('source', source)},{_text('medium', medium)},{_text('campaign', slug)},"
    return _Source(names, f"?{query}", f"{{{collected}}}")


def _landing(campaign: int, shape: int) -> str:
    if campaign >= 0:
        return f"/{CAMPAIGNS[campaign].slug}"
    return "/" if shape % 2 else PAGES[shape % len(PAGES)]


@dataclass(frozen=True)
class _Style:
    """How a file prints: the quote around integers, and which columns its export knows."""

    quote: str
    has_collected: bool
    has_batches: bool
    event_date: str


class _Visit(NamedTuple):
    """One session, as plain values."""

    number: int
    at: int
    micros: int
    channel: int
    campaign: int
    shape: int
    pages: int
    is_lead: bool
    gclid: str
    pseudo_id: str
    user_id: str
    is_known: bool
    session_number: int
    first_at: int
    first_channel: int
    country: int
    pricing: bool


class _Renderer:
    """Turns one session into its lines of JSON."""

    def __init__(self, visit: _Visit, style: _Style) -> None:
        self._visit = visit
        self._style = style
        self._events = 0
        self._source = _source(visit.channel, visit.campaign, visit.shape, visit.gclid)
        q = style.quote
        if visit.pseudo_id:
            kind = CHANNELS[visit.first_channel]
            consent = "Yes"
            visitor = (
                f'"user_pseudo_id":"{visit.pseudo_id}",'
                f'"user_first_touch_timestamp":{q}{visit.first_at}000000{q},"traffic_source":'
                f'{{"name":"({kind.medium.strip("()")})","medium":"{kind.medium}",'
                f'"source":"{kind.source}"}},'
            )
            self._session = (
                f'{{"key":"ga_session_id","value":{{"int_value":{q}{visit.at}{q}}}}},'
                f'{{"key":"ga_session_number","value":{{"int_value":{q}{visit.session_number}{q}}}}},'
            )
        else:
            consent, visitor, self._session = "No", "", ""
        self._tail = (
            f'{visitor}"privacy_info":{{"analytics_storage":"{consent}","ads_storage":"{consent}"}},'
            f'"device":{DEVICES[visit.shape % 4]},'
            f'"geo":{{"country":"{COUNTRIES[visit.country]}"}},'
            '"stream_id":"4021776301","platform":"WEB"'
        )

    def _line(self, name: str, offset: int, params: str, *, known: bool, first: bool) -> str:
        visit, q = self._visit, self._style.quote
        stamp = f"{visit.at + offset}{visit.micros + self._events:06d}"
        bundle = visit.number * 40 + self._events
        extra = ""
        if known and visit.user_id:
            extra = f',"user_id":"{visit.user_id}"'
        if first and self._source.collected and self._style.has_collected:
            extra += f',"collected_traffic_source":{self._source.collected}'
        if self._style.has_batches:
            extra += (
                f',"batch_event_index":{q}{self._events + 1}{q},"batch_page_id":{q}{stamp[:13]}{q},'
                f'"batch_ordering_id":{q}{stamp[:13]}{q}'
            )
        self._events += 1
        return (
            f'{{"event_date":"{self._style.event_date}","event_timestamp":{q}{stamp}{q},'
            f'"event_name":"{name}","event_params":[{self._session}{params}],'
            f'"event_bundle_sequence_id":{q}{bundle}{q},{self._tail}{extra}}}\n'
        )

    def _engaged(self) -> str:
        """Long sessions are engaged: as text in one half, as a number in the other."""
        if self._visit.pages < 2:
            return ""
        q = self._style.quote
        value = '"string_value":"1"' if self._visit.shape % 2 else f'"int_value":{q}1{q}'
        return f'{{"key":"session_engaged","value":{{{value}}}}},'

    def _page(self, page: int) -> str:
        visit = self._visit
        if page == 0:
            return f"{SITE}{_landing(visit.campaign, visit.shape)}{self._source.query}"
        if page == 1 and visit.pricing:
            return f"{SITE}/pricing"
        return f"{SITE}{PAGES[(visit.shape + page) % len(PAGES)]}"

    def _views(self) -> Iterator[str]:
        visit, q = self._visit, self._style.quote
        known = visit.is_known
        engaged = self._engaged()
        referrer = REFERRERS.get(CHANNELS[visit.channel].name, "")
        landing = self._source.params + engaged
        for page in range(visit.pages):
            here = _text("page_location", self._page(page))
            if page == 0:
                params = f"{landing}{here}"
                if referrer:
                    params += f",{_text('page_referrer', referrer)}"
                yield self._line("session_start", 0, params, known=known, first=True)
                yield self._line("page_view", 0, params, known=known, first=True)
                continue
            spent = 4_000 + (visit.shape * 977 + page * 6_151) % 40_000
            params = (
                f'{engaged}{here},{{"key":"engagement_time_msec","value":'
                f'{{"int_value":{q}{spent}{q}}}}}'
            )
            yield self._line("page_view", page * PAGE_SECONDS, params, known=known, first=False)

    def lines(self) -> str:
        """All events of the session, in order of time."""
        text = "".join(self._views())
        if not self._visit.is_lead:
            return text
        offset = self._visit.pages * PAGE_SECONDS
        form = f"{_text('form_id', 'lead-form')},{_text('page_location', f'{SITE}/contact')}"
        thanks = _text("page_location", f"{SITE}/thank-you")
        text += self._line("form_submit", offset, form, known=True, first=False)
        return text + self._line("page_view", offset + 2, thanks, known=True, first=False)


def _context(
    rng: np.random.Generator, sessions: Sessions, visitors: Visitors, ids: UserIds
) -> Context:
    """Per session the values that _Visit wants, as columns of plain Python values."""
    count = len(sessions.at)
    cookie = sessions.cookie
    known = cookie >= 0
    names = np.array([*visitors.pseudo_id, ""], dtype=object)
    users = np.array([[*ids.later, ""], [*ids.at_form, ""]], dtype=object)
    is_contact = sessions.person < sessions.contacts
    clicked = is_ad_click(sessions).tolist()
    first_at = np.where(known, visitors.first_at[np.where(known, cookie, 0)], 0)
    chance = np.clip(sessions.intent[sessions.person] * 0.25, 0, 0.9)
    return {
        "number": list(range(count)),
        "at": sessions.at.tolist(),
        "micros": rng.integers(0, 900_000, count).tolist(),
        "channel": sessions.channel.tolist(),
        "campaign": sessions.campaign.tolist(),
        "shape": rng.integers(0, 100, count).tolist(),
        "pages": sessions.pages.tolist(),
        "is_lead": sessions.is_lead.tolist(),
        "gclid": [click_id(n) if is_click else "" for n, is_click in enumerate(clicked)],
        "pseudo_id": names[np.where(known, cookie, -1)].tolist(),
        "user_id": users[
            sessions.is_lead.astype(int), np.where(is_contact & known, sessions.person, -1)
        ].tolist(),
        "is_known": sessions.is_known.tolist(),
        "session_number": sessions.number.tolist(),
        "first_at": first_at.tolist(),
        "first_channel": visitors.first_channel[np.where(known, cookie, 0)].tolist(),
        "country": (sessions.person % len(COUNTRIES)).tolist(),
        "pricing": (rng.random(count) < chance).tolist(),
    }


def _render(columns: Context, picked: list[int], style: _Style) -> bytes:
    """The lines of these sessions."""
    lists = list(columns.values())
    parts = [_Renderer(_Visit(*(one[n] for one in lists)), style).lines() for n in picked]
    return "".join(parts).encode()


def _style(day: date) -> _Style:
    return _Style(
        quote="" if day.month in NUMBER_MONTHS else '"',
        has_collected=day >= COLLECTED_SINCE,
        has_batches=day >= BATCHED_SINCE,
        event_date=day.strftime("%Y%m%d"),
    )


def _parquet(lines: bytes) -> bytes:
    """The same rows as one Parquet file with nested types."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in PARQUET_COLUMNS.items())
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        source, target = Path(folder) / "month.json", Path(folder) / "month.parquet"
        source.write_bytes(lines)
        con.execute("set threads = 1")
        con.execute("set enable_progress_bar = false")
        con.execute(
            f"copy (select * from read_json('{source}', format = 'newline_delimited',"
            f" columns = {{{columns}}})) to '{target}' (format parquet, compression zstd)"
        )
        return target.read_bytes()


def write_ga4(
    folder: Folder, rng: np.random.Generator, sessions: Sessions, visitors: Visitors, ids: UserIds
) -> None:
    """All files, each with the time of its delivery."""
    columns = _context(rng, sessions, visitors, ids)
    days = np.clip(wall_days(NEW_YORK, sessions.at), 0, DAY_COUNT - 2)
    order = np.lexsort((sessions.at, days))
    bounds = np.searchsorted(days[order], np.arange(DAY_COUNT)).tolist()
    for month in range(1, DAILY_MONTH + 1):
        first = day_index(date(2026, month, 1))
        end = day_index(date(2026, month + 1, 1))
        rendered = (
            (
                day,
                _render(
                    columns, order[bounds[day] : bounds[day + 1]].tolist(), _style(day_of(day))
                ),
            )
            for day in range(first, end)
        )
        _write_month(folder, month, rendered)


def _write_month(folder: Folder, month: int, days: Iterator[tuple[int, bytes]]) -> None:
    if month == DAILY_MONTH:
        for day, lines in days:
            after = day_of(day) + timedelta(days=1)
            delivered = moment(after.year, after.month, after.day, 4, 45)
            folder.write(f"ga4/events/events_{day_of(day):%Y%m%d}.json", lines, delivered)
        return
    lines = b"".join(text for _, text in days)
    delivered = moment(2026, month + 1, 4)
    name = f"ga4/events/events_2026{month:02d}"
    if month == PARQUET_MONTH:
        folder.write(f"{name}.parquet", _parquet(lines), delivered)
    else:
        folder.write(f"{name}.json.gz", zipped(lines), delivered)


def count_events(sessions: Sessions) -> int:
    """Events of all sessions: one start, the pages, and two more where a form was sent."""
    return int((1 + sessions.pages + 2 * sessions.is_lead).sum())
