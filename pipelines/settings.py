"""Where things are and what the run's clock says.

The only module that reads the environment. Everything else receives a `Settings` or a path.
Nothing here opens a file or imports a heavy library: `throughline --help` goes through it.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

CODE_DIR = Path(__file__).resolve().parent.parent
# The dbt project, seeds and contracts as they are shipped: the root of a checkout; a wheel carries
# what does not lie in its packages inside one of them.
IS_CHECKOUT = (CODE_DIR / "dbt_project.yml").is_file()
PROJECT_DIR = CODE_DIR if IS_CHECKOUT else CODE_DIR / "pipelines" / "shipped"

URL = re.compile(r"""(\w+://)([^\s'"]+)""")

TARGETS = ("duckdb", "spark")

# A size as DuckDB has them, and how many GB each unit is.
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(MB|MiB|GB|GiB|TB|TiB)", re.IGNORECASE)
UNITS = {"mb": 1e-3, "mib": 2**20 / 1e9, "gb": 1, "gib": 2**30 / 1e9, "tb": 1e3, "tib": 2**40 / 1e9}


class UsageError(Exception):
    """A wrong option or an unusable environment: one line that says what, where and what to do."""


def needs_extra(extra: str) -> str:
    """What a message says of a command whose libraries are an extra, and how they come."""
    return (
        f"needs the extra `{extra}`: uv sync --inexact --extra {extra}, or"
        f" pip install 'throughline[{extra}]'"
    )


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
    def config_note(self) -> Path:
        """The folder of the company's rules that built what is published, if one did."""
        return self.home / "config"

    @property
    def spark_dir(self) -> Path:
        """What is handed to Spark and what Spark writes."""
        return self.home / "spark"

    @property
    def written_dirs(self) -> tuple[Path, ...]:
        """The folders below the home that runs write into."""
        names = (
            *("published", "releases", "logs", "dbt", "spark", "outbox", "preview", "site"),
            *("docs", "served", "reading"),
        )
        return tuple(self.home / name for name in names)

    @property
    def outbox_dir(self) -> Path:
        """What is written for people: messages, packs, work packages."""
        return self.home / "outbox"

    @property
    def packs_dir(self) -> Path:
        """The pages of the meetings: `<day>-<ceremony>.md` and `.html`."""
        return self.outbox_dir / "packs"

    @property
    def site_dir(self) -> Path:
        """The pages over the release that readers see: a link to the newest that was built."""
        return self.home / "site"

    @property
    def docs_dir(self) -> Path:
        """The project's documentation, beside the site: a link to the newest that was built."""
        return self.home / "docs"

    @property
    def served_dir(self) -> Path:
        """What `throughline serve` alone reads and writes while it runs."""
        return self.home / "served"

    @property
    def logs_dir(self) -> Path:
        """What the last runs did, a file each."""
        return self.home / "logs"


def settings_from_environment() -> Settings:
    """The settings that `dagster dev` starts with: THROUGHLINE_EXPORTS and THROUGHLINE_HOME."""
    return Settings(
        exports=parse_exports(os.environ.get("THROUGHLINE_EXPORTS", str(CODE_DIR / "exports"))),
        home=Path(os.environ.get("THROUGHLINE_HOME", CODE_DIR / "warehouse")).resolve(),
        target=os.environ.get("THROUGHLINE_TARGET", "duckdb"),
    )


def config_from_environment() -> Path | None:
    """The folder of a company's own rules, THROUGHLINE_CONFIG; None where there are only ours."""
    named = os.environ.get("THROUGHLINE_CONFIG")
    return Path(named).resolve() if named else None


def memory_from_environment() -> str | None:
    """What DuckDB may hold, THROUGHLINE_MEMORY; None for four fifths of what the process may have.

    Raises:
        UsageError: it is no size, or less than large files need to be read.
    """
    text = os.environ.get("THROUGHLINE_MEMORY", "").strip()
    if not text:
        return None
    size = SIZE.fullmatch(text)
    if not size or float(size[1]) * UNITS[size[2].lower()] < 1:
        raise UsageError(
            f"THROUGHLINE_MEMORY is {text!r}; it is what DuckDB may hold, 1GB or more: 4GB, 2.5GiB"
        )
    return text


def secret(text: str) -> str:
    """What a setting says, or the environment variable that it names: `env:SLACK_WEBHOOK`.

    Raises:
        UsageError: there is no such variable.
    """
    if not text.startswith("env:"):
        return text
    name = text.removeprefix("env:")
    value = os.environ.get(name)
    if not value:
        raise UsageError(f"company.yml names the environment variable {name}, which is not set")
    return value


def token_from_environment() -> str | None:
    """What whoever asks `throughline serve` has to say: no option, as every user can read those."""
    return os.environ.get("THROUGHLINE_TOKEN") or None


def use_config(folder: Path) -> None:
    """Tell this process, and those that it starts, whose rules hold: a process has one company."""
    os.environ["THROUGHLINE_CONFIG"] = str(folder.resolve())


def made_dir() -> Path:
    """Where what is made of the project lies: in a checkout below it, else in the user's cache."""
    if IS_CHECKOUT:
        return CODE_DIR / "target"
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "throughline"


def keep_made(path: Path, text: str) -> None:
    """Leave what one process found for later ones, whole or not at all: several may at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{os.getpid()}")
    written.write_text(text, encoding="utf-8")
    written.replace(path)


def point_dbt_at(settings: Settings) -> None:
    """Tell the dbt that this process starts where the build is; dbt reads its environment only."""
    os.environ["THROUGHLINE_HOME"] = str(settings.home)
