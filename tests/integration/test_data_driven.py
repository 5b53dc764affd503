"""The data-driven models through the real dbt models, and in the sample company's release."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from shutil import copyfile

import duckdb
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from pipelines.attribution.anew import TABLES, solve_what_is_new
from pipelines.attribution.counting import count_here
from pipelines.attribution.journeys import INPUTS, Source
from pipelines.attribution.solve import Rules, solutions, solve
from pipelines.ingest.warehouse import connect
from pipelines.settings import PROJECT_DIR
from pipelines.simulate.inputs import create_inputs
from pipelines.sql import relations
from pipelines.transform.replay import forget
from tests.dbt import run_dbt

VECTORS = PROJECT_DIR / "tests" / "fixtures" / "vectors"
VECTOR = "selfloops"
AS_OF_AT = datetime(2026, 10, 1)
MODELS = (
    "int_conversion_persons",
    "int_touches_eligible",
    "int_journey_touches",
    "int_journey_channels",
    "int_journey_conversions",
)
# The vectors' channels, as channels that the seed knows.
STAND_INS = {"A": "Email", "B": "Display", "C": "Referral", "D": "Affiliates"}
STAND_INS |= {"C1": "Email", "C2": "Display", "C3": "Referral"}


def write_paths(build: Path, paths: list[tuple[str, int, int, float]]) -> None:
    """Every path as so many contacts who converted and so many who did not."""
    touches: list[tuple[object, ...]] = []
    conversions: list[tuple[object, ...]] = []
    for steps, converting, nulls, value in paths:
        channels = steps.split(" > ")
        for copy in range(int(converting + nulls)):
            person = f"{len(touches):032x}"
            begins_at = AS_OF_AT - timedelta(days=60)
            for day, channel in enumerate(channels):
                name = STAND_INS.get(channel, channel)
                at = begins_at + timedelta(days=day)
                touches.append((f"t{len(touches)}", person, name, at))
            if copy < converting:
                at = begins_at + timedelta(days=len(channels))
                amount = f"{value / converting:.2f}"
                number = len(conversions) + 1
                conversions.append((f"c{number}", number, "closed_won", person, amount, at))
    with connect(build) as con:
        create_inputs(con)
        con.executemany(
            "insert into intermediate.int_touches_resolved (touch_id, contact_key, channel,"
            " touched_at) values (?, ?, ?, ?)",
            touches,
        )
        con.executemany(
            "insert into intermediate.int_conversions_unioned (conversion_id, conversion_no,"
            " conversion_type, contact_key, amount_reporting, converted_at)"
            " values (?, ?, ?, ?, ?, ?)",
            conversions,
        )


@pytest.fixture(scope="module")
def vector(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build file with the journeys of one vector."""
    build = tmp_path_factory.mktemp("vector") / "build.duckdb"
    write_paths(build, json.loads((VECTORS / f"in_{VECTOR}.json").read_text())["paths"])
    run_dbt(
        build,
        *("build", "--indirect-selection", "cautious"),
        *("--select", "attribution_models", "channels", "conversion_types", *MODELS),
        as_of_at=f"{AS_OF_AT}.000000",
    )
    return build


@pytest.mark.parametrize("order", [1, 3])
def test_markov_from_touches_agrees_with_a_vector(order: int, vector: Path) -> None:
    """Repeats, null journeys and unequal values, from the tables of the warehouse."""
    paths = json.loads((VECTORS / f"in_{VECTOR}.json").read_text())["paths"]
    exact = json.loads((VECTORS / f"exact_{VECTOR}.json").read_text())[f"markov_order{order}"]
    with duckdb.connect(str(vector)) as con:
        source = Source(con, relations(INPUTS))
        rules = replace(Rules.of(source, AS_OF_AT), markov_order=order)
        found = next(solutions(source, rules))
    assert (found.model, found.conversion_type) == ("markov", "closed_won")
    total, value = (sum(path[n] for path in paths) for n in (1, 3))
    for channel, share, worth in zip(found.channels, found.share, found.value_share, strict=True):
        letter = {name: letter for letter, name in list(STAND_INS.items())[:4]}[channel]
        assert share * total == pytest.approx(exact["conversions"][letter], abs=1e-9)
        assert worth * value == pytest.approx(exact["value"][letter], abs=1e-9)
    credit = np.bincount(found.touches.journey, found.touch_credit)
    assert credit == pytest.approx(1)


def test_what_nothing_new_reached_is_not_solved_again(vector: Path, tmp_path: Path) -> None:
    """A later run that brought nothing of journeys has what a full refresh would solve."""
    build = tmp_path / "build.duckdb"
    copyfile(vector, build)
    with closing(connect(build)) as con:
        con.execute(
            "create table intermediate.int_ad_spend_weekly (channel varchar, week_start_date date,"
            " spend_reporting decimal(18, 2), is_spend_partial boolean);"
            "create table intermediate.int_lead_touch_weeks (conversion_id varchar,"
            " touch_id varchar, touched_week date, converted_week date)"
        )

        def solved() -> list[list[tuple[object, ...]]]:
            return [con.execute(f"from solved.{name} order by all").fetchall() for name in TABLES]

        assert solve_what_is_new(con, AS_OF_AT)
        later = AS_OF_AT + timedelta(days=2, hours=6)
        assert not solve_what_is_new(con, later)
        assert solve_what_is_new(con, later, partial(count_here)), "on a cluster"
        assert solve_what_is_new(con, later)
        assert not solve_what_is_new(con, later)
        standing = solved()
        assert {row[-1] for rows in standing for row in rows} == {later}
        forget(con)
        assert solve_what_is_new(con, later)
        assert standing == solved()
        assert not solve_what_is_new(con, later)
        con.execute("update intermediate.int_conversions_unioned set amount_reporting = 7")
        assert solve_what_is_new(con, later)


def test_a_lift_test_is_heard_and_credits_stay_whole(vector: Path, tmp_path: Path) -> None:
    """A test of Email on the first forty conversions, which found half of what it is credited."""
    build = tmp_path / "build.duckdb"
    copyfile(vector, build)
    with duckdb.connect(str(build)) as con:

        def solved() -> dict[str, tuple[object, ...]]:
            solve(con, AS_OF_AT)
            return {
                row[0]: row[1:]
                for row in con.execute(
                    "select channel, share, share_low, share_high, lift_test_count,"
                    " share_before_tests, share_before_tests_low, share_before_tests_high"
                    " from solved.intervals where attribution_model = 'data_driven'"
                ).fetchall()
            }

        without = solved()
        assert {row[3:] for row in without.values()} == {(0, None, None, None)}
        assert con.execute("from solved.lift_tests").fetchall() == []
        ((credited,),) = con.execute(
            "select sum(credit) from solved.journey_credits inner join"
            " intermediate.int_conversions_unioned using (conversion_id) where"
            " attribution_model = 'data_driven' and channel = 'Email' and conversion_no <= 40"
        ).fetchall()
        con.execute(
            "insert into intermediate.int_lift_test_conversions select 'e1', conversion_no,"
            " 'Email', 'closed_won', .95, $found, $found - 1, $found + 1"
            " from intermediate.int_conversions_unioned where conversion_no <= 40",
            {"found": credited / 2},
        )
        heard = solved()
        assert {name: row[4:] for name, row in heard.items()} == {
            name: row[:3] for name, row in without.items()
        }
        assert {name for name, row in heard.items() if row[3]} == {"Email"}
        assert heard["Email"][0] < without["Email"][0]
        assert heard["Baseline"][0] > without["Baseline"][0]
        assert sum(row[0] for row in heard.values()) == pytest.approx(1)
        assert con.execute("from solved.lift_tests").fetchall() == [
            ("e1", "data_driven", pytest.approx(credited), AS_OF_AT)
        ]
        sums = con.execute(
            "select sum(credit) as whole from solved.journey_credits"
            " where attribution_model = 'data_driven' group by conversion_id"
        ).fetchall()
        assert sums
        assert [whole for (whole,) in sums] == pytest.approx([1] * len(sums))


def test_shares_and_credits_sum_to_one(build: duckdb.DuckDBPyConnection) -> None:
    sums = build.execute(
        "select attribution_model, conversion_type, sum(share), bool_and(share_low <= share and"
        " share <= share_high) from attribution.fct_attribution_intervals group by all"
    ).fetchall()
    assert {model for model, *_ in sums} == {"markov", "data_driven"}
    assert [row for row in sums if abs(row[2] - 1) > 1e-9 or not row[3]] == []
    # From the whole: every conversion with a touch, in both models.
    wrong = build.execute(
        """
        select models.attribution_model, journeys.conversion_id, sum(credits.credit)
        from (
            select distinct conversion_id from intermediate.int_conversions_unioned
            inner join intermediate.int_journey_conversions using (conversion_no)
        ) as journeys
        cross join (values ('markov'), ('data_driven')) as models (attribution_model)
        left join staging.stg_solved__journey_credits as credits
            on journeys.conversion_id = credits.conversion_id
            and models.attribution_model = credits.attribution_model
        group by all having sum(credits.credit) is null or abs(sum(credits.credit) - 1) > 1e-9
        """
    ).fetchall()
    assert wrong == []


def test_every_type_is_solved_by_its_clock_and_credits_add_up_to_its_shares(
    build: duckdb.DuckDBPyConnection,
) -> None:
    """Leads of the sample come at visits; what follows them does not, however few there are."""
    clocks = dict(
        build.execute(
            "select conversion_type, any_value(days_weight)"
            " from attribution.fct_attribution_intervals where attribution_model = 'data_driven'"
            " and not is_fallback group by all"
        ).fetchall()
    )
    assert set(clocks) == {"lead", "mql", "sal", "sql", "opportunity", "closed_won"}
    assert (clocks["lead"], clocks["closed_won"]) == (0, 1)
    assert build.execute(
        "select count(*) from attribution.fct_attribution_credits where is_fallback"
    ).fetchall() == [(0,)]
    apart = build.execute(
        """
        select intervals.conversion_type, intervals.channel, intervals.share,
            sum(credits.credit) / any_value(intervals.conversions) as credited
        from attribution.fct_attribution_intervals as intervals
        inner join attribution.fct_attribution_credits as credits
            using (attribution_model, conversion_type, channel)
        where attribution_model = 'data_driven'
        group by all having abs(share - credited) > 0.005
        """
    ).fetchall()
    assert apart == []


def test_leads_of_the_sample_company_come_from_where_they_came_from(
    build: duckdb.DuckDBPyConnection, sample: Path
) -> None:
    """The simulated truth, as far as the exports tell: Display is tagged as paid search there."""
    truth = build.execute(
        "select if(channel = '(baseline)', 'Baseline', if(channel = 'Display', 'Paid Search',"
        " channel)) as channel, sum(true_share_of_leads)"
        f" from read_csv('{sample}/truth/channel_effects.csv') group by all"
    ).fetchall()
    shares = dict(
        build.execute(
            "select channel, share from attribution.fct_attribution_intervals"
            " where attribution_model = 'data_driven' and conversion_type = 'lead'"
        ).fetchall()
    )
    errors = [abs(shares.get(channel, 0) - true) for channel, true in truth]
    assert sum(errors) / len(errors) < 0.025
    assert "Direct" not in shares
    assert 0.05 < shares["Baseline"] < 0.4


def test_the_number_of_processors_changes_no_digit(warehouse: Path) -> None:
    """BLAS and DuckDB take as many threads as there are processors, and add up in another order."""

    def solved(threads: int) -> list[list[tuple[object, ...]]]:
        with threadpool_limits(threads, "blas"), closing(duckdb.connect()) as con:
            con.execute(f"set threads = {threads}")
            con.execute(f"attach '{warehouse / 'build.duckdb'}' as build (read_only)")
            inputs = {model: f"build.{schema}.{model}" for model, schema in INPUTS.items()}
            solve(con, AS_OF_AT, inputs)
            return [
                con.execute(f"from solved.{table} order by all").fetchall()
                for table in ("intervals", "journey_credits")
            ]

    of_one, of_two = solved(1), solved(2)
    solved_types = {row[1] for row in of_one[0] if row[0] == "data_driven"}
    assert len(solved_types) > 1, "nothing is solved, so nothing is compared"
    assert of_one == of_two
