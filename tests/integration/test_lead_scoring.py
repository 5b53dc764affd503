"""Scores, bands, history, speed to lead and accuracy on hand-computed leads (S4-31 to S4-36)."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import duckdb
import pytest

from pipelines.ingest.warehouse import connect
from tests.dbt import run_dbt

AS_OF = "2026-10-01 06:00:00.000000"
NOW = datetime(2026, 10, 1, 6)
DAY = timedelta(days=1)
# Wednesday, 10:00 in New York.
START = datetime(2026, 7, 1, 14)
MODELS = (
    *("int_lead_signals_matched", "int_lead_scores_dated", "int_lead_scores_banded"),
    "int_leads_routed",
    *("int_lead_score_outcomes", "int_calendar_end", "int_business_days_opened"),
    *("fct_lead_scores", "fct_lead_score_history", "fct_lead_score_accuracy"),
)
SEEDS = ("path:seeds/scoring", "lifecycle_stages", "business_calendar", "calendar_regions")

# Rules of the test: 10 points a signal of that name, and one of each kind that is treated apart.
RULES = (
    # rule, signal, pattern, min_value, max_value, min_count, points, cap, decay
    ("ten", "form", "^ten$", None, None, 1, 10, 1, None),
    ("fading", "page_view", "^/pricing", None, None, 1, 20, 1, 30),
    ("opens", "email_open", None, None, None, 3, 5, 1, 30),
    ("capped", "web_event", "^use$", None, None, 1, 4, 3, None),
    ("icp_two", "icp_matches", None, 2, 2, 1, 18, 1, None),
    ("exact", "profile", "^points", None, None, 1, 1, 100, None),
    ("minus", "unsubscribed", None, None, None, 1, -1, 1, None),
    ("student", "profile", "student", None, None, 1, -25, 1, None),
)

Signal = tuple[str, str, int | None, datetime]


def points(number: int) -> list[Signal]:
    """So many points, at once."""
    return [("profile", f"points {n}", None, START) for n in range(number)]


LEADS: dict[str, list[Signal]] = {
    "once": [("form", "ten", None, START), ("form", "ten", None, START + DAY)],
    "no match": [("form", "tender", None, START), ("page_view", "/about", None, START)],
    # Seen twice: the points fade thirty days after the second time.
    "fades": [
        ("page_view", "/pricing", None, START),
        ("page_view", "/pricing/teams", None, START + 10 * DAY),
    ],
    "fades at the clock": [("page_view", "/pricing", None, NOW - 30 * DAY)],
    "still there": [("page_view", "/pricing", None, NOW - 30 * DAY + timedelta(microseconds=1))],
    "two opens": [("email_open", "", None, START + n * DAY) for n in range(2)],
    "three opens": [("email_open", "", None, NOW - n * DAY) for n in range(3)],
    "slow opens": [("email_open", "", None, NOW - n * 14 * DAY) for n in range(4)],
    "capped": [("web_event", "use", None, START + n * DAY) for n in range(5)],
    "one match": [("icp_matches", "", 1, START)],
    "two matches": [("icp_matches", "", 2, START)],
    "three matches": [("icp_matches", "", 3, START)],
    "minus one": [("unsubscribed", "", None, START)],
    "student": [("profile", "student", None, START)],
    **{f"score {n}": points(n) for n in (0, 25, 26, 50, 51, 75, 76, 100)},
    "unsubscribed hot": [*points(80), ("unsubscribed", "", None, START)],
    # Up, and down again when the page has faded.
    "wanders": [
        *points(10),
        ("page_view", "/pricing", None, START + DAY),
    ],
}
SCORES = {
    "once": (10, "Nurture"),
    "no match": (0, "Nurture"),
    "fades": (0, "Nurture"),
    "fades at the clock": (0, "Nurture"),
    "still there": (20, "Nurture"),
    "two opens": (0, "Nurture"),
    "three opens": (5, "Nurture"),
    "slow opens": (5, "Nurture"),
    "capped": (12, "Nurture"),
    "one match": (0, "Nurture"),
    "two matches": (18, "Nurture"),
    "three matches": (0, "Nurture"),
    "minus one": (-1, "Nurture"),
    "student": (-25, "Nurture"),
    "score 0": (0, "Nurture"),
    "score 25": (25, "Nurture"),
    "score 26": (26, "MQL"),
    "score 50": (50, "MQL"),
    "score 51": (51, "SQL"),
    "score 75": (75, "SQL"),
    "score 76": (76, "Hot"),
    "score 100": (100, "Hot"),
    "unsubscribed hot": (79, "Hot"),
    "wanders": (10, "Nurture"),
}
# Lead, its stage in the CRM, and when sales took it after START.
STAGES: dict[str, tuple[str, timedelta | None]] = {
    "score 26": ("mql", None),
    "score 50": ("salesqualifiedlead", None),
    "score 51": ("salesacceptedlead", timedelta(hours=24)),
    "score 75": ("customer", timedelta(days=4)),
    "score 76": ("salesqualifiedlead", timedelta(minutes=15)),
    "score 100": ("lead", timedelta(minutes=15, microseconds=1)),
}
# Score of a lead at seven days, and days after that to its opportunity; None: never.
OUTCOMES = (
    *((10, 5), (10, None), (10, None), (10, None)),
    *((30, 60), (30, None)),
    *((60, 1), (60, 30), (60, None)),
    # Too late by a day, and before the score was read.
    *((60, 61), (60, -1)),
)


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build file whose leads are those above."""
    build = tmp_path_factory.mktemp("scoring") / "build.duckdb"
    run_dbt(build, "seed", "--select", *SEEDS, as_of_at=AS_OF)
    run_dbt(build, "test", "--select", "path:dbt_project/tests/scoring", as_of_at=AS_OF)
    with connect(build) as con:
        con.execute("delete from seeds.lead_score_rules")
        con.executemany(
            "insert into seeds.lead_score_rules (rule_id, version, signal, pattern, min_value,"
            " max_value, min_count, points, cap, decay_days) values (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
            RULES,
        )
        write_leads(con)
    run_dbt(build, "run", "--select", *MODELS, as_of_at=AS_OF)
    with closing(duckdb.connect(str(build), read_only=True)) as con:
        yield con


def write_leads(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema intermediate")
    con.execute(
        "create table intermediate.int_contacts_merged (contact_key text, is_excluded boolean,"
        " lifecycle_stage_key text, created_at timestamp)"
    )
    con.execute(
        "create table intermediate.int_lead_signals_unioned (contact_key text, signal text,"
        " signal_text text, signal_value bigint, signalled_at timestamp)"
    )
    con.execute(
        "create table intermediate.int_lifecycle_stages_entered (contact_key text, stage text,"
        " is_imputed boolean, entered_at timestamp,"
        " entered_until_at timestamp generated always as (entered_at))"
    )
    con.execute(
        "create table intermediate.int_sales_activities_unioned as"
        " select 'score 75' as contact_key, true as is_completed, ?::timestamp as happened_at,"
        " 'salesforce' as crm_source"
        # One that is only planned, and one from before.
        " union all select 'unsubscribed hot', false, ?::timestamp, 'salesforce'"
        " union all select 'unsubscribed hot', true, ?::timestamp, 'salesforce'",
        [START + 2 * DAY, START + DAY, START - DAY],
    )
    contacts: list[tuple[object, ...]] = [("staff", True, "lead", START)]
    signals: list[tuple[object, ...]] = [("staff", "form", "ten", None, START)]
    stages: list[tuple[object, ...]] = []
    for lead, its_signals in LEADS.items():
        stage, taken_after = STAGES.get(lead, ("lead", None))
        stage = {"mql": "marketingqualifiedlead"}.get(stage, stage)
        contacts.append((lead, False, stage, START))
        signals += [(lead, *signal) for signal in its_signals]
        if taken_after is not None:
            stages.append((lead, "sal", False, START + taken_after))
    for number, (score, days) in enumerate(OUTCOMES):
        lead, lead_at = f"outcome {number}", datetime(2026, 4, 10, 12)
        contacts.append((lead, False, "lead", lead_at))
        signals += [(lead, "profile", f"points {n}", None, lead_at) for n in range(score)]
        # What came after the score was read is not in it.
        signals += [(lead, "form", "ten", None, lead_at + 7 * DAY + timedelta(microseconds=1))]
        stages.append((lead, "lead", False, lead_at))
        if days is not None:
            stages.append((lead, "opportunity", False, lead_at + (7 + days) * DAY))
    # Its time is not over: it is not judged yet.
    contacts.append(("fresh", False, "lead", NOW - 60 * DAY))
    stages.append(("fresh", "lead", False, NOW - 60 * DAY))
    con.executemany("insert into intermediate.int_contacts_merged values (?, ?, ?, ?)", contacts)
    con.executemany(
        "insert into intermediate.int_lead_signals_unioned values (?, ?, ?, ?, ?)", signals
    )
    con.executemany(
        "insert into intermediate.int_lifecycle_stages_entered values (?, ?, ?, ?)", stages
    )


@pytest.mark.parametrize(("lead", "expected"), SCORES.items())
def test_score_and_band(
    scored: duckdb.DuckDBPyConnection, lead: str, expected: tuple[int, str]
) -> None:
    rows = scored.execute(
        "select score, score_band, is_disqualified from funnel.fct_lead_scores"
        " where contact_key = ?",
        [lead],
    ).fetchall()
    assert rows == [(*expected, expected[0] < 0)]


def test_everybody_has_one_score_and_staff_has_none(scored: duckdb.DuckDBPyConnection) -> None:
    found = scored.execute("select contact_key from funnel.fct_lead_scores").fetchall()
    assert len(found) == len(LEADS) + len(OUTCOMES) + 1
    assert ("staff",) not in found


def test_history_keeps_every_crossing(scored: duckdb.DuckDBPyConnection) -> None:
    rows = scored.execute(
        "select stay_no, score_band, entry_score, is_upward, entered_at, left_at"
        " from funnel.fct_lead_score_history where contact_key = 'wanders' order by stay_no"
    ).fetchall()
    up, down = START + DAY, START + 31 * DAY
    assert rows == [
        (1, "Nurture", 10, True, START, up),
        (2, "MQL", 30, True, up, down),
        (3, "Nurture", 10, False, down, None),
    ]


def test_a_rule_fades_after_its_newest_signal(scored: duckdb.DuckDBPyConnection) -> None:
    rows = scored.execute(
        "select score, changed_at from intermediate.int_lead_scores_dated"
        " where contact_key = 'fades' and version = 1 order by changed_at"
    ).fetchall()
    assert [(score, at) for score, at in rows if at in (START, START + 40 * DAY)] == [
        (20, START),
        (0, START + 40 * DAY),
    ]
    assert {score for score, at in rows if START < at < START + 40 * DAY} == {20}


def test_who_unsubscribed_may_be_hot_and_gets_no_email(scored: duckdb.DuckDBPyConnection) -> None:
    rows = scored.execute(
        "select contact_key, is_email_allowed from funnel.fct_lead_scores"
        " where contact_key in ('unsubscribed hot', 'score 76', 'student') order by 1"
    ).fetchall()
    assert rows == [("score 76", True), ("student", False), ("unsubscribed hot", False)]


def test_band_against_stage(scored: duckdb.DuckDBPyConnection) -> None:
    rows = scored.execute(
        "select contact_key, is_band_stage_disagreement from funnel.fct_lead_scores"
        " where contact_key in ?",
        [["score 25", *STAGES]],
    ).fetchall()
    assert dict(rows) == {
        "score 25": False,
        "score 26": False,
        # MQL by its score, SQL in the CRM; the other way round; Hot stands for SQL.
        "score 50": True,
        "score 51": True,
        "score 75": None,
        "score 76": False,
        "score 100": True,
    }


def test_speed_to_lead(scored: duckdb.DuckDBPyConnection) -> None:
    rows = scored.execute(
        "select contact_key, speed_to_lead_minutes, is_within_sla from funnel.fct_lead_scores"
        " where contact_key in ('score 51', 'score 75', 'score 76', 'score 100', 'score 50',"
        " 'unsubscribed hot')"
    ).fetchall()
    assert {lead: (minutes, within) for lead, minutes, within in rows} == {
        # Exactly fifteen minutes are in time, a microsecond more is not.
        "score 76": (15, True),
        "score 100": (pytest.approx(15 + 1 / 60e6, abs=1e-9), False),
        "score 51": (1440, True),
        # A call before the lead was accepted; two days, but 15 hours of business.
        "score 75": (2 * 1440, True),
        "score 50": (None, None),
        # Nobody ever called.
        "unsubscribed hot": (None, False),
    }


def test_accuracy_by_band(scored: duckdb.DuckDBPyConnection) -> None:
    rows = scored.execute(
        "select score_band, lead_count, converted_count, conversion_rate, lift, is_monotone, auc,"
        " is_small_sample from funnel.fct_lead_score_accuracy"
        " where rules_version = 1 and cohort_quarter = date '2026-04-01'"
    ).fetchall()
    found = {band: rest for band, *rest in rows}
    # Ten leads, four converted. Of 24 pairs the score sorts 11 right and 8 are equal:
    # 10 beats none, 30 beats three of 10, each 60 beats three of 10 and one of 30.
    right = 0 + 3 + 4 + 4
    equal = 3 + 1 + 2 + 2
    auc = pytest.approx((right + equal / 2) / 24)
    assert found == {
        "Nurture": [4, 1, 0.25, pytest.approx(0.625), True, auc, True],
        "MQL": [2, 1, 0.5, pytest.approx(1.25), True, auc, True],
        "SQL": [4, 2, 0.5, pytest.approx(1.25), True, auc, True],
        "Hot": [0, 0, None, None, None, auc, True],
    }


def test_intervals_are_wilsons(scored: duckdb.DuckDBPyConnection) -> None:
    rows = scored.execute(
        "select conversion_rate_low, conversion_rate_high from funnel.fct_lead_score_accuracy"
        " where rules_version = 1 and cohort_quarter = date '2026-04-01'"
        " and score_band in ('Nurture', 'Hot') order by score_band"
    ).fetchall()
    # 1 of 4: 0.0456 to 0.6994, as in any table of Wilson intervals.
    assert rows == [
        (None, None),
        (pytest.approx(0.0455873, abs=1e-6), pytest.approx(0.6993582, abs=1e-6)),
    ]


def test_every_version_is_tried_on_the_same_leads(scored: duckdb.DuckDBPyConnection) -> None:
    rows = scored.execute(
        "select rules_version, is_active_version, cohort_quarter is null, sum(lead_count),"
        " max(auc) from funnel.fct_lead_score_accuracy group by all order by all"
    ).fetchall()
    # Version 2 has no rules here: it gives everybody nothing and tells nothing.
    assert [row[:4] for row in rows] == [
        (1, True, False, 10),
        (1, True, True, 10),
        (2, False, False, 10),
        (2, False, True, 10),
    ]
    assert [auc for *_, auc in rows[2:]] == [0.5, 0.5]


def test_the_sample_has_leads_in_every_band(release: duckdb.DuckDBPyConnection) -> None:
    contacts, scored_contacts = release.execute(
        "select (select count(*) from core.dim_contacts where not is_excluded),"
        " (select count(*) from funnel.fct_lead_scores)"
    ).fetchall()[0]
    assert contacts == scored_contacts
    bands = release.execute("select distinct score_band from funnel.fct_lead_scores").fetchall()
    assert {band for (band,) in bands} == {"Nurture", "MQL", "SQL", "Hot"}
