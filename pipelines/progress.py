"""What a person sees while the line works, and the log that keeps everything.

Progress goes to stderr, so that stdout holds results and nothing else.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.status import Status

OURS = ("pipelines", "expectations")
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

logger = logging.getLogger(__name__)


@contextmanager
def show_progress(log_path: Path) -> Iterator[None]:
    """Show what the project's own loggers say, and write everything anyone says to a file.

    A line on stderr for each message of level INFO and above, with the seconds since the start; on
    a terminal also one moving line with the newest detail. The file is written anew at each run.
    """
    log_path.parent.mkdir(parents=True, exist_ok=True)
    log = logging.FileHandler(log_path, mode="w", encoding="utf-8")
    log.setFormatter(logging.Formatter(LOG_FORMAT))
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
        yield
    finally:
        status.stop()
        for each, level in levels:
            each.setLevel(level)
            each.removeHandler(steps)
        root.removeHandler(log)
        log.close()


def log_step(event: Any) -> None:
    """Log the start and the end of a Dagster step; for `DagsterInstance.add_event_listener`.

    Args:
        event: an EventLogEntry.
    """
    happened = event.dagster_event
    if happened is None or event.step_key is None:
        return
    if happened.event_type_value == "STEP_START":
        logger.info("%s …", event.step_key)
    elif happened.event_type_value == "STEP_SUCCESS":
        seconds = happened.step_success_data.duration_ms / 1000
        logger.info("%s: %.1f s", event.step_key, seconds)
    elif happened.event_type_value == "STEP_FAILURE":
        failure = happened.step_failure_data.error_display_string
        logger.info("%s failed; the log says where", event.step_key)
        logging.getLogger("dagster.step").error("%s: %s", event.step_key, failure)


class _Steps(logging.Handler):
    """Messages as lines, details as the moving line's text."""

    def __init__(self, console: Console, status: Status) -> None:
        super().__init__()
        self._console = console
        self._status = status
        self._started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{time.monotonic() - self._started:6.1f} s  {record.getMessage()}"
        if record.levelno >= logging.INFO:
            self._console.print(line, markup=False, soft_wrap=True)
        self._status.update(line.replace("[", r"\["))
