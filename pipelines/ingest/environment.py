"""What the environment did to a file, as against what the file is.

A full disk, a right that lacks, a store's hiccup, a file that changes while it is read: no fault of
the file, and gone tomorrow. Such a file is `pending` in the ledger and tried again in each run.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

# What an operating system says of itself and not of the file.
PASSING = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
        *(errno.EIO, errno.ESTALE, errno.EBUSY, errno.EAGAIN, errno.ETXTBSY, errno.ENOENT),
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ETIMEDOUT, errno.ENETUNREACH),
        *(errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH, errno.ENOTCONN, errno.EPIPE),
    }
)
# DuckDB has the system's words in its message, and no number.
_PASSING_WORDS = re.compile(
    "|".join(re.escape(os.strerror(number)) for number in sorted(PASSING)), re.IGNORECASE
)
# What stands before the system's words where DuckDB has closed the database because of them.
_WRAPPING = re.compile(r'.*(?:Original error: "|because of error: )(?P<cause>.+?)"*', re.DOTALL)
# Of its errors those in which the system speaks; in others a file's own text may have these words.
SYSTEM_ERRORS = (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException)


class PendingError(Exception):
    """A file could not be read for no fault of its own; the message says why."""


def roll_back(con: duckdb.DuckDBPyConnection) -> None:
    """Leave the transaction; a commit that fails has rolled back by itself."""
    with suppress(duckdb.TransactionException):
        con.rollback()


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of what is done inside, or nothing of it."""
    con.begin()
    try:
        yield
        con.commit()
    except BaseException:
        roll_back(con)
        raise


def is_passing(error: BaseException) -> bool:
    """Whether the environment is to blame for an error, so that trying again may help."""
    if isinstance(error, PendingError | duckdb.OutOfMemoryException | MemoryError):
        return True
    if isinstance(error, SYSTEM_ERRORS):
        return _PASSING_WORDS.search(str(error)) is not None
    return isinstance(error, OSError) and error.errno in PASSING


def cause_of(error: BaseException) -> str:
    """What the environment did, in a line: without DuckDB's own words around the system's."""
    said = " ".join(str(error).split())
    wrapped = _WRAPPING.fullmatch(said)
    return wrapped["cause"] if wrapped else said


def way_out(error: BaseException) -> str:
    """What the environment did, and what to do about it."""
    return (
        f"{cause_of(error)}; make room or give the right that lacks, and run again: readers keep"
        " the release that they have"
    )
