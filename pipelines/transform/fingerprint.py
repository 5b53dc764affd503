"""One short text that changes whenever the rules do: models, seeds, contracts, checks, code.

A run whose inputs, as-of and fingerprint are those of the published release has nothing to do.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pipelines.settings import PROJECT_DIR

RULES = ("dbt_project.yml", "profiles.yml", "dbt_project", "seeds", "expectations", "pipelines")
# The contracts among them: staging views read the columns that they name.
DBT_INPUTS = ("dbt_project.yml", "profiles.yml", "dbt_project", "seeds", "pipelines/contracts")
SUFFIXES = {".sql", ".yml", ".csv", ".py", ".md"}


def rules_fingerprint() -> str:
    """sha256 (16 hex digits) over every file that decides a figure."""
    return _fingerprint(RULES)


def dbt_fingerprint() -> str:
    """sha256 (16 hex digits) over what dbt parses and its sources are made from."""
    return _fingerprint(DBT_INPUTS)


def _fingerprint(parts: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in _files(parts):
        digest.update(path.relative_to(PROJECT_DIR).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(parts: tuple[str, ...]) -> Iterator[Path]:
    for part in parts:
        path = PROJECT_DIR / part
        if path.is_file():
            yield path
        else:
            yield from sorted(
                file for file in path.rglob("*") if file.is_file() and file.suffix in SUFFIXES
            )
