"""A folder that readers open, replaced as a whole.

It is a link to one beside it, which is finished before the link turns to it: whoever opens a page
gets one build or the other, and what a killed process leaves is removed by the next.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from pipelines.project import one_at_a_time
from pipelines.settings import UsageError

OPEN = 0o755


@contextmanager
def placed(out: Path) -> Iterator[Path]:
    """A new folder to fill, which `out` shows from then on, if nothing goes wrong meanwhile.

    Raises:
        UsageError: what is there is somebody else's.
    """
    _require_ours(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = out.with_name(f".{out.name}-builds")
    work.mkdir(exist_ok=True)
    work.chmod(OPEN)
    with one_at_a_time(work):
        before = out.resolve() if out.is_symlink() else None
        _tidy(work, before)
        made = work / uuid4().hex[:12]
        made.mkdir()
        yield made
        made.chmod(OPEN)
        _turn(out, made)


def _require_ours(out: Path) -> None:
    if out.is_symlink() or not out.exists():
        return
    if out.is_dir() and not any(out.iterdir()):
        out.rmdir()
        return
    raise UsageError(
        f"{out} is there already and was not built here; remove it, or name another with --out"
    )


def _tidy(work: Path, before: Path | None) -> None:
    """Remove all but the site in place: readers may still have a page of it open."""
    for folder in work.iterdir():
        if folder.is_dir() and folder.resolve() != before:
            shutil.rmtree(folder)


def _turn(out: Path, made: Path) -> None:
    link = made.parent / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(f"{made.parent.name}/{made.name}")
    link.replace(out)
