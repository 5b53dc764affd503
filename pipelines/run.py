"""One run of the whole line, as `throughline run` means it.

Decides whether there is anything to do, takes the same steps as the job that Dagster schedules, in
this process, and says how it ended. What the steps do is in line.py and in the functions they call.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING
from uuid import uuid4

from pipelines.project import project
from pipelines.runs import connection, kept_open, newest_batch
from pipelines.settings import Settings, UsageError, needs_extra, utc_now, utc_text
from pipelines.transform.fingerprint import rules_fingerprint

if TYPE_CHECKING:
    from pipelines.doors.refresh import Refreshed
    from pipelines.outbox import Delivery

logger = logging.getLogger(__name__)

EXIT_CODES = {"published": 0, "unchanged": 0, "unusable": 2, "refused": 3, "failed": 1}
# Readers have what there is, but the environment kept files from being read, or a door shut.
EXIT_PENDING = 4


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        status: published, unchanged, unusable (no file could be used), refused (by the audit) or
            failed (by an error).
        settings: where it ran.
        message: one sentence for people; None where the summary says it all.
        release_id: the release that readers see now; None before the first.
        pending: how many files could not be read for no fault of theirs; each run tries again.
        told: what became of the messages to people; None where nobody was told yet.
        doors: what became of the other doors that the company has.
    """

    status: str
    settings: Settings
    message: str | None = None
    release_id: str | None = None
    pending: int = 0
    told: Delivery | None = None
    doors: tuple[Refreshed, ...] = ()

    @property
    def exit_code(self) -> int:
        """What the process returns to its caller."""
        code = EXIT_CODES[self.status]
        is_pending = self.pending or any(door.status == "failed" for door in self.doors)
        return EXIT_PENDING if is_pending and code == 0 else code


def require_usable(settings: Settings, as_of: datetime | None) -> None:
    """Say at once, and before anything is touched, what no run can work with.

    Raises:
        UsageError: the company's rules cannot be read, name a secret that is not set, or were
            forgotten; the clock is in the future; the exports are missing, cannot be listed, or lie
            where the warehouse does; the engine is not installed.
    """
    from pipelines.doors.refresh import company_postgres  # noqa: PLC0415
    from pipelines.ingest.places import find_files  # noqa: PLC0415
    from pipelines.outbox import company_channels  # noqa: PLC0415

    if settings.target == "spark":
        require_spark()
    company_channels(settings)
    company_postgres()
    require_same_company(settings)
    if as_of and as_of > utc_now():
        raise UsageError(f"--as-of {utc_text(as_of)} is in the future")
    exports, home = settings.exports, settings.home
    if isinstance(exports, Path):
        if not exports.is_dir():
            raise UsageError(
                f"there is no folder {exports}; name the one that holds your exports with"
                " --exports, or write a sample company with `throughline simulate --out sample`"
            )
        if home.is_relative_to(exports) or any(
            exports.is_relative_to(folder) for folder in settings.written_dirs
        ):
            raise UsageError(
                f"--home {home} lies so that what it writes would be read as exports of {exports};"
                " name two folders side by side"
            )
        if not os.access(exports, os.R_OK | os.X_OK):
            raise UsageError(
                f"{exports} cannot be read; give this user the right to list and open it"
            )
    find_files(exports)


def require_spark() -> None:
    """Say what Spark lacks here before hours of other work are done.

    Raises:
        UsageError: a library of the extra or Java is missing.
    """
    if not all(map(find_spec, ("pyspark", "pyarrow", "dbt.adapters.spark"))):
        raise UsageError(f"--target spark {needs_extra('spark')}")
    if not os.environ.get("JAVA_HOME") and which("java") is None:
        raise UsageError(
            "--target spark needs Java 17: install it, and name it by JAVA_HOME or on the PATH"
        )


def require_same_company(settings: Settings) -> None:
    """Whoever forgets --config would publish figures by assumed zones, currencies and rates.

    Raises:
        UsageError: the home was built by a company's rules, and none are named now.
    """
    note = settings.config_note
    if project().company is None and note.exists():
        folder = note.read_text(encoding="utf-8")
        raise UsageError(
            f"{settings.home} was built by the rules of {folder}; name them again with --config"
            f" {folder} or THROUGHLINE_CONFIG, or delete {note} to go on without"
        )


def require_rules() -> None:
    """Judge what people edit: seeds, vars, a company's own checks.

    Raises:
        UsageError: what is wrong, in which file and line.
    """
    from expectations.own import own_checks  # noqa: PLC0415 - an unchanged run needs none
    from pipelines.transform.rules import require_sound_rules  # noqa: PLC0415

    require_sound_rules()
    own_checks()


def run_warehouse(
    settings: Settings, *, as_of: datetime | None = None, full_refresh: bool = False
) -> Outcome:
    """Load what is new, rebuild, audit, publish; do nothing where nothing is new.

    Whoever calls it holds the warehouse.

    Args:
        settings: where the exports are and where the warehouse lives; see `require_usable`.
        as_of: the run's clock, naive UTC; None for the present.
        full_refresh: rebuild everything, even if neither files, rules nor clock have changed.

    Raises:
        UsageError: the clock is before the first batch, the build file is damaged or not ours, a
            contract, seed or var cannot be used.
    """
    from pipelines.erasure.erase import finish_erasures, take_up  # noqa: PLC0415

    is_erasing = take_up(settings)
    with kept_open(settings.build_path):
        unchanged = nothing_new(settings, as_of)
        if unchanged and not full_refresh:
            return told(unchanged)
        require_rules()
        if full_refresh:
            from pipelines.transform.replay import forget  # noqa: PLC0415

            with connection(settings.build_path) as con:
                forget(con)
        outcome = told(execute(settings, as_of))
    if is_erasing and outcome.status in ("published", "unchanged"):
        finish_erasures(settings)
    return outcome


def told(outcome: Outcome) -> Outcome:
    """The outcome, once the doors show it and people were told what they have to know of it."""
    from pipelines.doors.refresh import refresh_doors, shut  # noqa: PLC0415
    from pipelines.outbox import tell  # noqa: PLC0415

    doors = refresh_doors(outcome.settings)
    told = tell(outcome.settings, outcome.status, outcome.message, shut(doors))
    return replace(outcome, told=told, doors=doors)


def nothing_new(settings: Settings, as_of: datetime | None) -> Outcome | None:
    """The outcome 'unchanged' where files, rules and clock are those of the published release.

    The command asks before it takes a step, the schedule before it starts a run. Whoever
    asks holds the warehouse.

    Raises:
        UsageError: the clock is before the first batch.
    """
    from pipelines.erasure.register import is_begun  # noqa: PLC0415
    from pipelines.ingest import load_contracts, plan_load  # noqa: PLC0415
    from pipelines.publish import published_release  # noqa: PLC0415

    if is_begun(settings.home):
        return None
    with connection(settings.build_path) as con:
        newest = newest_batch(con)
        if newest is None:
            return None
        if as_of is not None and as_of <= newest:
            _require_known(con.execute("select min(loaded_at) from ops.batches").fetchall(), as_of)
        elif not plan_load(con, settings.exports, load_contracts()).is_empty:
            return None
    published = published_release(settings.home)
    if published is None or published.config_version != rules_fingerprint():
        return None
    if published.as_of_at != (as_of or newest):
        return None
    return Outcome(
        "unchanged",
        settings,
        "nothing new: every file is known and the rules are the same;"
        f" release {published.release_id} stays",
        published.release_id,
    )


def _require_known(first_batch: list[tuple[datetime]], as_of: datetime) -> None:
    first = first_batch[0][0]
    if as_of < first:
        raise UsageError(
            f"nothing had been loaded by {utc_text(as_of)}; the first batch is of {utc_text(first)}"
        )


def execute(settings: Settings, as_of: datetime | None) -> Outcome:
    """Take the steps of the line, and read from ops.runs how they ended."""
    from pipelines.line import Run, take_steps  # noqa: PLC0415 - an unchanged run needs none

    run_id = str(uuid4())
    take_steps(Run(run_id, settings, as_of))
    return _ending(settings, run_id)


def _ending(settings: Settings, run_id: str) -> Outcome:
    """How a run ended, as its row in ops.runs has it."""
    from pipelines.ingest.ledger import PENDING  # noqa: PLC0415

    with connection(settings.build_path) as con:
        ((pending,),) = con.execute(
            "select count(*) from ops.files where status = ?", [PENDING]
        ).fetchall()
        row = con.execute(
            "select status, message, release_id from ops.runs where run_id = ?", [run_id]
        ).fetchone()
    status, message, release_id = row or ("failed", None, None)
    if status == "running":
        status, message = "failed", message or "the run broke off"
    return Outcome(status, settings, message, release_id, pending)
