"""Google Ads report downloads: two daily ones that overlap, one of a quarter, one of nothing.

The account is in euro and in Berlin. Money is whole cents until it is printed.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pipelines.simulate.clock import BERLIN, DAY_COUNT, Array, day_index, day_of, wall_days
from pipelines.simulate.company import CAMPAIGNS, Campaign
from pipelines.simulate.files import Folder, csv_text, moment
from pipelines.simulate.journeys import Sessions, is_ad_click

DAILY = "google_ads/Campaign report.csv"
RESTATED = "google_ads/Campaign report (1).csv"
QUARTER = "google_ads/Campaign report (2).csv"
EMPTY = "google_ads/Campaign report (3).csv"
FIRST_DOWNLOAD = moment(2026, 9, 16, 6)
LAST_DOWNLOAD = moment(2026, 10, 1, 4, 30)
DAILY_END = date(2026, 9, 15)
RESTATED_START = date(2026, 8, 17)
LAST = date(2026, 9, 30)
GHOST = "lead-gen-blitz-may"
"""The campaign that was charged one more day without a single click."""

ENTITY = ("Campaign status", "Campaign", "Campaign ID", "Currency code", "Campaign type")
MEASURES = (
    "Clicks", "Impr.", "CTR", "Avg. CPC", "Cost", "Search impr. share", "Conversions",
)  # fmt: skip


@dataclass(frozen=True)
class Ads:
    """Campaign x day (Berlin, since 2026-01-01): what the account did, cost in cents."""

    clicks: Array
    impressions: Array
    cents: Array
    conversions: Array

    def restated(self, rng: np.random.Generator) -> "Ads":
        """As first reported: in the 30 days before the first download a little less."""
        recent = np.zeros(self.clicks.shape, dtype=bool)
        recent[:, day_index(RESTATED_START) : day_index(DAILY_END) + 1] = True
        clicks = np.where(recent, self.clicks - rng.binomial(self.clicks, 0.02), self.clicks)
        share = clicks / np.maximum(self.clicks, 1)
        cents = np.where(recent & (self.clicks > 0), self.cents * share, self.cents)
        lower = np.where(recent, np.round(self.conversions * 0.9, 2), self.conversions)
        return replace(
            self, clicks=clicks, cents=np.round(cents).astype(np.int64), conversions=lower
        )


def advertised() -> list[tuple[int, Campaign]]:
    """The campaigns that ran ads, with their numbers."""
    return [(n, c) for n, c in enumerate(CAMPAIGNS) if c.ad_type and c.live is not None]


def ad_days(campaign: Campaign) -> tuple[int, int]:
    """First day with ads (the day after the launch) and the day after the last."""
    if campaign.live is None:
        return DAY_COUNT, DAY_COUNT
    return day_index(campaign.live) + 1, day_index(campaign.ends) + 1


def advertise(rng: np.random.Generator, sessions: Sessions, contacts: int) -> Ads:
    """Clicks: every session that began with one, and as many again that never loaded the page."""
    shape = (len(CAMPAIGNS), DAY_COUNT)
    seen = np.zeros(shape, dtype=np.int64)
    clicked = np.flatnonzero(is_ad_click(sessions))
    days = np.clip(wall_days(BERLIN, sessions.at[clicked]), 0, DAY_COUNT - 1)
    np.add.at(seen, (sessions.campaign[clicked], days), 1)
    clicks, impressions, cents = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for number, campaign in advertised():
        first, end = ad_days(campaign)
        length = end - first
        more = rng.poisson(campaign.ad_clicks * contacts / 2000, length)
        clicks[number, first:end] = seen[number, first:end] + more
        is_search = campaign.ad_type == "Search"
        price = rng.lognormal(np.log(240 if is_search else 70), 0.18, length)
        cents[number, first:end] = np.round(clicks[number, first:end] * price)
        rate = 0.06 if is_search else 0.008
        impressions[number, first:end] = clicks[number, first:end] + rng.poisson(
            (clicks[number, first:end] + 1) / rate
        )
        if campaign.slug == GHOST:
            cents[number, end] = 318
            impressions[number, end] = 41
    conversions = np.round(clicks * rng.uniform(0.02, 0.09, shape), 2)
    return Ads(clicks, impressions, cents, conversions)


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _measures(clicks: int, impressions: int, cents: int, conversions: float) -> list[str]:
    """The cells of MEASURES but the impression share, as Google prints them."""
    return [
        f"{clicks:,}",
        f"{impressions:,}",
        f"{100 * clicks / impressions:.2f}%" if impressions else " --",
        _money(round(cents / clicks)) if clicks else " --",
        _money(cents),
        " --",
        f"{conversions:,.2f}",
    ]


def _entity(campaign: Campaign) -> list[str]:
    status = "Enabled" if campaign.ends >= LAST else "Paused"
    name = campaign.ad_name or campaign.slug
    return [status, name, str(campaign.ad_id), "EUR", campaign.ad_type]


def _daily_rows(ads: Ads, first: date, last: date) -> list[list[str]]:
    rows = []
    for day in range(day_index(first), day_index(last) + 1):
        for number, campaign in advertised():
            cents, shown = int(ads.cents[number, day]), int(ads.impressions[number, day])
            if not cents and not shown:
                continue
            clicks = int(ads.clicks[number, day])
            cells = _measures(clicks, shown, cents, float(ads.conversions[number, day]))
            if campaign.ad_type == "Search":
                cells[5] = "< 10%" if day % 97 == 0 else f"{20 + day * 7 % 60}.{day % 100:02d}%"
            rows.append([day_of(day).isoformat(), *_entity(campaign), *cells])
    return rows


def _sums(ads: Ads, numbers: list[int], first: date, last: date) -> list[str]:
    days = slice(day_index(first), day_index(last) + 1)
    parts = (ads.clicks, ads.impressions, ads.cents, ads.conversions)
    clicks, shown, cents, conversions = (part[numbers, days].sum() for part in parts)
    return _measures(int(clicks), int(shown), int(cents), float(conversions))


def _totals(ads: Ads, first: date, last: date, lead: int) -> list[list[str]]:
    """Total rows; their label stands in column `lead` + 1."""
    everything = [number for number, _ in advertised()]
    groups = {"Campaigns": everything, "Account": everything}
    for kind in ("Search", "Display"):
        groups[kind] = [number for number, campaign in advertised() if campaign.ad_type == kind]
    blank = [""] * lead
    return [
        [*blank, f"Total: {label}", "", "", "EUR", "", *_sums(ads, numbers, first, last)]
        for label, numbers in groups.items()
    ]


def _report(period: str, header: tuple[str, ...], rows: list[list[str]], delimiter: str) -> str:
    return f"Campaign report\n{period}\n{csv_text(header, rows, delimiter)}"


def _quarter_rows(ads: Ads, first: date, last: date) -> list[list[str]]:
    days = slice(day_index(first), day_index(last) + 1)
    return [
        [*_entity(campaign), *_sums(ads, [number], first, last)]
        for number, campaign in advertised()
        if ads.cents[number, days].sum()
    ]


def write_google_ads(folder: Folder, rng: np.random.Generator, ads: Ads) -> None:
    """All four downloads."""
    daily_header = ("Day", *ENTITY, *MEASURES)
    header = (*ENTITY, *MEASURES)
    early, start = ads.restated(rng), day_of(0)
    rows = _daily_rows(early, start, DAILY_END) + _totals(early, start, DAILY_END, 1)
    text = _report('"January 1, 2026 - September 15, 2026"', daily_header, rows, ",")
    folder.write(DAILY, text.encode(), FIRST_DOWNLOAD)
    rows = _daily_rows(ads, RESTATED_START, LAST) + _totals(ads, RESTATED_START, LAST, 1)
    text = _report('"August 17, 2026 - September 30, 2026"', daily_header, rows, "\t")
    folder.write(RESTATED, b"\xff\xfe" + text.encode("utf-16-le"), LAST_DOWNLOAD)
    first, last = date(2026, 4, 1), date(2026, 6, 30)
    rows = _quarter_rows(ads, first, last) + _totals(ads, first, last, 0)
    text = _report("1 April 2026 - 30 June 2026", header, rows, ",")
    folder.write(QUARTER, text.encode(), FIRST_DOWNLOAD)
    folder.write(EMPTY, _report("All time", header, [], ",").encode(), LAST_DOWNLOAD)
