"""How fast attribution is, beside its peer: `python -m benchmarks.attribution --size 1m|10m|25m`.

Journeys of four touches on average over twelve channels, of which 3 in 100 convert, are written as
`int_touches_resolved` and `int_conversions_unioned` of a build file, touches in order of time.
Ours is what the warehouse runs: dbt's models from there on, as dbt times each, and the solve. The
peer is ChannelAttribution, in an environment of its own, with what its users do first: a path per
journey by string_agg in DuckDB, equal paths counted together. Both sides include building the
paths, and both know persons by number.

- heuristics: all rule-based models of the warehouse, to credits per conversion, against the peer's
  heuristic_models (first, last, linear). Must reach 10.
- markov: int_journey_touches, _channels, _conversions, the reading of all journeys, the exact solve
  and 200 bootstraps, against markov_model (a simulation, without intervals). Must reach 10.
- scan: seconds of all of ours over one scan-and-group of the touches.
- data_driven: all that is solved, from the touches on, Markov with it. Must take at most twice as
  long as Markov alone, and stay below 600 s and 8 GiB at 10m.

With --release the credits are settled and released as well, as the line does: a table by step says
what it took from touches to a release, with the figures rows_per_core_second (touches over seconds
of CPU, of whole processes) and full_refresh_peak_mib.

Each side is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from benchmarks.measure import peak_mib, user_seconds
from benchmarks.peers import answer
from benchmarks.truth import SEEDS
from pipelines.ingest.relations import set_clock
from pipelines.ingest.warehouse import connect
from pipelines.settings import Settings
from pipelines.simulate.inputs import PERSON_NO, create_inputs
from pipelines.sql import relations

BEGUN = time.monotonic()
SIZES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000, "25m": 25_000_000}
AS_OF_AT = datetime(2026, 10, 1)
TOUCH_MODELS = ("int_conversion_persons", "int_touches_eligible")
RULE_MODELS = ("int_conversion_stages_dated", "int_touches_positioned", "int_credits_weighed")
JOURNEY_MODELS = ("int_journey_touches", "int_journey_channels", "int_journey_conversions")
CREDIT_MODELS = (
    "stg_solved__intervals",
    "stg_solved__journey_credits",
    "int_credits_counted",
    "int_credits_settled",
    "fct_attribution_credits",
)
CHANNELS = (
    "Paid Search", "Paid Social", "Display", "Organic Search", "Organic Social", "Referral",
    "Email", "Direct", "Affiliates", "Paid Video", "Organic Video", "AI Assistants",
)  # fmt: skip
# Geometric numbers of touches, mean 4; times spread over the last 90 days.
JOURNEYS_SQL = """
    create temp table journeys as
    select
        i, md5('contact' || i) as contact_key, hash(i, 1) % 100 < 3 as converts,
        1 + least(40, floor(ln((hash(i, 2) % 1000000 + 0.5) / 1e6) / ln(0.75)))::int as touches,
        epoch_us(timestamp '2026-07-05') + (hash(i, 3) % 7300000)::bigint * 1000000 as ends_us
    from range({count}) as t(i);
    create or replace table intermediate.int_touches_resolved as
    select
        md5('touch' || i || '-' || k) as touch_id, contact_key,
        null::varchar as campaign, null::varchar as campaign_key,
        {channels}[1 + (sqrt(hash(i, k, 4) % 144))::int % 12] as channel,
        2::bigint as touch_priority, 90::bigint as lookback_days,
        make_timestamp(ends_us - (touches - k) * 86400000000
            - (hash(i, k, 5) % 80000)::bigint * 1000000) as touched_at,
        {person_no} as person_no
    from journeys, range(1, touches + 1) as u(k)
    order by touched_at;
    insert into intermediate.int_conversions_unioned
        (conversion_id, conversion_no, conversion_type, contact_key, amount_reporting, converted_at)
    select
        md5('conversion' || i), row_number() over (), 'lead', contact_key,
        100 + hash(i, 6) % 900, make_timestamp(ends_us + 1000000)
    from journeys where converts;
"""
# What is known of each touch, which nothing here has told: all of it is certain.
EVIDENCE_SQL = """
    create or replace view intermediate.int_touch_evidence_weighed as
    select
        touch_id, 1::double as account_weight, 1::double as identity_weight,
        1::double as utm_weight, 1::double as freshness_weight, 1::double as dedupe_weight
    from intermediate.int_touches_resolved
"""
PATHS_SQL = """
    copy (
        with converted as (
            select {person_no} as person_no, converted_at, amount_reporting
            from intermediate.int_conversions_unioned
        )
        select path, sum(converts) as conversions, sum(value) as value,
            sum(1 - converts) as nulls
        from (
            select string_agg(channel, ' > ' order by touched_at) as path,
                any_value(cast(converted_at is not null as int)) as converts,
                any_value(coalesce(cast(amount_reporting as double), 0)) as value
            from intermediate.int_touches_resolved
            left join converted using (person_no)
            group by person_no
        )
        group by path
    ) to '{paths}' (format parquet)
"""
PEER = """
import json, sys, time
import pandas, ChannelAttribution
paths = pandas.read_parquet(sys.argv[1])
started = time.monotonic()
ChannelAttribution.heuristic_models(paths, "path", "conversions", var_value="value", flg_pro=False)
middle = time.monotonic()
ChannelAttribution.markov_model(
    paths, "path", "conversions", var_value="value", var_null="nulls", flg_pro=False, verbose=False
)
print(json.dumps({"heuristics": middle - started, "markov": time.monotonic() - middle}))
"""


def prepare(home: Path, count: int) -> None:
    """Write the touches and conversions."""
    with connect(home / "build.duckdb") as con:
        set_clock(con, AS_OF_AT)
        create_inputs(con)
        con.execute(
            JOURNEYS_SQL.format(
                count=count, channels=list(CHANNELS), person_no=PERSON_NO.format(key="contact_key")
            )
        )
        con.execute(EVIDENCE_SQL)


def step_scan(home: Path) -> dict[str, float]:
    """One scan-and-group of the touches."""
    with duckdb.connect(str(home / "build.duckdb"), read_only=True) as con:
        started = time.monotonic()
        con.execute(
            "select channel, count(*), min(touched_at), max(touched_at), count(distinct"
            " contact_key[1:2]) from intermediate.int_touches_resolved group by channel"
        ).fetchall()
        return {"scan": time.monotonic() - started}


def step_build(home: Path) -> dict[str, float]:
    """The dbt models, as dbt times them."""
    from pipelines.transform.build import build  # noqa: PLC0415

    settings = Settings(exports=home, home=home)
    build(settings, list(SEEDS), tests="cautious")
    names = (*TOUCH_MODELS, *RULE_MODELS, *JOURNEY_MODELS)
    results = build(settings, list(names), tests="cautious")
    return {result.name: result.seconds for result in results if result.name in names}


def step_solve(home: Path) -> dict[str, float]:
    """Both solves, each timed; together they write the tables of `solved`."""
    import numpy as np  # noqa: PLC0415

    from pipelines.attribution import solve as solving  # noqa: PLC0415
    from pipelines.attribution.counting import count_here  # noqa: PLC0415
    from pipelines.attribution.journeys import (  # noqa: PLC0415
        INPUTS,
        Source,
        channels,
        conversion_orders,
        converted,
        intents,
    )

    with connect(home / "build.duckdb") as con:
        source = Source(con, relations(INPUTS))
        started = time.monotonic()
        weights = np.random.default_rng(solving.SEED).poisson(1, (solving.DRAWS, 1000))
        present, shown = channels(source), intents(source)
        touches = converted(source, "lead", present, shown)
        rules = solving.Rules.of(source, AS_OF_AT)
        moves = solving.MovesOfPersons(rules)
        count_here(source, present, shown, [moves])
        nulls = moves.without(conversion_orders(source)["lead"])
        chain = solving.markov_chain(nulls, touches, rules)
        solving.markov("lead", chain, touches, present, weights.astype(float))
        markov = time.monotonic() - started
        started, before = time.monotonic(), user_seconds()
        solving.solve(con, AS_OF_AT)
        # Markov alone was for the peer's sake.
        solve = time.monotonic() - started
        return {
            **{"markov_solve": markov, "solve": solve},
            **{"wall": solve, "cpu": user_seconds() - before},
        }


def step_settle(home: Path) -> dict[str, float]:
    """The credits with their money and names, as dbt times the models."""
    from pipelines.transform.build import build  # noqa: PLC0415

    results = build(Settings(exports=home, home=home), list(CREDIT_MODELS), tests="cautious")
    return {result.name: result.seconds for result in results if result.name in CREDIT_MODELS}


def step_release(home: Path) -> dict[str, float]:
    """The release, which holds one mart; and how many rows that has."""
    from pipelines.publish import build_release  # noqa: PLC0415

    settings = Settings(exports=home, home=home)
    with connect(settings.build_path) as con:
        started = time.monotonic()
        build_release(con, settings, AS_OF_AT, "benchmark")
        seconds = time.monotonic() - started
        ((credits,),) = con.execute(
            "select count(*) from attribution.fct_attribution_credits"
        ).fetchall()
        return {"release": seconds, "credits": credits}


def step_paths(home: Path) -> dict[str, float]:
    """The peer's paths."""
    with duckdb.connect(str(home / "build.duckdb"), read_only=True) as con:
        con.execute(f"set temp_directory = '{home / 'spill'}'")
        started = time.monotonic()
        con.execute(
            PATHS_SQL.format(
                paths=home / "paths.parquet", person_no=PERSON_NO.format(key="contact_key")
            )
        )
        return {"paths": time.monotonic() - started}


STEPS = {
    "scan": step_scan,
    "build": step_build,
    "solve": step_solve,
    "settle": step_settle,
    "release": step_release,
    "paths": step_paths,
}


def measured(what: str, home: Path) -> dict[str, float]:
    """What a step measured in a process of its own, and its peak MiB."""
    command = [sys.executable, "-m", "benchmarks.attribution", "--step", what, str(home)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, float] = json.loads(output.splitlines()[-1])
    return result


def peer(home: Path) -> dict[str, float]:
    """Seconds of the peer's models on its paths; empty where it can't be installed."""
    return answer("channel_attribution", "-c", PEER, str(home / "paths.parquet"))


def report(size: str, home: Path, *, peers: bool, release: bool) -> dict[str, float]:
    """Measure both sides, or ours alone; print the table; the figures."""
    scan, ours, solved = (measured(step, home) for step in ("scan", "build", "solve"))
    steps = {"build": ours, "solve": solved}
    if release:
        steps |= {step: measured(step, home) for step in ("settle", "release")}
    eligible, rules, journeys = (
        sum(ours[model] for model in models)
        for models in (TOUCH_MODELS, RULE_MODELS, JOURNEY_MODELS)
    )
    rules += eligible
    markov = eligible + journeys + solved["markov_solve"]
    data_driven = eligible + journeys + solved["solve"]
    models = (*TOUCH_MODELS, *RULE_MODELS, *JOURNEY_MODELS)
    rows = [(f"dbt {model}", ours[model]) for model in models]
    rows += [
        ("markov: solve and 200 bootstraps", solved["markov_solve"]),
        ("both solves, 200 bootstraps each, credits", solved["solve"]),
        ("all rule-based models", rules),
        ("markov, from the touches on", markov),
        ("both data-driven models, from the touches on", data_driven),
        ("one scan-and-group of the touches", scan["scan"]),
    ]
    peak = max(ours["peak_mib"], solved["peak_mib"])
    figures = {
        "scan_ratio": (rules + markov - eligible) / scan["scan"],
        "peak_mib": peak,
        "markov_s": markov,
        "data_driven_s": data_driven,
        "data_driven_per_markov": data_driven / markov,
    }
    paths = measured("paths", home) if peers else {}
    if theirs := peer(home) if peers else {}:
        heuristics, simulated = (paths["paths"] + theirs[k] for k in ("heuristics", "markov"))
        rows += [
            ("ChannelAttribution: paths", paths["paths"]),
            ("ChannelAttribution: paths + heuristics", heuristics),
            ("ChannelAttribution: paths + markov", simulated),
        ]
        ratios = {"heuristics_ratio": heuristics / rules, "markov_ratio": simulated / markov}
        figures = ratios | figures
    print(f"{size} journeys; peak MiB: {ours['peak_mib']:.0f} SQL, {solved['peak_mib']:.0f} solve")
    for name, seconds in rows:
        print(f"{name:44} {seconds:9.2f} s")
    if release:
        figures |= whole(SIZES[size], home, steps)
    return figures


def whole(journeys: int, home: Path, steps: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Print what each step took from touches to the release; the figures of them together."""
    with duckdb.connect(str(home / "build.duckdb"), read_only=True) as con:
        (touches,) = con.sql("select count(*) from intermediate.int_touches_resolved").fetchall()[0]
    credits = steps["release"]["credits"]
    print(f"\n{journeys:,} journeys, {touches:,} touches, {credits:,.0f} credits")
    print(f"{'step':10} {'wall s':>8} {'CPU s':>8} {'touches/core s':>15} {'peak MiB':>9}")
    total = {key: sum(step[key] for step in steps.values()) for key in ("wall", "cpu")}
    peak = max(step["peak_mib"] for step in steps.values())
    for name, step in {**steps, "together": {**total, "peak_mib": peak}}.items():
        rate = touches / step["cpu"]
        seconds = f"{step['wall']:8.1f} {step['cpu']:8.1f}"
        print(f"{name:10} {seconds} {rate:15,.0f} {step['peak_mib']:9.0f}")
    return {"rows_per_core_second": touches / total["cpu"], "full_refresh_peak_mib": peak}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=SIZES, default="1m")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--release", action="store_true", help="on to a release")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--prepare", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.prepare:
        count, folder = options.prepare
        prepare(Path(folder), int(count))
        return
    if options.step:
        what, folder = options.step
        taken = STEPS[what](Path(folder))
        used = {"cpu": user_seconds(), "wall": time.monotonic() - BEGUN, "peak_mib": peak_mib()}
        result = used | taken
        print(json.dumps(result))
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        # In a process of its own, as what it holds would stand beside the steps.
        arguments = ["--prepare", str(SIZES[options.size]), folder]
        command = [sys.executable, "-m", "benchmarks.attribution", *arguments]
        subprocess.run(command, check=True)
        figures = report(options.size, home, peers=not options.no_peers, release=options.release)
    for figure, value in figures.items():
        print(f"figure {figure} = {value:.2f}")


if __name__ == "__main__":
    main()
