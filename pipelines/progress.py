"""What a person sees while the line works, and the log that keeps everything.

Progress goes to stderr, so that stdout holds results and nothing else.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.status import Status

from pipelines.settings import UsageError, utc_now, without_credentials

OURS = ("pipelines", "expectations")
# A month of runs that had something to do, if that is once a day.
KEPT_LOGS = 30
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

logger = logging.getLogger(__name__)


@contextmanager
def show_progress(logs_dir: Path) -> Iterator[Path]:
    """Show what the project's own loggers say, and write it to a file of this run.

    A line on stderr for each message of level INFO and above, with the seconds since the start; on
    a terminal also one moving line with the newest detail. The file has the details too, and what
    others warn of; a run that says nothing, since it had nothing to do, leaves none.

    Yields:
        The path of the file.
    """
    log_path = new_log(logs_dir)
    log = _Log(log_path, encoding="utf-8", delay=True)
    log.setFormatter(_WithoutCredentials(LOG_FORMAT))
    log.addFilter(is_of_interest)
    console = Console(stderr=True, highlight=False)
    status = Status("starting", console=console)
    steps = _Steps(console, status)
    root = logging.getLogger()
    ours = [logging.getLogger(name) for name in OURS]
    levels = [(each, each.level) for each in (root, *ours)]
    root.addHandler(log)
    root.setLevel(logging.INFO)
    for each in ours:
        each.setLevel(logging.DEBUG)
        each.addHandler(steps)
    if console.is_terminal:
        status.start()
    try:
        yield log_path
    except UsageError:
        raise
    except Exception:
        logger.exception("the program failed; %s says where", log_path)
        raise
    finally:
        status.stop()
        for each, level in levels:
            each.setLevel(level)
            each.removeHandler(steps)
        root.removeHandler(log)
        log.close()


def new_log(logs_dir: Path) -> Path:
    """Where this run writes its log, named so that names sort by time; the oldest ones go."""
    logs_dir.mkdir(parents=True, exist_ok=True)
    for old in sorted(logs_dir.glob("*.log"), reverse=True)[KEPT_LOGS - 1 :]:
        old.unlink()
    return logs_dir / f"{utc_now():%Y%m%dT%H%M%S}_{os.getpid()}.log"


def is_of_interest(record: logging.LogRecord) -> bool:
    """Whether a record is ours, or of others and a warning: they narrate by the thousand."""
    return record.levelno >= logging.WARNING or record.name.startswith(OURS)


class _Log(logging.FileHandler):
    """A log that a full disk cuts short: what the run itself says of the disk is what counts."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """Say nothing, where logging would print its own traceback."""

    def close(self) -> None:
        """Let go of the file, whether or not its last lines could be written."""
        with suppress(OSError):
            super().close()


class _WithoutCredentials(logging.Formatter):
    """What other libraries say of a URL, in a message or where an error came from."""

    def format(self, record: logging.LogRecord) -> str:
        return without_credentials(super().format(record))


class _Steps(logging.Handler):
    """Messages as lines, details as the moving line's text."""

    def __init__(self, console: Console, status: Status) -> None:
        super().__init__()
        self._console = console
        self._status = status
        self._started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        said = without_credentials(record.getMessage())
        line = f"{time.monotonic() - self._started:6.1f} s  {said}"
        if record.levelno >= logging.INFO:
            self._console.print(line, markup=False, soft_wrap=True)
        self._status.update(line.replace("[", r"\["))
