"""What the solves know of all journeys: sums, which are counted wherever the journeys lie.

Each counter keeps sums of its own over the persons that it is shown, and sums of some persons may
be added to those of others. In one process all persons are shown to the same counters, part by
part; workers of a cluster count some persons each (`on_spark.py`). What is made of the sums, the
solve itself, is small.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, Self

from pipelines.attribution.journeys import (
    Channels,
    Intents,
    Source,
    Walked,
    converted_types,
    read_in_parts,
    walked,
)


class Counter(Protocol):
    """Sums over persons."""

    def add(self, part: Walked) -> None:
        """Count some more persons, none of whom was counted before."""

    def empty(self) -> Self:
        """One that counts the same, of nobody so far."""

    def join(self, other: Self) -> None:
        """Add what another counted of other persons."""


Counting = Callable[[Source, Channels, Intents, Sequence[Counter]], None]
"""Shows all persons to counters."""


def count_here(
    source: Source, present: Channels, shown: Intents, counters: Sequence[Counter]
) -> None:
    """Count all persons in this process."""
    converted_persons = converted_types(source)
    # Each of them keeps sums of its own, and none waits for another.
    with ThreadPoolExecutor() as pool:
        for person_no, step in read_in_parts(source):
            part = walked(person_no, step, converted_persons, present, shown)
            for added in [pool.submit(counter.add, part) for counter in counters]:
                added.result()
