"""The project as this process builds it: ours, with a company's own rules laid over it.

A company's rules are a folder (`throughline init DIR`), ours are replaced by an upgrade; neither is
ever written to. Where there is such a folder, a project is put together of both: links to the files
of either, and what is made of the two of them, which are the vars and the seeds.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import shutil
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.company import SETTINGS_FILE, Company, merged_seed, read_company, with_settings
from pipelines.settings import (
    IS_CHECKOUT,
    PROJECT_DIR,
    UsageError,
    config_from_environment,
    made_dir,
)
from pipelines.strict import one_of

# What dbt, the loader and the fingerprints read of the project.
SHIPPED = ("dbt_project.yml", "profiles.yml", "dbt_project", "seeds", "pipelines/contracts")
LOCK_FILE = "uv.lock"
# The folders of a company's rules, and where in the project they come to lie.
PLACES: Mapping[str, str] = {
    "contracts": "pipelines/contracts",
    "models": "dbt_project/models",
    "macros": "dbt_project/macros",
    "tests": "dbt_project/tests",
    "seeds": "seeds",
    "expectations": "company/expectations",
}
STAMP = "stamp"
LOCK = "lock"


@dataclass(frozen=True)
class Project:
    """A project that can be built.

    Attributes:
        root: where dbt_project.yml lies.
        made: where what dbt and the line make of it is kept.
        company: whose rules are laid over ours; None for ours alone.
    """

    root: Path
    made: Path
    company: Company | None = None

    @property
    def contracts(self) -> Path:
        """The folder of the contracts, one a source."""
        return self.root / "pipelines" / "contracts"

    @property
    def models(self) -> Path:
        """The folder of the models, one a layer."""
        return self.root / "dbt_project" / "models"

    @property
    def staging(self) -> Path:
        """The folder of the staging models, one a source."""
        return self.models / "staging"

    @property
    def macros(self) -> Path:
        """The folder of the macros."""
        return self.root / "dbt_project" / "macros"

    @property
    def seeds(self) -> Path:
        """The folder of the seeds, one a subject."""
        return self.root / "seeds"

    def seed_rows(self, subject: str, name: str) -> list[dict[str, str]]:
        """The rows of a seed, a company's own among them; an empty cell is an empty text."""
        with (self.seeds / subject / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    @property
    def own_expectations(self) -> Path:
        """The folder of the company's own checks; it need not be there."""
        return self.root / PLACES["expectations"]

    @property
    def new_contracts(self) -> Path:
        """Where a drafted contract belongs: never among ours, if somebody has a folder.

        Raises:
            UsageError: nobody has, and ours are an installed package, which an upgrade replaces.
        """
        if not self.company and not IS_CHECKOUT:
            raise UsageError(
                "a contract of yours belongs into your own folder: name it with --config, or write"
                " one with `throughline init DIR`"
            )
        return self.company.folder / "contracts" if self.company else self.contracts

    def to_write(self, path: Path) -> Path:
        """Where a person would write what is to stand at a path of the project."""
        if self.company:
            for name, place in PLACES.items():
                if path.is_relative_to(self.root / place):
                    return self.company.folder / name / path.relative_to(self.root / place)
        return path


@cache
def project() -> Project:
    """The project of this process.

    Raises:
        UsageError: the company's folder is missing, or something in it cannot be used.
    """
    folder = config_from_environment()
    if folder is None:
        return Project(PROJECT_DIR, made_dir() / "line")
    company = read_company(folder)
    name = hashlib.sha256(f"{PROJECT_DIR}|{folder}".encode()).hexdigest()[:12]
    made = made_dir() / "companies" / name
    return Project(_assembled(company, made), made / "line", company)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Held by one process: two that start together must not make what lies in a folder together."""
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def said_by(path: Path) -> Path:
    """The file that a person wrote, of one that the project has a link to."""
    return path.resolve()


def _assembled(company: Company, folder: Path) -> Path:
    """The folder of the project put together, made anew only if a file of either has changed."""
    files = dict(_shipped())
    own = dict(_own(company))
    stamp = _stamp(files, own, company)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be made ({error.strerror}): what is made of {company.folder} is kept"
            f" there; {'give this user the right to it' if IS_CHECKOUT else 'set XDG_CACHE_HOME'}"
        ) from error
    root = folder / "project"
    with one_at_a_time(folder):
        if (root / STAMP).exists() and (root / STAMP).read_text() == stamp:
            return root
        new = folder / "project.new"
        shutil.rmtree(new, ignore_errors=True)
        _put_together(company, files, own, new)
        _move_over(new, root)
        (root / STAMP).write_text(stamp)
    return root


def _move_over(new: Path, root: Path) -> None:
    """Bring a folder up to date file by file: a run that is under way misses none meanwhile."""
    root.mkdir(exist_ok=True)
    (root / STAMP).unlink(missing_ok=True)
    wanted = {path.relative_to(new) for path in new.rglob("*") if not path.is_dir()}
    for place in wanted:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (new / place).replace(root / place)
    for path in list(root.rglob("*")):
        if not path.is_dir() and path.relative_to(root) not in wanted:
            path.unlink()
    shutil.rmtree(new)


def _put_together(
    company: Company, files: Mapping[str, Path], own: Mapping[str, Path], root: Path
) -> None:
    seeds = {Path(place).stem: place for place in files if place.endswith(".csv")}
    for slip in _unknown(company, {*seeds}, {*files, *own}):
        raise UsageError(slip)
    texts = {"dbt_project.yml": with_settings(files["dbt_project.yml"], company)}
    links = dict(files)
    for place, path in own.items():
        shipped = seeds.get(path.stem) if place.startswith("seeds/") else None
        if shipped and path.suffix == ".csv":
            texts[shipped] = merged_seed(files[shipped], path, company)
        else:
            links[place] = path
    for place, path in links.items():
        if place not in texts:
            (root / place).parent.mkdir(parents=True, exist_ok=True)
            (root / place).symlink_to(path)
    for place, text in texts.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text, encoding="utf-8")
    if any(place.startswith("pipelines/contracts/") for place in own):
        _describe_sources(root)


def _unknown(company: Company, seeds: Set[str], places: Set[str]) -> Iterator[str]:
    """What the company names, and nobody has."""
    said_in = company.settings_path
    for name in company.replaced_seeds:
        if name not in seeds:
            yield f"{said_in}: replace_seeds: no such seed, expected {one_of(name, seeds)}"
    contracts = Path(PLACES["contracts"])
    known = {
        Path(place).parent.name for place in places if Path(place).is_relative_to(contracts)
    } - {contracts.name}
    for source in company.sources:
        if source not in known:
            yield f"{said_in}: sources.{source}: no such source, expected {one_of(source, known)}"
    models = {Path(place).stem for place in places if place.startswith(PLACES["models"])}
    for union, own in company.own_models.items():
        for model in (union, *own):
            if model not in models:
                yield f"{said_in}: own_models: there is no model {model}"
    for path in sorted((company.folder / "seeds").rglob("*.csv")):
        if path.stem not in seeds and not path.with_suffix(".yml").is_file():
            yield (
                f"{path}: no seed of ours is called so, expected {one_of(path.stem, seeds)};"
                f" for a seed of your own describe it in {path.stem}.yml beside it"
            )


def _describe_sources(root: Path) -> None:
    """Tell dbt of the streams that the company's contracts add."""
    from pipelines.ingest.contract import (  # noqa: PLC0415 - seldom needed
        ContractError,
        load_contracts,
    )
    from pipelines.ingest.document import stale_sources  # noqa: PLC0415

    put_together = Project(root, root)
    try:
        contracts = load_contracts(put_together.contracts)
    except ContractError:
        # Whoever reads contracts says so; `contract check` says it of all of them.
        return
    for path, text in stale_sources(contracts, put_together.staging).items():
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _shipped() -> Iterator[tuple[str, Path]]:
    for part in SHIPPED:
        # The contracts lie in the package wherever that is.
        path = PROJECT_DIR / part
        for file in _files(path):
            yield file.relative_to(PROJECT_DIR).as_posix(), file
    yield LOCK_FILE, PROJECT_DIR / LOCK_FILE


def _own(company: Company) -> Iterator[tuple[str, Path]]:
    for name, place in PLACES.items():
        for file in _files(company.folder / name):
            yield f"{place}/{file.relative_to(company.folder / name).as_posix()}", file


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and file.suffix != ".pyc" and not file.name.startswith(".")
    )


def _stamp(files: Mapping[str, Path], own: Mapping[str, Path], company: Company) -> str:
    digest = hashlib.sha256()
    for place, path in (
        *files.items(),
        *own.items(),
        (SETTINGS_FILE, company.folder / SETTINGS_FILE),
        # How it is put together, too.
        *((path.name, path) for path in (Path(__file__), Path(__file__).with_name("company.py"))),
    ):
        about = path.stat()
        digest.update(f"{place}|{path}|{about.st_mtime_ns}|{about.st_size}\n".encode())
    return digest.hexdigest()
