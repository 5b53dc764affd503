"""How a command ends that someone stops: at once, with one line, whatever it is doing.

A run may be killed at any moment by design: a file is loaded in one transaction, a release is
swapped in whole, the kernel gives the lock back, and the next run starts from what it finds. So
nothing is unwound.
"""

import contextlib
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

SAID = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
# Clears the moving line and brings the cursor back that it hides.
CLEAN_LINE = "\r\x1b[2K\x1b[?25h"
# The helper of multiprocessing, which dbt starts, removes what we leave and need not say so.
TRACKER_WARNING = "ignore::UserWarning:multiprocessing.resource_tracker"


def stoppable(work: Callable[[], object]) -> None:
    """Do the work; SIGINT and SIGTERM meanwhile end this process with one line and 130 or 143.

    The work has a thread of its own, and the main one does nothing but wait: Python runs handlers
    there, so no long query of DuckDB holds one off; and Dagster puts its own in our handler's place
    where it runs in the main thread, and only there.
    """
    os.environ.setdefault("PYTHONWARNINGS", TRACKER_WARNING)
    for number in SAID:
        signal.signal(number, _end)
    ThreadPoolExecutor(1, thread_name_prefix="work").submit(work).result()


def _end(number: int, frame: FrameType | None) -> None:
    """Say so and go, without a lock of logging or of a stream that the work may hold."""
    said = f"throughline: {SAID[signal.Signals(number)]}; readers keep the release that they have\n"
    _write(2, (CLEAN_LINE if os.isatty(2) else "") + said)
    for handler in logging.getLogger().handlers:
        # A handler flushes each record, so this comes last.
        if isinstance(handler, logging.FileHandler) and handler.stream is not None:
            _write(handler.stream.fileno(), said)
    os._exit(128 + number)


def _write(descriptor: int, text: str) -> None:
    # Where nobody reads any more there is nobody to tell.
    with contextlib.suppress(OSError):
        os.write(descriptor, text.encode())
