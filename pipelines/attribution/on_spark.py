"""Counts all journeys on Spark, where Spark wrote them: some persons on each core of the cluster.

The touches are brought together by bucket, so that each core has whole persons, and handed to
Python in Arrow's columns; what counts them there is what counts them here. What comes back is a sum
a core. The workers need an environment with this package, under the path that PYSPARK_PYTHON names
or under the driver's.
"""

import pickle
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipelines.attribution.counting import Counter, Counting
from pipelines.attribution.journeys import (
    BUCKET_SHIFT,
    TOUCHES_AT_ONCE,
    Channels,
    Intents,
    Source,
    converted_types,
    walked,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

Array = NDArray[Any]


def counted_on_spark(session: Callable[[], "SparkSession"], touches: Path) -> Counting:
    """Who walks all journeys on a cluster.

    Args:
        session: opens the session, or has it.
        touches: the folder in which Spark wrote int_journey_touches.
    """

    def count(
        source: Source, present: Channels, shown: Intents, counters: Sequence[Counter]
    ) -> None:
        from pyspark.sql import functions  # noqa: PLC0415 - of the extra spark

        spark = session()
        empty = [counter.empty() for counter in counters]
        told = spark.sparkContext.broadcast((converted_types(source), present, shown, empty))

        def count_some(batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
            import pyarrow as pa  # noqa: PLC0415 - on a worker

            converted_persons, present, shown, empty = told.value
            mine = [counter.empty() for counter in empty]
            for person_no, step in _whole_persons(batches):
                part = walked(person_no, step, converted_persons, present, shown)
                for counter in mine:
                    counter.add(part)
            # Most of what has a place for each bucket is zero.
            yield pa.record_batch({"counted": [zlib.compress(pickle.dumps(mine), 1)]})

        bucket = functions.shiftright("person_no", BUCKET_SHIFT)
        partitions = int(spark.conf.get("spark.sql.shuffle.partitions") or 1)
        spread = spark.read.parquet(str(touches)).repartitionByRange(partitions, bucket)
        with warnings.catch_warnings():
            # Of a pandas that PySpark does not know yet, and that Arrow's columns do not need.
            warnings.simplefilter("ignore", FutureWarning)
            counting = spread.sortWithinPartitions("person_no", "step").mapInArrow(
                count_some, "counted binary"
            )
            found = counting.collect()
        told.destroy()
        for (counted,) in found:
            others = pickle.loads(zlib.decompress(counted))  # noqa: S301 - of count_some
            for counter, other in zip(counters, others, strict=True):
                counter.join(other)

    return count


def _whole_persons(batches: Iterator["pa.RecordBatch"]) -> Iterator[tuple[Array, Array]]:
    """Numbers of persons and steps, in their order, about as many at once as are read here."""
    kept: list[tuple[Array, Array]] = []
    size = 0
    for batch in batches:
        kept.append((batch["person_no"].to_numpy(), batch["step"].to_numpy()))
        size += len(batch)
        if size < TOUCHES_AT_ONCE:
            continue
        person_no, step = (np.concatenate(column) for column in zip(*kept, strict=True))
        # The last person may go on in the next batch.
        until = int(np.searchsorted(person_no, person_no[-1]))
        kept, size = [(person_no[until:], step[until:])], len(person_no) - until
        if until:
            yield person_no[:until], step[:until]
    if size:
        person_no, step = (np.concatenate(column) for column in zip(*kept, strict=True))
        yield person_no, step
