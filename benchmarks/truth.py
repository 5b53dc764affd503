"""Which attribution model is least wrong, and where: `python -m benchmarks.truth`.

In each world of pipelines/simulate/worlds.py people meet channels whose effects are known. What a
warehouse would see of it goes through the product's own dbt models and solve, and through two
peers, ChannelAttribution's Markov and marketing-attribution-models' Shapley value, in an
environment of
their own. Each model's shares are held against the truth:

- error, the headline: mean absolute error in points over all channels and the baseline. The truth
  is the share of all conversions; a model without a baseline says that it is 0.
- among channels: the same over the channels alone, both sides scaled to sum to 1, which leaves out
  who knows that there is a baseline.
- rank: Spearman's correlation of the channels' shares with the truth.
- coverage: how many of the true shares lie within the model's 95 % interval.

Direct is baseline in the truth, since it does nothing in any world: a model that credits it is
wrong by that much. `--markdown` prints the table of the docs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import ask
from pipelines.attribution.solve import BASELINE, solve
from pipelines.ingest.relations import set_clock
from pipelines.ingest.warehouse import connect
from pipelines.settings import Settings
from pipelines.simulate.inputs import PERSON_NO, create_inputs
from pipelines.simulate.worlds import PERIOD_DAYS, WORLDS, Journeys, World, draw
from pipelines.transform.build import build

PERIOD_STARTS_AT = datetime(2026, 4, 1)
AS_OF_AT = PERIOD_STARTS_AT + timedelta(days=PERIOD_DAYS)
OURS = "data_driven"
SEEDS = ("attribution_models", "channels", "conversion_types")
RULES = "int_credits_weighed"
PEERS = ("channel_attribution", "mam")

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


def write_journeys(settings: Settings, world: World, journeys: Journeys) -> None:
    """What identity, touches and conversions would have made of the world's exports."""
    names = np.array([channel.name for channel in world.channels], dtype=object)
    microseconds = (journeys.at * 1e6).astype(np.int64)
    touches = {  # noqa: F841 - DuckDB reads it by its name
        "person": journeys.person, "us": microseconds, "channel": names[journeys.channel],
    }  # fmt: skip
    conversions = {  # noqa: F841 - DuckDB reads it by its name
        "person": journeys.converted_person, "us": (journeys.converted_at * 1e6).astype(np.int64),
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
        con.execute(
            f"""
            insert into intermediate.int_journey_intents
            select
                {PERSON_NO.format(key="md5('person' || person)")}, 'high_intent',
                epoch_us(timestamp '{PERIOD_STARTS_AT}') + min(us)
            from intents group by person
            """
        )


def our_answers(settings: Settings) -> dict[str, Answer]:
    """Every model of the product, through its own dbt models and its own solve."""
    with connect(settings.build_path) as con:
        set_clock(con, AS_OF_AT)
    build(settings, [*SEEDS, *chain_of_models()], tests="cautious")
    with connect(settings.build_path) as con:
        solve(con, AS_OF_AT)
        rules = con.execute(
            f"""
            select attribution_model, channel,
                sum(credit) / (select count(distinct conversion_no) from intermediate.{RULES})
            from intermediate.{RULES}
            inner join intermediate.int_touches_eligible using (conversion_no, touch_no)
            group by 1, 2
            """
        ).fetchall()
        solved = con.execute(
            "select attribution_model, channel, share, share_low, share_high from solved.intervals"
        ).fetchall()
    answers: dict[str, Answer] = {}
    for model, channel, share in rules:
        answers.setdefault(model, Answer({}, {})).shares[channel] = share
    for model, channel, share, low, high in solved:
        answer = answers.setdefault(model, Answer({}, {}))
        answer.shares[channel] = share
        answer.intervals[channel] = (low, high)  # type: ignore[index]
    return answers


def chain_of_models() -> list[str]:
    """The models from touches and conversions to the statistics and the credits of rules."""
    return [
        "int_conversion_persons",
        "int_touches_eligible",
        "int_conversion_stages_dated",
        "int_touches_positioned",
        RULES,
        "int_journey_touches",
        "int_journey_conversions",
    ]


def peer_answers(world: World, journeys: Journeys) -> dict[str, Answer]:
    """The peers on the paths that their own users would build: all touches up to a conversion."""
    names = [channel.name for channel in world.channels]
    starts = np.flatnonzero(np.diff(journeys.person, prepend=-1))
    converted = set(journeys.converted_person.tolist())
    paths: dict[str, list[int]] = {}
    parts = np.split(journeys.channel, starts[1:])
    for person, part in zip(journeys.person[starts].tolist(), parts, strict=True):
        counts = paths.setdefault(" > ".join(names[channel] for channel in part), [0, 0])
        counts[person not in converted] += 1
    rows = [[path, *counts] for path, counts in paths.items()]
    return {
        model: Answer(shares, {}) for peer in PEERS for model, shares in ask(peer, rows).items()
    }


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
        answers = our_answers(settings)
    if peers:
        answers |= peer_answers(world, journeys)
    return {model: score(answer, journeys.truth) for model, answer in answers.items()}


Scores = dict[str, dict[str, Score]]


def mean(scores: Scores, model: str, what: str) -> float:
    """The mean of one figure of one model over the worlds that have it."""
    values = [getattr(models[model], what) for models in scores.values()]
    return float(np.nanmean([value for value in values if value is not None]))


def print_table(scores: Scores, markdown: bool) -> None:
    """Errors by world and model; the best of a world is marked, ours first."""
    models = sorted(
        next(iter(scores.values())), key=lambda m: (m != OURS, mean(scores, m, "error"))
    )
    line = "| {} |" if markdown else "{}"
    glue = " | " if markdown else "  "
    width = max(len(world.name) for world in WORLDS)

    def row(name: str, cells: Sequence[str]) -> None:
        padded = [cell.rjust(max(len(m), 8)) for cell, m in zip(cells, models, strict=True)]
        print(line.format(glue.join([name.ljust(width), *padded])))

    row("error, points", models)
    if markdown:
        print("|" + "---|" + "---:|" * len(models))
    for world, by_model in scores.items():
        least = min(by_model[m].error for m in models)
        mark = "**{:.2f}**" if markdown else "{:.2f}*"
        row(
            world,
            [
                (mark if by_model[m].error == least else "{:.2f}").format(by_model[m].error)
                for m in models
            ],
        )
    for label, what in (
        ("mean error", "error"),
        ("among channels", "among_channels"),
        ("rank", "rank"),
    ):
        row(label, [f"{mean(scores, m, what):.2f}" for m in models])
    has = {m: any(s[m].coverage is not None for s in scores.values()) for m in models}
    row("coverage", [f"{mean(scores, m, 'coverage'):.2f}" if has[m] else "-" for m in models])


def main() -> None:
    """Score, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--worlds", nargs="*", default=[world.name for world in WORLDS])
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    scores: Scores = {}
    for world in WORLDS:
        if world.name in options.worlds:
            scores[world.name] = run_world(
                world, options.persons, options.seed, peers=not options.no_peers
            )
            print(f"{world.name}: {world.what}", file=sys.stderr)
    print_table(scores, options.markdown)
    for model in next(iter(scores.values())):
        print(f"figure mae_{model} = {mean(scores, model, 'error'):.2f}")
    print(f"figure coverage_{OURS} = {mean(scores, OURS, 'coverage'):.2f}")


if __name__ == "__main__":
    main()
