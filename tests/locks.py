"""A warehouse that another process holds, without the other process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.settings import Settings


@contextmanager
def held_by_another(settings: Settings, *, wait: bool = True) -> Iterator[None]:
    """As if another process wrote it: a lock is of whoever opened the file, not of a process."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with settings.lock_path.open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.truncate(0)
        lock.write("`throughline run`, process 4711, since 2026-10-01T06:00:00Z")
        lock.flush()
        yield
