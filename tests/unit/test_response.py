"""Response curves and scenarios, in worlds whose curve is known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipelines.attribution.response import (
    DRAWS,
    FEWEST_WEEKS,
    HELD_OUT_WEEKS,
    POINTS,
    Array,
    Curve,
    Level,
    Weeks,
    curves,
    interval,
    respond,
)
from pipelines.attribution.scenario import ALL, BEYOND_RANGE, NO_CURVE, Move, effects
from pipelines.publish import publish
from pipelines.reports import report_whatif
from pipelines.settings import Settings, UsageError
from pipelines.sql import relations
from tests.releases import AS_OF, MARTS, build_file, home_of_one_release

MONDAY = date(2025, 1, 6)
SURE_OF_IT = Level(0.3, 0.3, 0.3)
LEADS, SPEND = 15.0, 1000.0


def mondays(count: int) -> list[date]:
    return [MONDAY + timedelta(days=7 * number) for number in range(count)]


def world(
    elasticity: float, *, count: int = 78, seed: int = 1, spread: float = 0.4, swing: float = 0.0
) -> Weeks:
    """Weeks of a channel that brings LEADS at SPEND, with a known elasticity."""
    rng = np.random.default_rng(seed)
    spend = SPEND * np.exp(rng.normal(0, spread, count))
    season = 1 + swing * np.sin(2 * np.pi * np.arange(count) / 52)
    return Weeks(
        start=mondays(count),
        spend=spend,
        leads=rng.poisson(LEADS * (spend / SPEND) ** elasticity * season).astype(float),
        other_leads=rng.poisson(20 * season, count).astype(float),
    )


def curve_of(weeks: Weeks, level: Level = SURE_OF_IT) -> Curve:
    (found,) = curves({"Display": weeks}, {"Display": level})
    return found


def leads_at(spend: float, elasticity: float) -> float:
    return LEADS * (spend / SPEND) ** elasticity


@pytest.mark.parametrize("elasticity", [0.0, 0.3, 0.6, 1.0])
def test_intervals_hold_the_known_curve(elasticity: float) -> None:
    """Of a move across the whole range, in worlds of a year and a half, with season and without."""
    held = []
    for seed in range(8):
        found = curve_of(world(elasticity, seed=seed, swing=0.2 * (seed % 2)))
        ends = found.spend_low, found.spend_high
        _, low, high = interval(found.at(ends[1]) - found.at(ends[0]))
        true = leads_at(ends[1], elasticity) - leads_at(ends[0], elasticity)
        held.append(low - 1e-9 <= true <= high + 1e-9)
        # And it tells something: less than all that either extreme allows.
        assert high - low < 0.75 * leads_at(ends[1], 1), seed
    assert sum(held) >= 7


def test_a_curve_rises_and_bends_and_is_the_same_every_time() -> None:
    found, again = curve_of(world(0.5)), curve_of(world(0.5))
    at = [found.at(spend) for spend in np.linspace(found.spend_low, found.spend_high, POINTS)]
    steps = np.diff(np.stack(at), axis=0)
    assert (steps >= 0).all()
    assert (np.diff(steps, axis=0) <= 1e-9).all()
    assert np.array_equal(found.scale, again.scale)
    assert found.refusal is None
    test = found.backtest
    assert test
    assert test.low <= test.came <= test.high
    assert test.weeks <= HELD_OUT_WEEKS


def test_what_the_share_may_be_off_widens_the_curve() -> None:
    sure, unsure = (
        curve_of(world(0.5), level).at(SPEND) for level in (SURE_OF_IT, Level(0.3, 0.15, 0.6))
    )
    narrow, wide = interval(sure), interval(unsure)
    assert wide[2] / narrow[2] == pytest.approx(2, rel=0.15)
    assert wide[1] / narrow[1] == pytest.approx(0.5, rel=0.25)


def follows(weeks: Weeks) -> Weeks:
    """Leads of others that rise and fall with the spend."""
    return replace(weeks, other_leads=np.round(20 * weeks.spend / SPEND))


def silent(weeks: Weeks) -> Weeks:
    """A channel that is credited with next to nothing."""
    return replace(weeks, leads=weeks.leads * 0.01)


def jumps(weeks: Weeks) -> Weeks:
    """Leads that grow with the square of the spend."""
    return replace(weeks, leads=np.round(LEADS * (weeks.spend / SPEND) ** 2))


def falls(weeks: Weeks) -> Weeks:
    """Leads that fall with the spend."""
    return replace(weeks, leads=np.round(LEADS * SPEND / weeks.spend))


def breaks(weeks: Weeks) -> Weeks:
    """Leads that halve in the held-out quarter."""
    late = np.arange(len(weeks.spend)) >= len(weeks.spend) - HELD_OUT_WEEKS
    return replace(weeks, leads=np.where(late, weeks.leads / 4, weeks.leads))


def leaves(weeks: Weeks) -> Weeks:
    """A held-out quarter that was spent as never before."""
    late = np.arange(len(weeks.spend)) >= len(weeks.spend) - HELD_OUT_WEEKS
    return replace(weeks, spend=np.where(late, 20 * SPEND, weeks.spend))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (follows, "others_move"),
        (silent, "few_leads"),
        (jumps, "not_concave"),
        (falls, "not_concave"),
        (breaks, "backtest_off"),
    ],
)
def test_a_diagnostic_that_fails_refuses(change: Callable[[Weeks], Weeks], refusal: str) -> None:
    assert curve_of(world(0.5)).refusal is None
    assert curve_of(change(world(0.5))).refusal == refusal


def test_too_few_weeks_and_too_little_variation_refuse() -> None:
    enough = FEWEST_WEEKS + HELD_OUT_WEEKS
    assert curve_of(world(0.5, count=enough - 1)).refusal == "few_weeks"
    assert curve_of(world(0.5, count=enough)).refusal != "few_weeks"
    assert curve_of(world(0.5, spread=0.05)).refusal == "no_variation"
    assert curve_of(world(0.5, spread=0.0)).refusal == "no_variation"
    assert curve_of(world(0.5, count=0)).refusal == "few_weeks"


def test_a_quarter_that_was_spent_as_never_before_tries_nothing() -> None:
    found = curve_of(leaves(world(0.5)))
    assert found.backtest
    assert found.backtest.is_off
    assert found.refusal is not None


def test_channels_whose_spend_goes_together_are_refused_together() -> None:
    display, search = world(0.5), world(0.5, seed=2)
    apart = curves({"Display": display, "Search": search}, {})
    assert [curve.refusal for curve in apart] == [None, None]
    rng = np.random.default_rng(3)
    search = replace(search, spend=display.spend * np.exp(rng.normal(0, 0.1, len(display.spend))))
    together = curves({"Display": display, "Search": search}, {})
    assert [(c.refusal, c.correlated_channel) for c in together] == [
        ("correlated", "Search"),
        ("correlated", "Display"),
    ]


def exactly(elasticity: float, scale: float, spend: Array) -> Curve:
    """A curve that is known without error."""
    weeks = Weeks(mondays(len(spend)), spend, spend, spend)
    low, high = float(spend.min()), float(spend.max())
    return Curve("Display", weeks, low, high, np.full(DRAWS, elasticity), np.full(DRAWS, scale))


def test_a_scenario_by_hand() -> None:
    """2 * sqrt(spend): 100 bring 20, 64 bring 16; spend / 10: 100 bring 10, 136 bring 13.6."""
    spend = np.linspace(50, 150, 50)
    known = {"Display": exactly(0.5, 2, spend), "Search": exactly(1, 0.1, spend)}
    spends = {"Display": 100.0, "Search": 100.0}
    display, search, whole = effects(known, spends, [Move(13 * 36, "Display", "Search")])
    assert (display.spend_after, search.spend_after) == (64, 136)
    assert display.leads_before == pytest.approx(13 * 20)
    assert display.change == pytest.approx((-13 * 4,) * 3)
    assert search.change == pytest.approx((13 * 3.6,) * 3)
    assert whole.channel == ALL
    assert whole.change == pytest.approx((-13 * 0.4,) * 3)
    assert (display.gain_chance, search.gain_chance, whole.gain_chance) == (0, 1, 0)
    # Two moves of one scenario add up; money may come from elsewhere.
    moves = [Move(13 * 21, None, "Display"), Move(13 * 23, None, "Display")]
    more, whole = effects(known, spends, moves)
    assert more.change == pytest.approx((13 * 4,) * 3)
    assert (whole.spend_before, whole.spend_after) == (100, 144)


@pytest.mark.parametrize(("amount", "refusal"), [(13 * 49, None), (13 * 51, BEYOND_RANGE)])
def test_nothing_is_read_beyond_what_was_spent(amount: float, refusal: str | None) -> None:
    spend = np.linspace(50, 150, 50)
    known = {"Display": exactly(0.5, 2, spend)}
    for move in (Move(amount, "Display", None), Move(amount, None, "Display")):
        for effect in effects(known, {"Display": 100.0}, [move]):
            assert effect.refusal == refusal
            assert (effect.change is None) == (refusal is not None)
    # Nor from a quarter that lies beyond it itself.
    (effect, _) = effects(known, {"Display": 30.0}, [Move(13 * 40, None, "Display")])
    assert effect.refusal == BEYOND_RANGE


def test_a_refused_curve_and_a_channel_without_any_refuse_the_whole() -> None:
    refused = replace(exactly(0.5, 2, np.linspace(50, 150, 50)), refusal="few_weeks")
    display, search, whole = effects(
        {"Display": refused}, {"Display": 100.0}, [Move(13, "Display", "Search")]
    )
    assert (display.refusal, search.refusal, whole.refusal) == ("few_weeks", NO_CURVE, "few_weeks")
    assert whole.change is None


SOLVED = """
    create schema solved; create schema intermediate;
    create table solved.intervals (attribution_model varchar, conversion_type varchar,
        channel varchar, share double, share_low double, share_high double, half_life_days double);
    create table solved.journey_credits (conversion_id varchar, touch_id varchar,
        attribution_model varchar, channel varchar, credit double);
    create table intermediate.int_ad_spend_weekly (channel varchar, week_start_date date,
        spend_reporting decimal(18, 2), is_spend_partial boolean);
    create table intermediate.int_lead_touch_weeks (conversion_id varchar, touch_id varchar,
        touched_week date, converted_week date);
    insert into solved.intervals values
        ('data_driven', 'lead', 'Display', .3, .25, .35, 3),
        ('markov', 'lead', 'Display', .9, .9, .9, null);
"""


def test_leads_are_dated_by_their_touch_and_others_by_themselves() -> None:
    """A lead of the second week, credited .75 to a touch of the first; the rest is of others."""
    con = duckdb.connect()
    con.execute(SOLVED)
    con.execute(
        """
        insert into solved.journey_credits values
            ('c1', 't1', 'data_driven', 'Display', .75),
            ('c1', null, 'data_driven', 'Baseline', .25),
            ('c1', 't1', 'markov', 'Display', 1), ('c2', 't2', 'data_driven', 'Email', 1);
        insert into intermediate.int_ad_spend_weekly values
            ('Display', date '2026-01-05', 10, false), ('Display', date '2026-01-12', 20, true),
            ('Display', date '2026-01-19', 30, false), ('Display', date '2026-01-26', 0, false);
        insert into intermediate.int_lead_touch_weeks values
            ('c1', null, null, date '2026-01-12'),
            ('c1', 't1', date '2026-01-05', date '2026-01-12'),
            ('c2', null, null, date '2026-01-12'),
            ('c2', 't2', date '2026-01-12', date '2026-01-12'),
            ('c3', null, null, date '2026-01-26');
        """
    )
    sources = {"int_ad_spend_weekly": "intermediate", "int_lead_touch_weeks": "intermediate"}
    # Fifteen days are five half-lives: on the 10th the week that ended on the 25th is ripe.
    for day, ripe in ((9, [True, False, False, False]), (10, [True, False, True, False])):
        respond(con, datetime(2026, 2, 20), date(2026, 2, day), relations(sources))
        found = con.execute("from solved.response_weeks order by week_start_date").fetchall()
        assert [row[2:5] for row in found] == [(10, 0.75, 0), (20, 0, 1.25), (30, 0, 0), (0, 0, 1)]
        # A week without a rate, and one without spend, teach nothing.
        assert [row[5] for row in found] == ripe
    (refused,) = con.execute("from solved.response_curves").fetchall()
    assert refused[:2] == ("Display", 2)
    assert refused[-2:] == ("few_weeks", datetime(2026, 2, 20))
    assert con.execute("from solved.response_points").fetchall() == []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose release has curves of two channels and none of a third."""
    settings = Settings(exports=tmp_path, home=tmp_path / "home")
    rows = {
        "Paid Search": world(0.5),
        "Paid Social": world(0.3, seed=2),
        "Display": world(0.5, count=30, seed=3),
    }
    with build_file(settings) as con:
        con.execute(MARTS)
        con.execute(
            "create table attribution.fct_response_weeks (channel varchar, week_start_date date,"
            " spend_reporting double, leads double, other_leads double, is_learned_from boolean,"
            " is_held_out boolean)"
        )
        con.execute(
            "create table attribution.fct_attribution_intervals as select 'data_driven' as"
            " attribution_model, 'lead' as conversion_type, 'Paid Search' as channel,"
            " .3::double as share, .25::double as share_low, .35::double as share_high"
        )
        for channel, weeks in rows.items():
            columns = (weeks.start, weeks.spend, weeks.leads, weeks.other_leads)
            for day, *figures in zip(*columns, strict=True):
                con.execute(
                    "insert into attribution.fct_response_weeks"
                    " values (?, ?, ?, ?, ?, true, false)",
                    [channel, day, *map(float, figures)],
                )
        publish(con, settings, AS_OF, "run-1")
    return settings.home


def saved(home: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "build.duckdb"), read_only=True) as con:
        return con.execute(
            "select moves, channel, round(leads_change, 6), refusal from ops.budget_scenarios"
            " order by moves, channel"
        ).fetchall()


def test_a_scenario_is_answered_by_the_release_and_saved(home: Path) -> None:
    told = report_whatif(home, [])
    assert [(curve["channel"], curve["refusal"]) for curve in told["curves"]] == [
        ("Display", "few_weeks"),
        ("Paid Search", None),
        ("Paid Social", None),
    ]
    assert (told["effects"], told["exit_code"]) == ([], 0)

    asked = ["1300:paid_social:Paid Search"]
    answer = report_whatif(home, asked)
    assert answer["exit_code"] == 0
    search, social, whole = answer["effects"]
    assert search["spend_after"] - search["spend_before"] == pytest.approx(100)
    assert search["leads_change_low"] < search["leads_change"] < search["leads_change_high"]
    assert whole["leads_change"] == pytest.approx(search["leads_change"] + social["leads_change"])
    # Asked again it is the same one, not another.
    assert report_whatif(home, asked)["scenario_id"] == answer["scenario_id"]
    refused = report_whatif(home, ["1:display:"])
    assert refused["exit_code"] == 3
    assert saved(home) == [
        ("1300:paid_social:Paid Search", "All", round(whole["leads_change"], 6), None),
        ("1300:paid_social:Paid Search", "Paid Search", round(search["leads_change"], 6), None),
        ("1300:paid_social:Paid Search", "Paid Social", round(social["leads_change"], 6), None),
        ("1:display:", "All", None, "few_weeks"),
        ("1:display:", "Display", None, "few_weeks"),
    ]


@pytest.mark.parametrize(
    ("move", "said"),
    [
        ("5000", "expected AMOUNT:FROM:TO"),
        ("many:display:paid_search", "'many' is no amount above 0"),
        ("0:display:paid_search", "'0' is no amount above 0"),
        ("nan:display:paid_search", "'nan' is no amount above 0"),
        ("5:display:display", "names one channel, or none"),
        ("5::", "names one channel, or none"),
        ("5:paid_serach:display", "paid_search"),
    ],
)
def test_a_move_that_is_none_is_said(home: Path, move: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        report_whatif(home, [move])
    assert saved(home) == []


def test_a_release_of_an_earlier_version_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="learned no responses"):
        report_whatif(home_of_one_release(tmp_path).home, [])
