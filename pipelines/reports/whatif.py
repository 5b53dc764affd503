"""What-if of a budget: what the curves of the published release say of other spends (U11)."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.attribution.response import MODEL, Level, WeekRow, Weeks, curves, interval
from pipelines.attribution.scenario import QUARTER_WEEKS, Effect, Move, effects
from pipelines.ingest.environment import transaction
from pipelines.reports.records import Record, Report, records, released
from pipelines.runs import connection, exclusive
from pipelines.settings import Settings, UsageError, utc_now
from pipelines.strict import one_of

if TYPE_CHECKING:
    import duckdb

    from pipelines.attribution.response import Curve
    from pipelines.publish import Release

ANSWERED = 0
REFUSED = 3

KNOWN_SQL = """
    select count(*) > 0 as is_known from duckdb_tables()
    where schema_name = 'attribution' and table_name = 'fct_response_weeks'
"""
WEEKS_SQL = """
    select channel, week_start_date as start, spend_reporting as spend,
        is_learned_from as is_known, leads, other_leads
    from attribution.fct_response_weeks order by channel, week_start_date
"""
LEVELS_SQL = """
    select channel, share, share_low, share_high from attribution.fct_attribution_intervals
    where attribution_model = $model and conversion_type = 'lead'
"""
# The last quarter is of whole weeks, and of the same ones for every channel.
QUARTER_SQL = """
    select max(week_start_date) - 7 * ($weeks - 1) as first_day,
        max(week_start_date) + 6 as last_day
    from attribution.fct_response_weeks
"""
SPENDS_SQL = """
    select channel, sum(spend_reporting) / $weeks as spend
    from attribution.fct_response_weeks where week_start_date >= $first_day group by channel
"""
SAVED_SQL = """
    insert into ops.budget_scenarios by name select
        $scenario_id as scenario_id, $channel as channel, $moves as moves,
        $spend_before as spend_before, $spend_after as spend_after, $spend_low as spend_low,
        $spend_high as spend_high, $leads_before as leads_before, $leads_change as leads_change,
        $leads_change_low as leads_change_low, $leads_change_high as leads_change_high,
        $gain_chance as gain_chance, $refusal as refusal, $release_id as release_id,
        $asked_at as asked_at, $as_of_at as as_of_at
"""


def report_whatif(home: Path, asked: Sequence[str]) -> Report:
    """What other spends of the last quarter would have brought, and what the curves are.

    A scenario is saved in the build file; the next release has it in fct_budget_scenarios.

    Args:
        home: where the warehouse lives, whose published release answers.
        asked: moves as a person writes them, amount:from:to; none to be told of the curves alone.

    Raises:
        UsageError: a move is none or names a channel without spend, nothing is published, the
            release is of an earlier version, or another process writes the warehouse.
    """
    with released(home) as (con, release):
        _require_curves(con, home)
        found = _curves(con)
        ((first_day, last_day),) = (
            row.values() for row in records(con, QUARTER_SQL, weeks=QUARTER_WEEKS)
        )
        spends = {
            row["channel"]: row["spend"]
            for row in records(con, SPENDS_SQL, weeks=QUARTER_WEEKS, first_day=first_day)
        }
    report: Report = {
        "release": asdict(release),
        "model": MODEL,
        "quarter": {"first_day": first_day, "last_day": last_day},
        "curves": [_told(curve, spends.get(curve.channel, 0.0)) for curve in found.values()],
        "moves": list(asked),
        "effects": [],
        "exit_code": ANSWERED,
    }
    if asked:
        moves = [_move(text, sorted(found)) for text in asked]
        told = [_row(effect) for effect in effects(found, spends, moves)]
        report["effects"] = told
        report["scenario_id"] = _saved(home, release, " ".join(asked), told)
        report["exit_code"] = REFUSED if told[-1]["refusal"] else ANSWERED
    return report


def _require_curves(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    if not records(con, KNOWN_SQL)[0]["is_known"]:
        raise UsageError(
            f"the release of {home} is of an earlier version, which learned no responses;"
            " `throughline run` makes one that has"
        )


def _curves(con: duckdb.DuckDBPyConnection) -> dict[str, Curve]:
    """As the run made them, of what it published."""
    rows = [WeekRow(**row) for row in records(con, WEEKS_SQL)]
    weeks = {
        channel: Weeks.of([row for row in rows if row.channel == channel and row.is_known])
        for channel in {row.channel for row in rows}
    }
    levels = {
        row["channel"]: Level(row["share"], row["share_low"], row["share_high"])
        for row in records(con, LEVELS_SQL, model=MODEL)
    }
    return {curve.channel: curve for curve in curves(weeks, levels)}


def _told(curve: Curve, spend: float) -> Record:
    """A curve at the spend of the quarter."""
    told: Record = {
        "channel": curve.channel,
        "weeks": len(curve.weeks.spend),
        "spend": spend,
        "spend_low": curve.spend_low if math.isfinite(curve.spend_low) else None,
        "spend_high": curve.spend_high if math.isfinite(curve.spend_high) else None,
        "leads": None,
        "elasticity": None,
        "refusal": curve.refusal,
    }
    if not curve.refusal:
        told["elasticity"] = interval(curve.elasticity)
        if curve.is_within(spend):
            told["leads"] = interval(curve.at(spend))
    return told


def _move(text: str, channels: Sequence[str]) -> Move:
    parts = text.split(":")
    form = "expected AMOUNT:FROM:TO, as in 5000:paid_social:paid_search"
    if len(parts) != 3:
        raise UsageError(f"--move {text!r}: {form}")
    try:
        amount = float(parts[0])
    except ValueError:
        amount = math.nan
    if not (math.isfinite(amount) and amount > 0):
        raise UsageError(f"--move {text!r}: {parts[0]!r} is no amount above 0; {form}")
    source, target = (_channel(text, part, channels) for part in parts[1:])
    if source == target:
        raise UsageError(f"--move {text!r} names one channel, or none; {form}")
    return Move(amount, source, target)


def _channel(text: str, named: str, channels: Sequence[str]) -> str | None:
    """A channel by its name, as people write it; none where the name is empty."""
    if not named.strip():
        return None
    by_slug = {_slug(channel): channel for channel in channels}
    if _slug(named) not in by_slug:
        if not by_slug:
            raise UsageError(f"--move {text!r}: no channel has spend by days in this release")
        raise UsageError(
            f"--move {text!r}: {named} has no spend by days in this release, expected"
            f" {one_of(_slug(named), by_slug)}"
        )
    return by_slug[_slug(named)]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.strip().casefold())


def _row(effect: Effect) -> Record:
    """An effect by the names of the mart's columns."""
    change = effect.change or (None, None, None)
    return {
        "channel": effect.channel,
        "spend_before": effect.spend_before,
        "spend_after": effect.spend_after,
        "spend_low": effect.spend_low,
        "spend_high": effect.spend_high,
        "leads_before": effect.leads_before,
        "leads_change": change[0],
        "leads_change_low": change[1],
        "leads_change_high": change[2],
        "gain_chance": effect.gain_chance,
        "refusal": effect.refusal,
    }


def _saved(home: Path, release: Release, moves: str, told: Sequence[Record]) -> str:
    """Keep the scenario in place of the same one asked before; its id."""
    scenario_id = hashlib.sha256(f"{release.release_id} {moves}".encode()).hexdigest()[:16]
    settings = Settings(exports=home, home=home)
    known = {
        "scenario_id": scenario_id,
        "moves": moves,
        "release_id": release.release_id,
        "asked_at": utc_now(),
        "as_of_at": release.as_of_at,
    }
    with (
        exclusive(settings, "`throughline whatif`"),
        connection(settings.build_path) as con,
        transaction(con),
    ):
        con.execute("delete from ops.budget_scenarios where scenario_id = ?", [scenario_id])
        for row in told:
            con.execute(SAVED_SQL, {**known, **row})
    return scenario_id
