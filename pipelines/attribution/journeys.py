"""The journeys as dbt built them, read into arrays, a few buckets at a time if there are many."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipelines.attribution.chain import BASE
from pipelines.attribution.hazard import Trials

Array = NDArray[Any]

BUCKETS = 1000
DIRECT = "Direct"
# A step is (microseconds x 8 + priority) x 64 + channel number: see int_journey_touches.
STEP_SHIFT = 9
US_PER_DAY = 86_400_000_000
# A person is bucket x 2^53 + a hash: see the macro person_no.
BUCKET_SHIFT = 53
TOUCHES_AT_ONCE = 1_000_000

INPUTS = {
    "int_conversions_unioned": "intermediate",
    "int_conversion_persons": "intermediate",
    "int_touches_eligible": "intermediate",
    "int_journey_touches": "intermediate",
    "int_journey_channels": "intermediate",
    "int_journey_conversions": "intermediate",
    "int_journey_intents": "intermediate",
    "int_lift_test_conversions": "intermediate",
    "channels": "seeds",
}
"""What the solve reads, and the schema of each."""


@dataclass(frozen=True)
class Source:
    """Where the journeys are.

    Attributes:
        con: a connection that may read them.
        relations: what stands behind `from` for each of INPUTS.
    """

    con: duckdb.DuckDBPyConnection
    relations: Mapping[str, str]

    def columns(self, query: str, *parameters: object) -> dict[str, Array]:
        """The columns of a query, in which {model} stands for the relation of that model."""
        text = query.format_map(self.relations)
        rows = self.con.execute(text, parameters).fetchnumpy()
        return {name: np.asarray(column) for name, column in rows.items()}


@dataclass(frozen=True)
class Channels:
    """The channels that any journey has.

    Attributes:
        names: of each, by its number.
        index: place of each number among those that can have an effect, -1 for Direct.
        effective: names of those, in their order.
        touches: how many each of those has.
    """

    names: Mapping[int, str]
    index: Array
    effective: tuple[str, ...]
    touches: Array


@dataclass(frozen=True)
class Intents:
    """When persons first showed each sign of intent.

    Attributes:
        shown: for each sign, the persons in order of their number, and microseconds since 1970.
    """

    shown: tuple[tuple[Array, Array], ...]

    def seen(self, person_no: Array, journey: Array, at_us: Array) -> Array:
        """Touches x signs: whether the person had shown it before.

        Args:
            person_no: of each journey.
            journey, at_us: of each touch.
        """
        found = np.zeros((len(at_us), len(self.shown)))
        for number, (persons, since_us) in enumerate(self.shown):
            place = np.minimum(np.searchsorted(persons, person_no), len(persons) - 1)
            since = np.where(persons[place] == person_no, since_us[place], np.iinfo(np.int64).max)
            found[:, number] = since[journey] < at_us
        return found


@dataclass(frozen=True)
class Converted:
    """The touches before the conversions of one type, in order of conversion and time.

    Attributes:
        trials: the touches; times are days before the conversion, below zero.
        bucket: of the conversion (one element per touch).
        channel_no: of each touch.
        amount: of the conversion (one element per touch), NaN where it has none.
        converted_us: when it was (one element per touch), microseconds since 1970.
        conversion_no, touch_no: what the models call it.
    """

    trials: Trials
    bucket: Array
    channel_no: Array
    amount: Array
    converted_us: Array
    conversion_no: Array
    touch_no: Array

    @property
    def journey(self) -> Array:
        """Number of the conversion of each touch, from 0."""
        return self.trials.journey

    @property
    def last(self) -> Array:
        """Index of the last touch of each conversion: the trial that converted."""
        found: Array = np.flatnonzero(np.append(self.trials.begins[1:], True))
        return found

    @property
    def count(self) -> int:
        """Number of conversions."""
        return int(self.trials.begins.sum())


@dataclass(frozen=True)
class Walked:
    """Touches of persons, converted or not, in order of person and time.

    Attributes:
        trials: the touches; times are days since 1970.
        person_no, bucket, converted_types: of each person; the last is the sum of
            2^conversion_order over the types to which it converted.
        at_us, channel_no: of each touch.
    """

    trials: Trials
    person_no: Array
    bucket: Array
    converted_types: Array
    at_us: Array
    channel_no: Array

    @property
    def chance(self) -> Array:
        """Of each person, from 0 to 1: as good as random, the same on any engine and machine.

        What a person is numbered by is the engine's own, so it hashes when which channels touched
        him (SplitMix64).
        """
        steps = (self.at_us * BASE + self.channel_no).astype(np.uint64)
        mixed = np.add.reduceat(steps, np.flatnonzero(self.trials.begins))
        mixed = mixed * np.uint64(BUCKETS) + self.bucket.astype(np.uint64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        found: Array = (mixed >> np.uint64(11)) / 2.0**53
        return found


@dataclass(frozen=True)
class Leads:
    """Who reached the first stage: one element a person, in order of their number.

    Attributes:
        person_no: of the person.
        led_us: when, microseconds since 1970.
        lead_no: number of that conversion.
        contact_key: of the person.
        account_key: of the account, or of the contact where there is none.
    """

    person_no: Array
    led_us: Array
    lead_no: Array
    contact_key: Array
    account_key: Array


@dataclass(frozen=True)
class Funnel:
    """A later stage: units, accounts or contacts, that are at risk from their first lead on.

    Attributes:
        unit: of each of the leads.
        bucket, began_us, lead_no: of each unit: what bootstraps draw, when its first lead was, and
            which conversion that is.
        case_no, case_unit, case_us: of each conversion: its number, its unit, -1 if no lead was
            before it, and when it was.
    """

    unit: Array
    bucket: Array
    began_us: Array
    lead_no: Array
    case_no: Array
    case_unit: Array
    case_us: Array


def told_until(source: Source, as_of_us: int) -> int:
    """Until when anybody is known of: the newest touch or conversion, but none after the clock.

    What the clock moves without telling anything of anybody moves no figure.
    """
    (newest,) = source.columns(
        """
        select coalesce(max(at_us), ?) as at_us
        from (
            select newest_at_us as at_us from {int_journey_channels}
            union all
            select epoch_us(converted_at) from {int_conversions_unioned}
        )
        where at_us <= ?
        """,
        as_of_us,
        as_of_us,
    )["at_us"]
    return int(newest)


def channels(source: Source) -> Channels:
    """The channels that any journey has."""
    rows = source.columns(
        """
        with counted as (
            select channel_no, touch_count from {int_journey_channels}
            union all
            select distinct channel_no, 0 from {int_journey_conversions}
        )
        select sort_order, channel, cast(sum(touch_count) as bigint) as touches
        from {channels} inner join counted on sort_order = channel_no
        group by sort_order, channel order by sort_order
        """
    )
    names = dict(zip(rows["sort_order"].tolist(), rows["channel"].tolist(), strict=True))
    index = np.full(BASE, -1)
    effective = [number for number, name in names.items() if name != DIRECT]
    # Of nobody's journeys there are no channels, and numpy no whole numbers to tell them by.
    index[np.array(effective, dtype=np.int64)] = np.arange(len(effective))
    is_effective = np.isin(rows["sort_order"].astype(np.int64), effective)
    of_effective = rows["touches"][is_effective]
    return Channels(names, index, tuple(names[number] for number in effective), of_effective)


def intents(source: Source) -> Intents:
    """When persons first showed each sign of intent."""
    rows = source.columns(
        "select intent_type, person_no, shown_us from {int_journey_intents}"
        " order by intent_type, person_no"
    )
    kind = rows["intent_type"].astype(str)
    return Intents(
        tuple(
            (rows["person_no"][kind == name], rows["shown_us"][kind == name])
            for name in np.unique(kind)
        )
    )


def conversion_orders(source: Source) -> dict[str, int]:
    """The types of which there is a conversion with a touch, and the number of each."""
    rows = source.columns(
        "select conversion_type, any_value(conversion_order) as conversion_order"
        " from {int_journey_conversions} group by conversion_type order by conversion_order"
    )
    return dict(
        zip(rows["conversion_type"].tolist(), rows["conversion_order"].tolist(), strict=True)
    )


def converted(source: Source, conversion_type: str, present: Channels, shown: Intents) -> Converted:
    """The touches before the conversions of one type."""
    rows = source.columns(
        """
        select
            journeys.conversion_no, journeys.touch_no, journeys.bucket, journeys.channel_no,
            journeys.us_before_conversion, touches.person_no,
            epoch_us(touches.touched_at) as at_us,
            coalesce(cast(journeys.amount_reporting as double), 'nan') as amount
        from {int_journey_conversions} as journeys
        inner join {int_touches_eligible} as touches using (conversion_no, touch_no)
        where conversion_type = ?
        order by conversion_no, touch_no
        """,
        conversion_type,
    )
    begins = rows["touch_no"] == 1
    channel_no = rows["channel_no"].astype(np.int64)
    every = np.arange(len(begins))
    return Converted(
        trials=Trials(
            begins=begins,
            at_days=-rows["us_before_conversion"] / US_PER_DAY,
            channel=present.index[channel_no],
            intents=shown.seen(rows["person_no"], every, rows["at_us"]),
        ),
        bucket=rows["bucket"].astype(np.int64),
        channel_no=channel_no,
        amount=rows["amount"],
        converted_us=rows["at_us"] + rows["us_before_conversion"],
        conversion_no=rows["conversion_no"],
        touch_no=rows["touch_no"],
    )


def leads(source: Source, first_type: str) -> Leads:
    """Who reached the first stage, and when."""
    rows = source.columns(
        """
        select
            persons.person_no,
            conversions.conversion_no,
            conversions.contact_key,
            coalesce(conversions.account_key, conversions.contact_key) as account_key,
            epoch_us(conversions.converted_at) as led_us
        from {int_conversion_persons} as persons
        inner join {int_conversions_unioned} as conversions using (conversion_no)
        where conversions.conversion_type = ? and conversions.contact_key is not null
        qualify row_number() over (
            partition by persons.person_no
            order by conversions.converted_at, conversions.conversion_no
        ) = 1
        order by persons.person_no
        """,
        first_type,
    )
    return Leads(
        person_no=rows["person_no"],
        led_us=rows["led_us"],
        lead_no=rows["conversion_no"],
        contact_key=rows["contact_key"],
        account_key=rows["account_key"],
    )


def funnel(source: Source, conversion_type: str, known: Leads) -> Funnel:
    """The conversions of a later stage, and whose first stage each followed."""
    rows = source.columns(
        """
        select
            conversion_no,
            epoch_us(converted_at) as at_us,
            credit_scope = 'account' as is_of_account,
            case when credit_scope = 'account' then account_key else contact_key end as unit_key
        from {int_conversions_unioned}
        where conversion_type = ?
            and case when credit_scope = 'account' then account_key else contact_key end is not null
        order by conversion_no
        """,
        conversion_type,
    )
    by_account = bool(rows["is_of_account"].any())
    of_lead = known.account_key if by_account else known.contact_key
    keys, unit = np.unique(of_lead.astype(str), return_inverse=True)
    first = np.lexsort((known.lead_no, known.led_us, unit))
    first = first[np.append(True, np.diff(unit[first]) > 0)[: len(first)]]
    case_key = rows["unit_key"].astype(str)
    place = np.minimum(np.searchsorted(keys, case_key), max(len(keys) - 1, 0))
    case_unit = np.full(len(case_key), -1)
    if len(keys):
        found = (keys[place] == case_key) & (known.led_us[first][place] <= rows["at_us"])
        case_unit = np.where(found, place, -1)
    return Funnel(
        unit=unit,
        bucket=_buckets(keys),
        began_us=known.led_us[first],
        lead_no=known.lead_no[first],
        case_no=rows["conversion_no"],
        case_unit=case_unit,
        case_us=rows["at_us"],
    )


def _buckets(keys: Array) -> Array:
    """As the macro hash_bucket has it: by the first three digits of a hexadecimal hash."""
    found: Array = np.array([int(key[:3], 16) % BUCKETS for key in keys.tolist()], dtype=np.int64)
    return found


def converted_types(source: Source) -> tuple[Array, Array]:
    """Persons in order of their number, and to what each converted: see `Walked`."""
    rows = source.columns(
        "select person_no, bit_or(cast(1 as bigint) << conversion_order) as converted_types"
        " from {int_conversion_persons} group by person_no order by person_no"
    )
    return rows["person_no"], rows["converted_types"]


def read_in_parts(source: Source) -> Iterator[tuple[Array, Array]]:
    """Numbers of persons and steps of all touches, some whole buckets at a time."""
    sizes = source.columns(
        f"select person_no >> {BUCKET_SHIFT} as bucket, count(*) as touches"
        " from {int_journey_touches} group by bucket order by bucket"
    )
    if not sizes["bucket"].size:
        return
    part = np.cumsum(sizes["touches"]) // TOUCHES_AT_ONCE
    for number in np.unique(part):
        buckets = sizes["bucket"][part == number]
        rows = source.columns(
            "select person_no, step from {int_journey_touches}"
            " where person_no >= ? and person_no < ?",
            int(buckets[0]) << BUCKET_SHIFT,
            (int(buckets[-1]) + 1) << BUCKET_SHIFT,
        )
        yield _sorted(rows["person_no"], rows["step"])


def _sorted(person_no: Array, step: Array) -> tuple[Array, Array]:
    """In order of person and time, which they come in but from several files of Parquet."""
    before = person_no[:-1], step[:-1]
    after = person_no[1:], step[1:]
    if not ((before[0] < after[0]) | ((before[0] == after[0]) & (before[1] <= after[1]))).all():
        order = np.lexsort((step, person_no))
        person_no, step = person_no[order], step[order]
    return person_no, step


def walked(
    person_no: Array,
    step: Array,
    converted_persons: tuple[Array, Array],
    present: Channels,
    shown: Intents,
) -> Walked:
    """Touches of whole persons, in order of person and time, with what is known of the persons.

    Args:
        person_no, step: of each touch: see int_journey_touches.
        converted_persons: see `converted_types`.
        present: the channels.
        shown: the signs of intent.
    """
    begins = np.append(True, person_no[1:] != person_no[:-1])
    person = person_no[begins]
    at_us, channel_no = step >> STEP_SHIFT, step & (BASE - 1)
    types = np.zeros(len(person), dtype=np.int64)
    known, types_of_known = converted_persons
    if known.size:
        place = np.minimum(np.searchsorted(known, person), len(known) - 1)
        types = np.where(known[place] == person, types_of_known[place], 0)
    return Walked(
        trials=Trials(
            begins=begins,
            at_days=at_us / US_PER_DAY,
            channel=present.index[channel_no],
            intents=shown.seen(person, np.cumsum(begins) - 1, at_us),
        ),
        person_no=person,
        bucket=person >> BUCKET_SHIFT,
        converted_types=types,
        at_us=at_us,
        channel_no=channel_no,
    )
