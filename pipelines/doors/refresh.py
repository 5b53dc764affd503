"""The doors that a company has, brought to the release in front whenever one may be behind.

What fails is noted in ops.doors and told like everything that needs a person; it never keeps a
release from the other readers, and each run tries again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec

import duckdb

from pipelines.doors.postgres import DoorError, Postgres, push
from pipelines.outbox.notices import Notice
from pipelines.project import project
from pipelines.publish import opened, published_path, published_release
from pipelines.runs import connection
from pipelines.settings import Settings, UsageError, needs_extra, secret, utc_now, utc_text

POSTGRES = "postgres"
LAST_GOOD_SQL = "select max(refreshed_at) from ops.doors where door = ? and status = 'refreshed'"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refreshed:
    """What became of a door.

    Attributes:
        door: its name in company.yml.
        status: refreshed, unchanged (it showed the release already) or failed.
        release_id: the release in front.
        message: why it failed; None where it did not.
        since: when it was last brought to a release, in UTC; None where never.
    """

    door: str
    status: str
    release_id: str
    message: str | None = None
    since: str | None = None

    @property
    def notice(self) -> Notice:
        """What a person has to know of a door that failed: once for a cause, until it is mended."""
        cause = hashlib.sha256((self.message or "").encode()).hexdigest()[:12]
        stand = f"what was published by {self.since}" if self.since else "nothing yet"
        return Notice(
            f"door:{self.door}:{cause}:{self.since or 'never'}",
            f"The door {self.door} could not be brought to release {self.release_id}:"
            f" {self.message}",
            f"Its readers see {stand}; mend it: every run tries again.",
        )


def shut(doors: Iterable[Refreshed]) -> list[Notice]:
    """What people have to know of those that failed."""
    return [door.notice for door in doors if door.status == "failed"]


def company_postgres() -> Postgres | None:
    """Where the company of this process wants its marts; None if nowhere.

    Raises:
        UsageError: the variable that it names is not set, or what it needs is not installed.
    """
    company = project().company
    said = company.doors[POSTGRES] if company and company.doors else None
    if not said or not said["url"]:
        return None
    if find_spec("psycopg") is None:
        raise UsageError(f"company.yml has doors.postgres, which {needs_extra('postgres')}")
    return Postgres(secret(said["url"]), said["schema"], said["readers"])


def refresh_doors(settings: Settings) -> tuple[Refreshed, ...]:
    """Bring each door to the release in front; whoever calls it holds the warehouse.

    Raises:
        UsageError: as `company_postgres`.
    """
    door, release = company_postgres(), published_release(settings.home)
    if door is None or release is None:
        return ()
    status, message = "unchanged", None
    try:
        with opened(published_path(settings.home)) as con:
            if push(con, release, door):
                status = "refreshed"
    except DoorError as error:
        status, message = "failed", str(error)
        logger.warning("the door %s: %s", POSTGRES, error)
    with connection(settings.build_path) as build:
        since = _noted(build, status, release.release_id, message)
    return (Refreshed(POSTGRES, status, release.release_id, message, since),)


def _noted(
    con: duckdb.DuckDBPyConnection, status: str, release_id: str, message: str | None
) -> str | None:
    """Note what happened, and say when the door was last brought to a release."""
    if status != "unchanged":
        con.execute(
            "insert into ops.doors values (?, ?, ?, ?, ?)",
            [POSTGRES, release_id, status, message, utc_now()],
        )
    ((last_good,),) = con.execute(LAST_GOOD_SQL, [POSTGRES]).fetchall()
    return utc_text(last_good.replace(microsecond=0)) if last_good else None
