"""What a company says of its files: throughline.yml, for its folder and those below.

A file of hints that cannot be read, or says what it may not, holds back the new files below it and
nothing else: what it would have said may decide how they are read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

HINTS_FILE = "throughline.yml"
HINTS = ("date_order", "decimal_mark", "encoding")
CHOICES = {"date_order": ("dmy", "mdy"), "decimal_mark": (".", ",")}


class HintsError(Exception):
    """A file of hints cannot be used; the message says what is wrong with it."""


def read_hints(path: Path) -> dict[str, str]:
    """What one throughline.yml says.

    Raises:
        HintsError: it cannot be read, or says what it may not.
    """
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise HintsError(f"cannot be read ({' '.join(str(error).split())[:200]})") from error
    if not isinstance(said, dict) or not set(said) <= set(HINTS):
        raise HintsError(f"expected lines of {', '.join(HINTS)}, and nothing else")
    for key, choices in CHOICES.items():
        if key in said and said[key] not in choices:
            expected = " or ".join(map(repr, choices))
            raise HintsError(f"{key} is {said[key]!r}; expected {expected}")
    return {key: str(value) for key, value in said.items()}


def as_text(hints: Mapping[str, str]) -> str:
    """Hints as the ledger keeps them with a file that they were read by."""
    return ", ".join(f"{key}: {value}" for key, value in sorted(hints.items()))


def hints_version(said: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """Changes when any folder's hints do, so that files that needed them are tried again."""
    pairs: list[Any] = sorted({(folder, *sorted(hints.items())) for folder, hints in said if hints})
    return hashlib.sha256(repr(pairs).encode()).hexdigest()[:8] if pairs else ""
