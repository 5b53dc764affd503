"""Where things are and what the run's clock says.

The only module that reads the environment. Everything else receives a `Settings` or a path.
Nothing here opens a file or imports a heavy library: `throughline --help` goes through it.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
CONTRACTS_DIR = PROJECT_DIR / "pipelines" / "contracts"
STAGING_DIR = PROJECT_DIR / "dbt_project" / "models" / "staging"
# Not dbt's own target/, which every other dbt command and sqlfluff write as they see the project.
DBT_TARGET_DIR = PROJECT_DIR / "target" / "line"
MANIFEST_PATH = DBT_TARGET_DIR / "manifest.json"

URL = re.compile(r"""(\w+://)([^\s'"]+)""")

TARGETS = ("duckdb", "spark")


class UsageError(Exception):
    """A wrong option or an unusable environment: one line that says what, where and what to do."""


def parse_as_of(text: str) -> datetime:
    """An ISO 8601 date or timestamp as naive UTC; without a zone it is read as UTC.

    Raises:
        UsageError: the text is no ISO 8601 date or timestamp.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--as-of {text!r} is not an ISO 8601 timestamp; write for example 2026-10-01T06:00:00Z"
        ) from error
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise UsageError(f"--as-of {text!r} is no time that a calendar has in UTC") from error


def utc_now() -> datetime:
    """The wall clock, naive UTC, microseconds."""
    return datetime.now(UTC).replace(tzinfo=None)


def utc_text(moment: datetime) -> str:
    """A naive UTC time as people and JSON are told it, and as --as-of takes it back."""
    return f"{moment.isoformat()}Z"


def is_url(exports: Path | str) -> bool:
    """Whether exports lie in an object store (s3://, gs://, az://) and not in a folder."""
    return isinstance(exports, str) and "://" in exports


def without_credentials(text: str) -> str:
    """Text in which no URL says a user, a password, a key or a token."""
    return URL.sub(lambda url: f"{url[1]}{_without_user(url[2].split('?')[0])}", text)


def _without_user(place: str) -> str:
    user, _, rest = place.rpartition("@")
    # A secret may have slashes in it; a path with an @ has one before any colon.
    return rest if "/" not in user.split(":")[0] else place


def parse_exports(text: str) -> Path | str:
    """The exports that a user names: a folder, or the URL of a store."""
    return text.rstrip("/") if is_url(text) else Path(text).resolve()


@dataclass(frozen=True)
class Settings:
    """One warehouse: where its exports come from, where it lives, which engine builds it.

    Attributes:
        exports: a folder, or the URL of an object store.
    """

    exports: Path | str
    home: Path
    target: str = "duckdb"

    def __post_init__(self) -> None:
        if self.target not in TARGETS:
            raise UsageError(
                f"--target {self.target!r} is unknown; choose one of {', '.join(TARGETS)}"
            )

    @property
    def build_path(self) -> Path:
        """The private database that one process writes and no reader opens."""
        return self.home / "build.duckdb"

    @property
    def lock_path(self) -> Path:
        """Held for the length of a run, so that runs never overlap."""
        return self.home / "run.lock"

    @property
    def spark_dir(self) -> Path:
        """What is handed to Spark and what Spark writes."""
        return self.home / "spark"

    @property
    def written_dirs(self) -> tuple[Path, ...]:
        """The folders below the home that runs write into."""
        names = ("published", "releases", "logs", "dbt", "spark")
        return tuple(self.home / name for name in names)

    @property
    def logs_dir(self) -> Path:
        """What the last runs did, a file each."""
        return self.home / "logs"


def settings_from_environment() -> Settings:
    """The settings that `dagster dev` starts with: THROUGHLINE_EXPORTS and THROUGHLINE_HOME."""
    return Settings(
        exports=parse_exports(os.environ.get("THROUGHLINE_EXPORTS", str(PROJECT_DIR / "exports"))),
        home=Path(os.environ.get("THROUGHLINE_HOME", PROJECT_DIR / "warehouse")).resolve(),
        target=os.environ.get("THROUGHLINE_TARGET", "duckdb"),
    )


def point_dbt_at(settings: Settings) -> None:
    """Tell the dbt that this process starts where the build is; dbt reads its environment only."""
    os.environ["THROUGHLINE_BUILD_PATH"] = str(settings.build_path)
    os.environ["THROUGHLINE_SPARK_DIR"] = str(settings.spark_dir)
