"""Which attribution model is least wrong, and where: `python -m benchmarks.truth`.

In each world of pipelines/simulate/worlds.py people meet channels whose effects are known. What a
warehouse would see of it goes through the product's own dbt models and solve, and through two
peers, ChannelAttribution's Markov and marketing-attribution-models' Shapley value and Markov, in
environments of their own. Each model's shares are held against the truth:

- error, the headline: mean absolute error in points over all channels and the baseline. The truth
  is the share of all conversions; a model without a baseline says that it is 0.
- among channels: the same over the channels alone, both sides scaled to sum to 1, which leaves out
  who knows that there is a baseline.
- rank: Spearman's correlation of the channels' shares with the truth.
- coverage: how many of the true shares lie within the model's 95 % interval.
- told: how far off, in points, the worst channel is whose interval tells it apart (is_told).

Direct is baseline in the truth, since it does nothing in any world: a model that credits it is
wrong by that much. `--markdown` prints the table of the docs.

The worlds of pipelines/simulate/lives.py chose nothing that the touch clock assumes. They are run
at so many leads (`--leads`) that about an eighth of them are won deals, which are scored beside the
leads; each figure is the mean over the seeds. Beside the models stands `even_split`: the touches
that are not Direct share equally what a stroke of luck knows not to be baseline. No rule can be
better than that.
"""

from __future__ import annotations

import argparse
import atexit
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import ask
from pipelines.attribution.solve import BASELINE, TOLD_WIDTH, solve
from pipelines.ingest.relations import set_clock
from pipelines.ingest.warehouse import connect
from pipelines.settings import Settings
from pipelines.simulate.inputs import PERSON_NO, create_inputs
from pipelines.simulate.lives import LIVES, Life, live
from pipelines.simulate.worlds import DAY, DIRECT, PERIOD_DAYS, WORLDS, Journeys, World, draw
from pipelines.transform.build import build

PERIOD_STARTS_AT = datetime(2026, 4, 1)
AS_OF_AT = PERIOD_STARTS_AT + timedelta(days=PERIOD_DAYS)
OURS = "data_driven"
SEEDS = ("attribution_models", "channels", "conversion_types")
RULES = "int_credits_weighed"
PEERS = ("channel_attribution", "mam")
EVEN_SPLIT = "even_split"
LOOKBACK_DAYS = 90
PILOT_PERSONS = 3000

Shares = dict[str, float]


@dataclass(frozen=True)
class Answer:
    """What a model says of a world: shares by channel, and its intervals if it has any."""

    shares: Shares
    intervals: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Score:
    """How a model did in a world; see the module's text."""

    error: float
    among_channels: float
    rank: float
    coverage: float | None
    baseline_is_covered: float | None = None
    width: float | None = None
    told: float | None = None


def write_journeys(settings: Settings, world: World | Life, journeys: Journeys) -> None:
    """What identity, touches and conversions would have made of the world's exports."""
    names = np.array([channel.name for channel in world.channels], dtype=object)
    microseconds = (journeys.at * 1e6).astype(np.int64)
    touches = {  # noqa: F841 - DuckDB reads it by its name
        "person": journeys.person, "us": microseconds, "channel": names[journeys.channel],
    }  # fmt: skip
    conversions = {  # noqa: F841 - DuckDB reads it by its name
        "person": journeys.converted_person, "us": (journeys.converted_at * 1e6).astype(np.int64),
    }  # fmt: skip
    deals = {  # noqa: F841 - DuckDB reads it by its name
        "person": journeys.won_person, "us": (journeys.won_at * 1e6).astype(np.int64),
    }  # fmt: skip
    intents = {  # noqa: F841 - DuckDB reads it by its name
        "person": journeys.shown_person, "us": (journeys.shown_at * 1e6).astype(np.int64),
    }  # fmt: skip
    with connect(settings.build_path) as con:
        create_inputs(con)
        con.execute(
            f"""
            insert into intermediate.int_touches_resolved
                (touch_id, contact_key, channel, touched_at)
            select
                md5('touch' || row_number() over ()), md5('person' || person), channel,
                timestamp '{PERIOD_STARTS_AT}' + to_microseconds(us)
            from touches
            """
        )
        con.execute(
            f"""
            insert into intermediate.int_conversions_unioned
                (conversion_id, conversion_no, conversion_type, contact_key, converted_at)
            select
                md5('conversion' || row_number() over ()), row_number() over (), 'lead',
                md5('person' || person),
                timestamp '{PERIOD_STARTS_AT}' + to_microseconds(us)
            from conversions
            """
        )
        # Each contact is its own account's only one.
        con.execute(
            f"""
            insert into intermediate.int_conversions_unioned
                (conversion_id, conversion_no, conversion_type, contact_key, account_key,
                amount_reporting, credit_scope, converted_at)
            select
                md5('deal' || row_number() over ()),
                {len(journeys.converted_at)} + row_number() over (),
                'closed_won', md5('person' || person), md5('account' || person), 1000, 'account',
                timestamp '{PERIOD_STARTS_AT}' + to_microseconds(us)
            from deals
            """
        )
        if len(journeys.won_at):
            con.execute(
                """
                update intermediate.int_conversions_unioned
                set account_key = md5('account' || person)
                from conversions where contact_key = md5('person' || person);
                insert into intermediate.int_contact_accounts_matched
                select md5('person' || person), md5('account' || person) from conversions
                """
            )
        con.execute(
            f"""
            insert into intermediate.int_journey_intents
            select
                {PERSON_NO.format(key="md5('person' || person)")}, 'high_intent',
                epoch_us(timestamp '{PERIOD_STARTS_AT}') + min(us)
            from intents group by person
            """
        )


def our_answers(settings: Settings) -> dict[str, dict[str, Answer]]:
    """By conversion type: all models, through the product's own dbt models and its own solve."""
    empty, statements = compiled()
    with connect(settings.build_path) as con:
        set_clock(con, AS_OF_AT)
        con.execute(f"attach '{empty}' as empty_world (read_only)")
        con.execute("create schema if not exists seeds")
        for seed in SEEDS:
            con.execute(f"create or replace table seeds.{seed} as from empty_world.seeds.{seed}")
        con.execute("detach empty_world")
        for model, statement in statements:
            con.execute(f"create or replace table intermediate.{model} as {statement}")
        solve(con, AS_OF_AT)
        rules = con.execute(
            f"""
            select conversion_type, attribution_model, channel, sum(credit) / any_value(count)
            from intermediate.{RULES}
            inner join intermediate.int_touches_eligible using (conversion_no, touch_no)
            inner join intermediate.int_conversions_unioned using (conversion_no)
            inner join (
                select conversion_type, count(distinct conversion_no) as count
                from intermediate.{RULES}
                inner join intermediate.int_conversions_unioned using (conversion_no)
                group by 1
            ) using (conversion_type)
            group by 1, 2, 3
            """
        ).fetchall()
        solved = con.execute(
            "select conversion_type, attribution_model, channel, share, share_low, share_high"
            " from solved.intervals"
        ).fetchall()
    answers: dict[str, dict[str, Answer]] = {}
    for conversion_type, model, channel, share in rules:
        of_type = answers.setdefault(conversion_type, {})
        of_type.setdefault(model, Answer({}, {})).shares[channel] = share
    for conversion_type, model, channel, share, low, high in solved:
        answer = answers.setdefault(conversion_type, {}).setdefault(model, Answer({}, {}))
        answer.shares[channel] = share
        answer.intervals[channel] = (low, high)  # type: ignore[index]
    return answers


@cache
def compiled() -> tuple[Path, list[tuple[str, str]]]:
    """A build file of nobody's journeys, and the statements that dbt built its models by.

    dbt takes half a minute for what a world needs seconds for, so it builds one, and the others
    are built by its statements.
    """
    home = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    settings = Settings(exports=home, home=home)
    with connect(settings.build_path) as con:
        create_inputs(con)
        set_clock(con, AS_OF_AT)
    build(settings, [*SEEDS, *chain_of_models()], tests="cautious")
    folder = home / "dbt" / "compiled"
    found = {path.stem: path.read_text() for path in folder.rglob("models/**/*.sql")}
    return settings.build_path, [(model, found[model]) for model in chain_of_models()]


def chain_of_models() -> list[str]:
    """The models from touches and conversions to the statistics and the credits of rules."""
    return [
        "int_conversion_persons",
        "int_touches_eligible",
        "int_conversion_stages_dated",
        "int_touches_positioned",
        RULES,
        "int_journey_touches",
        "int_journey_channels",
        "int_journey_conversions",
    ]


def peer_answers(
    world: World | Life, journeys: Journeys, *, of_won: bool = False
) -> dict[str, Answer]:
    """The peers on the paths that their own users would build: all touches up to a conversion."""
    names = [channel.name for channel in world.channels]
    ends = _ends(journeys, of_won=of_won)
    shown = journeys.at <= ends[journeys.person]
    person, channel = journeys.person[shown], journeys.channel[shown]
    starts = np.flatnonzero(np.diff(person, prepend=-1))
    paths: dict[str, list[int]] = {}
    parts = np.split(channel, starts[1:])
    for is_null, part in zip(np.isinf(ends[person[starts]]).tolist(), parts, strict=True):
        counts = paths.setdefault(" > ".join(names[channel] for channel in part), [0, 0])
        counts[is_null] += 1
    rows = [[path, *counts] for path, counts in paths.items()]
    return {
        model: Answer(shares, {}) for peer in PEERS for model, shares in ask(peer, rows).items()
    }


def even_split(world: World | Life, journeys: Journeys, truth: Shares, *, of_won: bool) -> Answer:
    """Equal parts to all touches but Direct's, of what the true baseline leaves."""
    names = np.array([channel.name for channel in world.channels])
    age = _ends(journeys, of_won=of_won)[journeys.person] - journeys.at
    shown = (age >= 0) & (age <= LOOKBACK_DAYS * DAY) & (names[journeys.channel] != DIRECT)
    person, channel = journeys.person[shown], journeys.channel[shown]
    touches = np.bincount(person, minlength=journeys.persons)
    share = np.bincount(channel, 1 / touches[person], len(names))
    share *= (1 - truth[BASELINE]) / max(share.sum(), 1e-9)
    shares = dict(zip(names.tolist(), share.tolist(), strict=True))
    return Answer(shares | {BASELINE: truth[BASELINE]}, {})


def _ends(journeys: Journeys, *, of_won: bool) -> Any:
    """When each person converted, or was won; infinity of whoever never did."""
    ends = np.full(journeys.persons, np.inf)
    if of_won:
        ends[journeys.won_person] = journeys.won_at
    else:
        ends[journeys.converted_person] = journeys.converted_at
    return ends


def score(answer: Answer, truth: Shares) -> Score:
    """Hold one model's shares against the truth."""
    channels = [name for name in truth if name != BASELINE]
    ours = np.array([answer.shares.get(name, 0.0) for name in channels])
    true = np.array([truth[name] for name in channels])
    every = np.append(ours - true, answer.shares.get(BASELINE, 0.0) - truth[BASELINE])
    within = [low <= truth[name] <= high for name, (low, high) in answer.intervals.items()]
    has_effects = true.sum() > 1e-9 and ours.sum() > 1e-9
    return Score(
        error=100 * float(np.abs(every).mean()),
        among_channels=100 * float(np.abs(ours / ours.sum() - true / true.sum()).mean())
        if has_effects
        else float("nan"),
        rank=_spearman(ours, true) if has_effects else float("nan"),
        coverage=float(np.mean(within)) if within else None,
        baseline_is_covered=None
        if BASELINE not in answer.intervals
        else float(
            answer.intervals[BASELINE][0] <= truth[BASELINE] <= answer.intervals[BASELINE][1]
        ),
        width=float(np.mean([high - low for low, high in answer.intervals.values()]))
        if within
        else None,
        told=_worst_told(answer, truth) if within else None,
    )


def _worst_told(answer: Answer, truth: Shares) -> float:
    return max(
        (
            100 * abs(answer.shares[name] - truth[name])
            for name, (low, high) in answer.intervals.items()
            if name != BASELINE and high - low <= max(TOLD_WIDTH, answer.shares[name])
        ),
        default=0.0,
    )


def _spearman(a: Any, b: Any) -> float:
    def ranks(values: Any) -> Any:
        _, place, size = np.unique(values, return_inverse=True, return_counts=True)
        return (np.cumsum(size) - (size - 1) / 2)[place]

    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def run_world(world: World, persons: int, seed: int, *, peers: bool) -> dict[str, Score]:
    """Every model's score in one world."""
    journeys = draw(world, persons, np.random.default_rng([seed, WORLDS.index(world)]))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(exports=Path(folder), home=Path(folder) / "home")
        write_journeys(settings, world, journeys)
        answers = our_answers(settings)["lead"]
    if peers:
        answers |= peer_answers(world, journeys)
    return {model: score(answer, journeys.truth) for model, answer in answers.items()}


def run_life(life: Life, leads: int, seed: int, *, peers: bool) -> dict[str, dict[str, Score]]:
    """Every model's score in one world of decisions, for its leads and its won deals."""
    rng = np.random.default_rng([seed, len(WORLDS) + LIVES.index(life)])
    pilot = live(life, PILOT_PERSONS, rng)
    journeys = live(life, PILOT_PERSONS * leads // len(pilot.converted_at), rng)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(exports=Path(folder), home=Path(folder) / "home")
        write_journeys(settings, life, journeys)
        answers = our_answers(settings)
    scores = {}
    for conversion_type, truth in (("lead", journeys.truth), ("closed_won", journeys.truth_of_won)):
        of_won = conversion_type == "closed_won"
        even = even_split(life, journeys, truth, of_won=of_won)
        by_model = answers[conversion_type] | {EVEN_SPLIT: even}
        if peers:
            by_model |= peer_answers(life, journeys, of_won=of_won)
        scores[conversion_type] = {model: score(one, truth) for model, one in by_model.items()}
    return scores


def mean_scores(scores: Sequence[dict[str, Score]]) -> dict[str, Score]:
    """The mean of each figure of each model over the seeds."""

    def of(model: str, what: str) -> float | None:
        values = [getattr(one[model], what) for one in scores]
        return None if None in values else float(np.mean(values))

    return {
        model: Score(**{field.name: of(model, field.name) for field in fields(Score)})  # type: ignore[arg-type]
        for model in scores[0]
    }


Scores = dict[str, dict[str, Score]]


def mean(scores: Scores, model: str, what: str) -> float:
    """The mean of one figure of one model over the worlds that have it."""
    values = [getattr(models[model], what) for models in scores.values()]
    known = [value for value in values if value is not None and not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def print_table(scores: Scores, markdown: bool) -> None:
    """Errors by world and model; the best of a world is marked, ours first."""
    models = sorted(
        next(iter(scores.values())), key=lambda m: (m != OURS, mean(scores, m, "error"))
    )
    rivals = [model for model in models if model != EVEN_SPLIT]
    line = "| {} |" if markdown else "{}"
    glue = " | " if markdown else "  "
    width = max(len(world.name) for world in (*WORLDS, *LIVES))

    def row(name: str, cells: Sequence[str]) -> None:
        padded = [cell.rjust(max(len(m), 8)) for cell, m in zip(cells, models, strict=True)]
        print(line.format(glue.join([name.ljust(width), *padded])))

    row("error, points", models)
    if markdown:
        print("|" + "---|" + "---:|" * len(models))
    for world, by_model in scores.items():
        least = min(by_model[m].error for m in rivals)
        mark = "**{:.2f}**" if markdown else "{:.2f}*"
        row(
            world,
            [
                (mark if by_model[m].error == least else "{:.2f}").format(by_model[m].error)
                for m in models
            ],
        )
    row("worst world", [f"{max(s[m].error for s in scores.values()):.2f}" for m in models])
    for label, what in (
        ("mean error", "error"),
        ("among channels", "among_channels"),
        ("rank", "rank"),
    ):
        row(label, [f"{mean(scores, m, what):.2f}" for m in models])
    has = {m: any(s[m].coverage is not None for s in scores.values()) for m in models}
    for label, what in (
        ("coverage", "coverage"),
        ("of the baseline", "baseline_is_covered"),
        ("mean width", "width"),
        ("worst told", "told"),
    ):
        of_ours = what in ("baseline_is_covered", "told")
        knows = {m: has[m] and (not of_ours or m == OURS) for m in models}
        row(label, [f"{mean(scores, m, what):.2f}" if knows[m] else "-" for m in models])


def main() -> None:
    """Score, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--leads", type=int, nargs="*", default=[250, 500, 1000])
    parser.add_argument("--seeds", type=int, nargs="*", default=[11, 12])
    names = [world.name for world in (*WORLDS, *LIVES)]
    parser.add_argument("--worlds", nargs="*", default=names, choices=names)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    scores: Scores = {}
    for world in WORLDS:
        if world.name in options.worlds:
            scores[world.name] = mean_scores(
                [
                    run_world(world, options.persons, seed, peers=not options.no_peers)
                    for seed in options.seeds
                ]
            )
            print(f"{world.name}: {world.what}", file=sys.stderr)
    if scores:
        print_table(scores, options.markdown)
        for model in next(iter(scores.values())):
            print(f"figure mae_{model} = {mean(scores, model, 'error'):.2f}")
        print(f"figure coverage_{OURS} = {mean(scores, OURS, 'coverage'):.2f}")
    for leads in options.leads:
        print_lives(options, leads)


def print_lives(options: argparse.Namespace, leads: int) -> None:
    """Run the worlds of decisions at one size; print a table for leads and one for won deals."""
    scores: dict[str, Scores] = {"lead": {}, "closed_won": {}}
    for life in LIVES:
        if life.name not in options.worlds:
            continue
        runs = [run_life(life, leads, seed, peers=not options.no_peers) for seed in options.seeds]
        for conversion_type, by_world in scores.items():
            by_world[life.name] = mean_scores([run[conversion_type] for run in runs])
        print(f"{life.name}: {life.what}", file=sys.stderr)
    for conversion_type, by_world in scores.items():
        if not by_world:
            continue
        print(f"\n{conversion_type}, worlds of {leads} leads\n")
        print_table(by_world, options.markdown)
        for figure, what in (
            ("mae", "error"),
            ("coverage", "coverage"),
            ("baseline_coverage", "baseline_is_covered"),
            ("width", "width"),
        ):
            value = mean(by_world, OURS, what)
            print(f"figure {figure}_{conversion_type}_{leads} = {value:.2f}")
        for figure, what in (("worst", "error"), ("worst_told", "told")):
            worst = max(getattr(models[OURS], what) for models in by_world.values())
            print(f"figure {figure}_{conversion_type}_{leads} = {worst:.2f}")


if __name__ == "__main__":
    main()
