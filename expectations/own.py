"""A company's own checks of marts: what each file of its `expectations/` calls CHECKS."""

from __future__ import annotations

import runpy
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from expectations.checks import DIMENSIONS, SEVERITIES, Check
from pipelines.project import project, said_by
from pipelines.settings import UsageError
from pipelines.strict import one_of


def own_checks() -> Mapping[str, tuple[Check, ...]]:
    """The checks of every file, by the mart that they judge; none where a company has none.

    Raises:
        UsageError: a file does not run, or says something that is no list of checks.
    """
    found: dict[str, tuple[Check, ...]] = defaultdict(tuple)
    for path in sorted(project().own_expectations.glob("*.py")):
        for mart, checks in _checks_in(path).items():
            found[mart] += tuple(checks)
    return found


def _checks_in(path: Path) -> Mapping[str, list[Check]]:
    try:
        checks = runpy.run_path(str(path)).get("CHECKS")
    except Exception as error:
        raise UsageError(f"{said_by(path)}: {type(error).__name__}: {error}") from error
    if not isinstance(checks, dict) or not all(
        isinstance(listed, list) and all(isinstance(check, Check) for check in listed)
        for listed in checks.values()
    ):
        raise UsageError(
            f"{said_by(path)}: expected CHECKS, lists of checks by mart, as in"
            ' CHECKS = {"attribution.fct_touches": [EachRow(…)]}'
        )
    for check in (check for listed in checks.values() for check in listed):
        for name, words in (("severity", SEVERITIES), ("dimension", DIMENSIONS)):
            said = getattr(check, name)
            if said not in words:
                raise UsageError(
                    f"{said_by(path)}: {check.name} has {name} {said!r}, expected"
                    f" {one_of(said, words)}"
                )
    return checks
