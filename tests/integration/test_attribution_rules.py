"""The rules on hand-computed journeys and on the reference vectors, through the real models.

Every case is a conversion with its touches, put where identity and touches would have put them; the
models from there on are run by dbt. Ten touches, ties, edges and shared touches are worked out by
hand below (S4-24 to S4-28, conventions of attribution in the design).
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest.warehouse import connect
from pipelines.settings import PROJECT_DIR
from pipelines.simulate.inputs import create_inputs
from tests.dbt import run_dbt

VECTORS = PROJECT_DIR / "tests" / "fixtures" / "vectors"
CONVERTED_AT = datetime(2026, 6, 30, 12)
DAY = timedelta(days=1)
AS_OF = "2026-10-01 06:00:00.000000"
MODELS_OF_VECTORS = {
    "first_touch": "first_touch",
    "last_touch": "last_touch",
    "linear": "linear",
    "position_based": "position_based_40_20_40",
}
CHAIN = (
    "stg_solved__intervals",
    "stg_solved__journey_credits",
    "int_conversion_persons",
    "int_touches_eligible",
    "int_conversion_stages_dated",
    "int_touches_positioned",
    "int_credits_weighed",
    "int_credits_counted",
    "int_credits_settled",
)


@dataclass(frozen=True)
class Touch:
    """A touch: its channel, how long before the conversion, its place among ties, and whose it is
    among the contacts of an account."""

    channel: str
    before: timedelta
    priority: int = 2
    name: str = ""
    contact: str = ""
    kind: str = "session"


@dataclass(frozen=True)
class Journey:
    """A conversion, the stages on the way to it, and the touches of its contact or account."""

    touches: tuple[Touch, ...] = ()
    amount: str | None = None
    also_converts_at: tuple[datetime, ...] = field(default=())
    # Each lead of it: how long before, and which contact of the account.
    leads: tuple[tuple[timedelta, str], ...] = ()
    opportunity: timedelta | None = None
    scope: str = "contact"


def days(*ages: float, channels: str = "ABCDEFGHIJ") -> tuple[Touch, ...]:
    """Touches so many days before the conversion, in channels A, B, C …"""
    return tuple(Touch(c, timedelta(days=d)) for c, d in zip(channels, ages, strict=False))


JOURNEYS = {
    "none": Journey(amount="100.00"),
    "one": Journey(days(3), "99.99"),
    "two": Journey(days(10, 3), "0.01"),
    "three": Journey(days(14, 7, 0), "100.00"),
    "ten": Journey(days(*range(10, 0, -1)), "1000.01"),
    "thirds": Journey(days(3, 2, 1), "100.00"),
    "edge": Journey(
        (
            Touch("Outside", timedelta(days=90, microseconds=1)),
            Touch("Edge", timedelta(days=90)),
            Touch("Now", timedelta(0)),
            Touch("After", timedelta(microseconds=-1)),
        ),
        "10.00",
    ),
    "ties": Journey(
        (
            Touch("Third", timedelta(days=1), priority=3, name="a"),
            Touch("Second", timedelta(days=1), priority=2, name="z"),
            Touch("First", timedelta(days=1), priority=2, name="b"),
        ),
        "10.00",
    ),
    "direct_last": Journey(days(5, 4, 1, channels=["Email", "Referral", "Direct"]), "50.00"),
    "only_direct": Journey(days(5, 1, channels=["Direct", "Direct"]), "50.00"),
    "no_amount": Journey(days(2, 1)),
    "buys_twice": Journey(
        days(20, 2), "70.00", also_converts_at=(CONVERTED_AT - timedelta(days=10),)
    ),
    "buys_thrice": Journey(
        days(100, 40, 15, 1),
        "30.01",
        also_converts_at=(
            CONVERTED_AT - timedelta(days=14),
            CONVERTED_AT - timedelta(days=39),
        ),
    ),
    "five": Journey(days(5, 4, 3, 2, 1), "100.00"),
    "views": Journey(
        (
            Touch("Seen too early", timedelta(days=1, microseconds=1), kind="view"),
            Touch("Seen", timedelta(days=1), kind="view"),
            Touch("Clicked", timedelta(days=2)),
        ),
        "10.00",
    ),
    # The touch of the very moment of a stage is the one before it.
    "stages": Journey(
        days(20, 15, 10, 5, 1), "100.00", leads=((DAY * 12, ""),), opportunity=DAY * 5
    ),
    "four_anchors": Journey(
        days(20, 10, 5, 1), "100.00", leads=((DAY * 10, ""),), opportunity=DAY * 4
    ),
    "lead_at_first": Journey(
        days(20, 10, 5), "100.00", leads=((DAY * 20, ""),), opportunity=DAY * 7
    ),
    "no_lead": Journey(days(20, 10, 5), "70.00", opportunity=DAY * 10),
    "old_lead": Journey(days(20, 10, 5), "70.00", leads=((DAY * 91, ""),), opportunity=DAY * 10),
    "untouched_lead": Journey(
        days(20, 10, 5), "70.00", leads=((DAY * 21, ""),), opportunity=DAY * 10
    ),
    "account": Journey(
        (
            Touch("A", DAY * 30, contact="x"),
            Touch("B", DAY * 20, contact="y"),
            Touch("X", DAY * 16, contact="x"),
            Touch("C", DAY * 8, contact="x"),
            Touch("D", DAY * 2, contact="y"),
        ),
        "100.00",
        # The account's first lead is y: what x did before it created no lead.
        leads=((DAY * 15, "y"), (DAY * 9, "x")),
        opportunity=DAY * 8,
        scope="account",
    ),
    "direct_anchor": Journey(
        days(20, 10, 5, channels=["Email", "Direct", "Referral"]), "10.00", leads=((DAY * 9, ""),)
    ),
}
# Models of a user's own: name, whether Direct is left out, weights of first, lead, last and middle.
CUSTOM_MODELS = (
    ("custom_30_50_20", False, 0.3, None, 0.2, 0.5),
    ("lead_only", False, None, 1.0, None, None),
    ("middle_only", False, None, None, None, 1.0),
    ("lead_without_direct", True, None, 1.0, None, None),
)


def vector_journeys() -> dict[str, Journey]:
    """The paths of every vector, as many journeys as conversions; none where they are absent."""
    journeys = {}
    for path in sorted(VECTORS.glob("in_*.json")):
        for number, (steps, conversions, _, value) in enumerate(
            json.loads(path.read_text())["paths"]
        ):
            channels = steps.split(" > ")
            touches = days(*range(len(channels), 0, -1), channels=channels)
            for copy in range(int(conversions)):
                name = f"{path.stem.removeprefix('in_')}|{number}|{copy}"
                journeys[name] = Journey(touches, f"{value / conversions:.2f}")
    return journeys


@pytest.fixture(scope="module")
def build_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build file with the credits of every journey by every model."""
    build = tmp_path_factory.mktemp("attribution") / "build.duckdb"
    with connect(build) as con:
        write_journeys(con, {**JOURNEYS, **vector_journeys()})
    run_dbt(build, "seed", "--select", "attribution_models", "conversion_types", as_of_at=AS_OF)
    with connect(build) as con:
        con.executemany(
            "insert into seeds.attribution_models (attribution_model, rule, is_direct_excluded,"
            " is_headline, is_fallback, first_weight, lead_weight, last_weight, middle_weight)"
            " values (?, 'anchors', ?, false, false, ?, ?, ?, ?)",
            CUSTOM_MODELS,
        )
    run_dbt(build, "build", "--select", *CHAIN, as_of_at=AS_OF)
    return build


@pytest.fixture(scope="module")
def credits(build_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The credits of every journey, as `int_credits_settled` has them."""
    with closing(duckdb.connect(str(build_path), read_only=True)) as con:
        yield con


def write_journeys(con: duckdb.DuckDBPyConnection, journeys: dict[str, Journey]) -> None:
    """What identity, touches and conversions would have made of the journeys."""
    create_inputs(con)
    conversions: list[tuple[object, ...]] = []
    touches = []
    for name, journey in journeys.items():
        times = (CONVERTED_AT, *journey.also_converts_at)
        for number, at in enumerate(times):
            deal = name if number == 0 else f"{name}#{number}"
            conversions.append(
                (deal, "closed_won", name, name, deal, journey.amount, journey.scope, at)
            )
        if journey.opportunity is not None:
            at = CONVERTED_AT - journey.opportunity
            conversions.append(
                (f"{name}:opp", "opportunity", name, name, name, None, journey.scope, at)
            )
        for before, contact in journey.leads:
            at = CONVERTED_AT - before
            who = name + contact
            conversions.append((f"{who}:lead", "lead", who, name, None, None, "contact", at))
        touches += [
            (
                f"{name}/{t.name or n}",
                name + t.contact,
                name,
                t.channel,
                1 if t.kind == "view" else 90,
                t.priority,
                CONVERTED_AT - t.before,
            )
            for n, t in enumerate(journey.touches)
        ]
    con.executemany(
        "insert into intermediate.int_conversions_unioned (conversion_id, conversion_type,"
        " contact_key, account_key, opportunity_id, amount_reporting, credit_scope, converted_at,"
        " conversion_no) values (?,?,?,?,?,?,?,?,?)",
        [(*row, number) for number, row in enumerate(conversions, start=1)],
    )
    con.executemany(
        "insert into intermediate.int_touches_resolved (touch_id, contact_key, account_key,"
        " channel, lookback_days, touch_priority, touched_at) values (?,?,?,?,?,?,?)",
        touches,
    )
    con.execute(
        "insert into intermediate.int_contact_accounts_matched"
        " select distinct contact_key, account_key from intermediate.int_touches_resolved"
    )


def shares(
    con: duckdb.DuckDBPyConnection, conversion: str, model: str
) -> dict[str, tuple[float, str | None]]:
    """Credit and amount by channel."""
    rows = con.execute(
        "select channel, credit, cast(credited_amount as varchar)"
        " from intermediate.int_credits_settled"
        " where conversion_id = ? and attribution_model = ? order by touch_position",
        [conversion, model],
    ).fetchall()
    return {channel: (credit, amount) for channel, credit, amount in rows}


CASES = [
    ("none", "linear", {"Unattributed": (1, "100.00")}),
    ("none", "last_non_direct", {"Unattributed": (1, "100.00")}),
    ("one", "position_based_40_20_40", {"A": (1, "99.99")}),
    ("one", "time_decay", {"A": (1, "99.99")}),
    ("two", "position_based_40_20_40", {"A": (0.5, "0.01"), "B": (0.5, "0.00")}),
    ("two", "first_touch", {"A": (1, "0.01")}),
    # Seven days apart: the newer weighs twice the older.
    ("two", "time_decay", {"A": (1 / 3, "0.00"), "B": (2 / 3, "0.01")}),
    # 14, 7 and 0 days: weights 1/4, 1/2 and 1 of 7/4.
    ("three", "time_decay", {"A": (1 / 7, "14.29"), "B": (2 / 7, "28.57"), "C": (4 / 7, "57.14")}),
    (
        "three",
        "position_based_40_20_40",
        {"A": (0.4, "40.00"), "B": (0.2, "20.00"), "C": (0.4, "40.00")},
    ),
    ("thirds", "linear", {"A": (1 / 3, "33.34"), "B": (1 / 3, "33.33"), "C": (1 / 3, "33.33")}),
    # Both ends of the lookback count; a microsecond outside of it does not.
    ("edge", "linear", {"Edge": (0.5, "5.00"), "Now": (0.5, "5.00")}),
    ("ties", "first_touch", {"First": (1, "10.00")}),
    ("ties", "last_touch", {"Third": (1, "10.00")}),
    ("direct_last", "last_touch", {"Direct": (1, "50.00")}),
    ("direct_last", "last_non_direct", {"Referral": (1, "50.00")}),
    ("only_direct", "last_non_direct", {"Direct": (1, "50.00")}),
    ("no_amount", "linear", {"A": (0.5, None), "B": (0.5, None)}),
    # Two conversions share the first touch; the second touch came after the earlier conversion.
    ("buys_twice", "linear", {"A": (0.5, "35.00"), "B": (0.5, "35.00")}),
    ("buys_twice#1", "linear", {"A": (1, "70.00")}),
    # Three purchases, each shared by its own lookback; B serves all of them.
    ("buys_thrice#2", "linear", {"A": (0.5, "15.01"), "B": (0.5, "15.00")}),
    (
        "buys_thrice#1",
        "linear",
        {"A": (1 / 3, "10.01"), "B": (1 / 3, "10.00"), "C": (1 / 3, "10.00")},
    ),
    (
        "buys_thrice",
        "linear",
        {"B": (1 / 3, "10.01"), "C": (1 / 3, "10.00"), "D": (1 / 3, "10.00")},
    ),
    # Asymmetric weights: the first is not the last.
    (
        "three",
        "custom_30_50_20",
        {"A": (0.3, "30.00"), "B": (0.5, "50.00"), "C": (0.2, "20.00")},
    ),
    (
        "five",
        "custom_30_50_20",
        {
            "A": (0.3, "30.00"),
            "B": (0.5 / 3, "16.67"),
            "C": (0.5 / 3, "16.67"),
            "D": (0.5 / 3, "16.66"),
            "E": (0.2, "20.00"),
        },
    ),
    ("two", "custom_30_50_20", {"A": (0.6, "0.01"), "B": (0.4, "0.00")}),
    ("one", "custom_30_50_20", {"A": (1, "99.99")}),
    # A model whose only anchor is missing shares equally; so does one without anchors.
    ("two", "lead_only", {"A": (0.5, "0.01"), "B": (0.5, "0.00")}),
    ("two", "middle_only", {"A": (0.5, "0.01"), "B": (0.5, "0.00")}),
    # What a model leaves out is no anchor of it.
    ("direct_anchor", "lead_only", {"Direct": (1, "10.00")}),
    ("direct_anchor", "lead_without_direct", {"Email": (1, "10.00")}),
    # An ad that was only seen counts for a day, both ends included.
    ("views", "linear", {"Clicked": (0.5, "5.00"), "Seen": (0.5, "5.00")}),
    (
        "stages",
        "w_shaped",
        {
            "A": (0.3, "30.00"),
            "B": (0.3, "30.00"),
            "C": (0.05, "5.00"),
            "D": (0.3, "30.00"),
            "E": (0.05, "5.00"),
        },
    ),
    (
        "stages",
        "full_path",
        {
            "A": (0.225, "22.50"),
            "B": (0.225, "22.50"),
            "C": (0.1, "10.00"),
            "D": (0.225, "22.50"),
            "E": (0.225, "22.50"),
        },
    ),
    # Nothing is left to share the 10 %: the anchors have it.
    (
        "four_anchors",
        "full_path",
        dict.fromkeys("ABCD", (0.25, "25.00")),
    ),
    # One touch that is two anchors has the weight of both.
    (
        "lead_at_first",
        "w_shaped",
        {"A": (0.6, "60.00"), "B": (0.3, "30.00"), "C": (0.1, "10.00")},
    ),
    # A stage that is missing is shared by those there are: 3, 3 and 1 of 7.
    *(
        (
            name,
            "w_shaped",
            {"A": (3 / 7, "30.00"), "B": (3 / 7, "30.00"), "C": (1 / 7, "10.00")},
        )
        for name in ("no_lead", "old_lead", "untouched_lead")
    ),
    # On the way to a lead only the first touch and the lead's own have happened.
    ("stages:lead", "w_shaped", {"A": (0.5, None), "B": (0.5, None)}),
    ("stages:lead", "full_path", {"A": (0.5, None), "B": (0.5, None)}),
    (
        "stages:opp",
        "w_shaped",
        {"A": (0.3, None), "B": (0.3, None), "C": (0.1, None), "D": (0.3, None)},
    ),
    ("one", "full_path", {"A": (1, "99.99")}),
    ("none", "full_path", {"Unattributed": (1, "100.00")}),
    (
        "account",
        "w_shaped",
        {
            "A": (0.3, "30.00"),
            "B": (0.3, "30.00"),
            "X": (0.05, "5.00"),
            "C": (0.3, "30.00"),
            "D": (0.05, "5.00"),
        },
    ),
    ("account", "first_touch", {"A": (1, "100.00")}),
    ("accounty:lead", "linear", {"B": (1, None)}),
]


@pytest.mark.parametrize(("conversion", "model", "expected"), CASES)
def test_hand_computed(
    credits: duckdb.DuckDBPyConnection,
    conversion: str,
    model: str,
    expected: dict[str, tuple[float, str | None]],
) -> None:
    found = shares(credits, conversion, model)
    assert {c: a for c, (_, a) in found.items()} == {c: a for c, (_, a) in expected.items()}
    for channel, (credit, _) in expected.items():
        assert found[channel][0] == pytest.approx(credit, abs=1e-12)


def test_ten_touches(credits: duckdb.DuckDBPyConnection) -> None:
    position = shares(credits, "ten", "position_based_40_20_40")
    assert [position[c][0] for c in "ABCDEFGHIJ"] == pytest.approx([0.4, *[0.025] * 8, 0.4])
    # 1000.01 shared: 400.004, eight times 25.00025, 400.004; the cent left goes to the first.
    assert [position[c][1] for c in "ABCDEFGHIJ"] == ["400.01", *["25.00"] * 8, "400.00"]
    decay = shares(credits, "ten", "time_decay")
    weights = [2 ** (-age / 7) for age in range(10, 0, -1)]
    assert [decay[c][0] for c in "ABCDEFGHIJ"] == pytest.approx([w / sum(weights) for w in weights])


def test_what_nobody_solved_is_position_based_and_says_so(
    credits: duckdb.DuckDBPyConnection,
) -> None:
    """A dbt build without the solve: every credit of both models, against position_based."""
    columns = "conversion_id, touch_id, channel, credit, credited_amount"
    rows = {
        model: credits.execute(
            f"select {columns} from intermediate.int_credits_settled where attribution_model = ?"
            " order by all",
            [model],
        ).fetchall()
        for model in ("position_based_40_20_40", "markov", "data_driven")
    }
    assert rows["markov"] == rows["data_driven"] == rows["position_based_40_20_40"] != []
    assert credits.execute(
        "select distinct attribution_model from intermediate.int_credits_settled"
        " where is_fallback order by 1"
    ).fetchall() == [("data_driven",), ("markov",)]


def test_touches_of_the_same_instant_keep_their_order(credits: duckdb.DuckDBPyConnection) -> None:
    assert list(shares(credits, "ties", "linear")) == ["First", "Second", "Third"]


def test_credits_and_amounts_are_conserved_from_the_whole(
    credits: duckdb.DuckDBPyConnection,
) -> None:
    lost = credits.execute(
        "select c.conversion_id, m.attribution_model"
        " from intermediate.int_conversions_unioned as c"
        " cross join seeds.attribution_models as m"
        " left join intermediate.int_credits_settled as s"
        " on c.conversion_id = s.conversion_id and m.attribution_model = s.attribution_model"
        " group by all having abs(coalesce(sum(s.credit), 0) - 1) > 1e-9"
        " or sum(s.credited_amount) is distinct from any_value(c.amount_reporting)"
    ).fetchall()
    assert lost == []


@pytest.mark.parametrize("name", sorted(p.stem.removeprefix("in_") for p in VECTORS.glob("in_*")))
@pytest.mark.parametrize(("theirs", "ours"), MODELS_OF_VECTORS.items())
def test_reference_vectors(
    credits: duckdb.DuckDBPyConnection, name: str, theirs: str, ours: str
) -> None:
    expected = json.loads((VECTORS / f"exact_{name}.json").read_text())[theirs]
    found: dict[str, float] = defaultdict(float)
    for channel, credit in credits.execute(
        "select channel, credit from intermediate.int_credits_settled"
        " where starts_with(conversion_id, ?) and attribution_model = ?",
        [f"{name}|", ours],
    ).fetchall():
        found[channel] += credit
    assert dict(found) == pytest.approx(
        {c: conversions for c, (conversions, _) in expected.items() if conversions}, abs=1e-9
    )


@pytest.fixture(scope="module")
def changed(build_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same build after touches were removed, contacts merged and a channel was split in two."""
    build = tmp_path_factory.mktemp("changed") / "build.duckdb"
    shutil.copyfile(build_path, build)
    with connect(build) as con:
        con.execute("delete from intermediate.int_touches_resolved where touch_id = 'five/2'")
        # One contact turns out to be another: its touches are the survivor's.
        con.execute(
            "update intermediate.int_touches_resolved set contact_key = 'three'"
            " where contact_key = 'one'"
        )
        con.execute(
            "update intermediate.int_touches_resolved set channel = 'A, search'"
            " where channel = 'A' and starts_with(contact_key, 'buys')"
        )
    run_dbt(build, "build", "--select", *CHAIN, as_of_at=AS_OF)
    return build


def test_credits_sum_to_one_after_touches_are_removed_and_merged(changed: Path) -> None:
    with closing(duckdb.connect(str(changed), read_only=True)) as con:
        test_credits_and_amounts_are_conserved_from_the_whole(con)
        position = shares(con, "five", "position_based_40_20_40")
        assert {c: a for c, (_, a) in position.items()} == {
            "A": "40.00",
            "B": "10.00",
            "D": "10.00",
            "E": "40.00",
        }
        merged = con.execute(
            "select touch_id, cast(credited_amount as varchar)"
            " from intermediate.int_credits_settled"
            " where conversion_id = 'three' and attribution_model = 'linear' order by 1"
        ).fetchall()
        assert merged == [
            ("one/0", "25.00"),
            ("three/0", "25.00"),
            ("three/1", "25.00"),
            ("three/2", "25.00"),
        ]
        assert shares(con, "one", "linear") == {"Unattributed": (1.0, "99.99")}


def test_splitting_a_channel_leaves_the_others_as_they_were(
    credits: duckdb.DuckDBPyConnection, changed: Path
) -> None:
    by_channel = (
        "select conversion_id, attribution_model, channel, sum(credit), sum(credited_amount)"
        " from intermediate.int_credits_settled where starts_with(conversion_id, 'buys')"
        " and channel not in ('A', 'A, search') group by all order by all"
    )
    with closing(duckdb.connect(str(changed), read_only=True)) as con:
        split = con.execute(by_channel).fetchall()
        assert con.execute(
            "select count(*) from intermediate.int_credits_settled where channel = 'A, search'"
        ).fetchone() != (0,)
    assert split == credits.execute(by_channel).fetchall()
    assert split
