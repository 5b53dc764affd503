"""The journeys as dbt built them, read into arrays, a few buckets at a time if there are many."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipelines.attribution.chain import BASE, Chain

Array = NDArray[Any]

BUCKETS = 1000
DIRECT = "Direct"
# A step is (microseconds x 8 + priority) x 64 + channel number: see int_journey_touches.
STEPS_PER_DAY = 86_400_000_000 * 8 * BASE
TOUCHES_AT_ONCE = 1_000_000

INPUTS = {
    "int_journey_touches": "intermediate",
    "int_journey_conversions": "intermediate",
    "int_markov_transitions": "intermediate",
    "channels": "seeds",
}
"""What the solve reads, and the schema of each."""


@dataclass(frozen=True)
class Source:
    """Where the journeys are.

    Attributes:
        con: a connection that may read them.
        relations: what stands behind `from` for each of INPUTS: a table, or Parquet that Spark
            wrote.
    """

    con: duckdb.DuckDBPyConnection
    relations: Mapping[str, str]

    def columns(self, query: str, model: str) -> dict[str, Array]:
        """The columns of a query, in which {model} stands for the relation of a model."""
        rows = self.con.execute(query.format(model=self.relations[model])).fetchnumpy()
        return {name: np.asarray(column) for name, column in rows.items()}


@dataclass(frozen=True)
class Converted:
    """The touches before the conversions of one type, in order of conversion and time.

    Attributes:
        begins: whether a touch is the first of its conversion.
        journey: number of the conversion, from 0.
        bucket: of the conversion (one element per touch).
        channel_no, at_days, position_credit: of each touch.
        amount: of the conversion (one element per touch), NaN where it has none.
    """

    begins: Array
    journey: Array
    bucket: Array
    channel_no: Array
    at_days: Array
    position_credit: Array
    amount: Array

    @property
    def last(self) -> Array:
        """Index of the last touch of each conversion: the trial that converted."""
        found: Array = np.flatnonzero(np.append(self.begins[1:], True))
        return found

    @property
    def count(self) -> int:
        """Number of conversions."""
        return int(self.begins.sum())


def channel_names(source: Source) -> dict[int, str]:
    """Name of each channel that any journey has, by its number."""
    rows = source.columns(
        f"""
        select sort_order, channel from {{model}} where sort_order in (
            select distinct step % {BASE} from {source.relations["int_journey_touches"]}
            union select distinct channel_no from {source.relations["int_journey_conversions"]}
        )
        """,
        "channels",
    )
    return dict(zip(rows["sort_order"].tolist(), rows["channel"].tolist(), strict=True))


def converted(source: Source, conversion_type: str) -> Converted:
    """The touches before the conversions of one type."""
    rows = source.columns(
        f"""
        select
            touch_position = 1 as begins, bucket, channel_no, position_based_credit,
            - us_before_conversion / 86400000000.0 as at_days,
            coalesce(cast(amount_reporting as double), 'nan') as amount
        from {{model}} where conversion_type = '{conversion_type}'
        order by conversion_id, touch_position
        """,
        "int_journey_conversions",
    )
    begins = rows["begins"].astype(bool)
    return Converted(
        begins=begins,
        journey=np.cumsum(begins) - 1,
        bucket=rows["bucket"].astype(np.int64),
        channel_no=rows["channel_no"].astype(np.int64),
        at_days=rows["at_days"],
        position_credit=rows["position_based_credit"],
        amount=rows["amount"],
    )


def markov_chain(source: Source, conversion_type: str) -> Chain:
    """The transitions of one conversion type, by bucket."""
    rows = source.columns(
        f"""
        select from_state, to_state, bucket, journeys, cast(amount_reporting as double) as value
        from {{model}} where conversion_type = '{conversion_type}'
        """,
        "int_markov_transitions",
    )
    pairs = np.stack([rows["from_state"], rows["to_state"]], axis=1)
    cells, cell = np.unique(pairs, axis=0, return_inverse=True)
    counts, values = (np.zeros((BUCKETS, len(cells))) for _ in range(2))
    np.add.at(counts, (rows["bucket"], cell.ravel()), rows["journeys"])
    np.add.at(values, (rows["bucket"], cell.ravel()), rows["value"])
    return Chain(cells[:, 0], cells[:, 1], counts, values)


@dataclass(frozen=True)
class Walked:
    """Touches of persons, converted or not, in order of person and time.

    Attributes:
        begins: whether a touch is the first of its person.
        bucket, at_days, channel_no: of each touch.
        converted_types: sum over the types to which the person converted of 2 to their number.
    """

    begins: Array
    bucket: Array
    at_days: Array
    channel_no: Array
    converted_types: Array


def walked(source: Source) -> Iterator[Walked]:
    """All touches of all persons, whole buckets at a time."""
    sizes = source.columns(
        "select bucket, count(*) as touches from {model} group by bucket order by bucket",
        "int_journey_touches",
    )
    if not sizes["bucket"].size:
        return
    part = np.cumsum(sizes["touches"]) // TOUCHES_AT_ONCE
    for number in np.unique(part):
        buckets = sizes["bucket"][part == number]
        rows = source.columns(
            "select bucket, step, previous_step is null as begins, converted_types from {model}"
            f" where bucket between {buckets[0]} and {buckets[-1]} order by person_no, step",
            "int_journey_touches",
        )
        step = rows["step"]
        yield Walked(
            begins=rows["begins"].astype(bool),
            bucket=rows["bucket"].astype(np.int64),
            at_days=step / STEPS_PER_DAY,
            channel_no=step % BASE,
            converted_types=rows["converted_types"],
        )
