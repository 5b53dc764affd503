"""The rules' fingerprint: what decides a figure changes it, and nothing else does."""

import ast
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_DIR
from pipelines.transform import fingerprint
from pipelines.transform.fingerprint import (
    CODE_RULES,
    PROJECT_RULES,
    dbt_fingerprint,
    parse_fingerprint,
    rules_fingerprint,
    solver_fingerprint,
)

# What rules import and is none: where things are, who runs, what was published before.
NO_RULES = {
    *("pipelines/settings.py", "pipelines/runs.py", "pipelines/publish/release.py"),
    *("pipelines/compiled.py", "pipelines/publish/describe.py"),
    *("pipelines/transform/fingerprint.py", "pipelines/transform/manifest.py"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all that either fingerprint can look at."""
    folder = tmp_path_factory.mktemp("project")
    parts = (*PROJECT_RULES, *CODE_RULES, "pipelines/transform", "pipelines/progress.py")
    for part in (*parts, "pipelines/defs"):
        if not (PROJECT_DIR / part).exists():
            # A company's own checks: we ship none.
            continue
        copy = folder / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT_DIR / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(PROJECT_DIR / part, copy, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(PROJECT_DIR / part, copy)
    return folder


def changed(
    project: Path, name: str, old: str, new: str, told: Sequence[Callable[[Path, Path], str]]
) -> tuple[bool, ...]:
    """Whether each of these fingerprints changes with this text of a file."""
    before = [tell(project, project) for tell in told]
    path = project / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        after = [tell(project, project) for tell in told]
    finally:
        path.write_text(text, encoding="utf-8")
    return tuple(one != other for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pipelines/progress.py", "import logging", "# A comment.\nimport logging"),
        ("pipelines/progress.py", "LOG_FORMAT = ", "ANOTHER_FORMAT = "),
        ("pipelines/defs/resources.py", "import dagster as dg", "import dagster"),
        ("pipelines/ingest/draft/shapes.py", "NULL_MARKERS = (", 'NULL_MARKERS = ("nix",'),
        ("pipelines/attribution/hazard.py", '"""data_driven:', '"""By data:'),
        ("pipelines/attribution/hazard.py", "import numpy as np", "import numpy as np  # fast"),
        ("pipelines/attribution/hazard.py", "import numpy as np", "\nimport numpy as np"),
    ],
)
def test_what_decides_no_figure_changes_nothing(
    project: Path, name: str, old: str, new: str
) -> None:
    told = (rules_fingerprint, dbt_fingerprint, parse_fingerprint)
    assert changed(project, name, old, new, told) == (False, False, False)


@pytest.mark.parametrize(
    ("name", "old", "new", "is_dbts", "is_parsed"),
    [
        ("seeds/attribution/attribution_models.csv", "touch,1", "touch,3", True, False),
        ("seeds/attribution/attribution_models.yml", "rule: string", "rule: text", True, True),
        ("dbt_project/macros/surrogate_key.sql", "'|'", "'/'", True, True),
        ("dbt_project.yml", "lookback_days: 90", "lookback_days: 91", True, True),
        ("pipelines/contracts/hubspot/deals.yml", "required: true", "required: no", True, False),
        ("pipelines/attribution/hazard.py", "MOST_STEPS = 100", "MOST_STEPS = 101", False, False),
        ("pipelines/ingest/parts/workbook.py", "1899, 12, 30", "1899, 12, 31", False, False),
        ("pipelines/sql.py", "microseconds", "milliseconds", False, False),
        ("expectations/checks.py", 'CRITICAL = "critical"', 'CRITICAL = "fatal"', False, False),
        ("uv.lock", "[[package]]", "[[packages]]", True, True),
    ],
)
def test_what_decides_a_figure_changes_the_rules(
    project: Path, name: str, old: str, new: str, is_dbts: bool, is_parsed: bool
) -> None:
    told = (rules_fingerprint, dbt_fingerprint, parse_fingerprint)
    assert changed(project, name, old, new, told) == (True, is_dbts, is_parsed)


@pytest.mark.parametrize(
    ("name", "old", "new", "is_solvers"),
    [
        ("pipelines/attribution/hazard.py", "MOST_STEPS = 100", "MOST_STEPS = 101", True),
        ("uv.lock", "[[package]]", "[[packages]]", True),
        ("pipelines/attribution/hazard.py", '"""data_driven:', '"""By data:', False),
        ("seeds/operations/sla_policy.csv", "creative", "creatives", False),
    ],
)
def test_what_solves_attribution_is_told_by_itself(
    project: Path, name: str, old: str, new: str, is_solvers: bool
) -> None:
    assert changed(project, name, old, new, [solver_fingerprint]) == (is_solvers,)


def test_what_a_text_says_to_people_is_no_rule(project: Path) -> None:
    told = (rules_fingerprint, dbt_fingerprint)
    of_contracts = ("pipelines/contracts/README.md", "contract", "treaty")
    assert changed(project, *of_contracts, told) == (False, True)


def test_what_is_kept_of_modules_is_of_their_bytes_and_can_be_lost(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> str:
        """What a process finds that begins now."""
        fingerprint._meanings.cache_clear()
        return rules_fingerprint(project, project)

    monkeypatch.setattr(fingerprint, "made_dir", lambda: tmp_path)
    rules, kept = told(), tmp_path / fingerprint.MEANINGS
    written = kept.stat().st_mtime_ns
    assert told() == rules
    assert kept.stat().st_mtime_ns == written, "nothing was new"
    before = ("pipelines/attribution/hazard.py", "MOST_STEPS = 100", "MOST_STEPS = 101")
    assert changed(project, *before, [lambda *_: told()]) == (True,)
    kept.write_text('{"cut off')
    assert told() == rules
    kept.unlink()
    monkeypatch.setattr(fingerprint, "made_dir", lambda: Path("/dev/null"))
    assert told() == rules
    fingerprint._meanings.cache_clear()


@pytest.mark.parametrize("told", [rules_fingerprint, dbt_fingerprint, parse_fingerprint])
def test_a_file_more_or_less_is_another_set_of_rules(
    project: Path, told: Callable[[Path, Path], str]
) -> None:
    before = told(project, project)
    new = project / "seeds" / "attribution" / "brand_new.csv"
    new.write_text("a\n1\n")
    assert told(project, project) != before
    new.unlink()
    assert told(project, project) == before


def imported(path: Path) -> Iterator[str]:
    """The files of pipelines that a module imports from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipelines"):
            module = PROJECT_DIR / (node.module or "").replace(".", "/")
            for found in (module.with_suffix(".py"), module / "__init__.py"):
                if found.exists():
                    yield found.relative_to(PROJECT_DIR).as_posix()


def test_what_a_rule_imports_is_a_rule() -> None:
    modules = [
        file
        for part in map(PROJECT_DIR.joinpath, CODE_RULES)
        for file in (part.rglob("*.py") if part.is_dir() else [part])
        if file.suffix == ".py"
    ]
    unknown = {
        name
        for module in modules
        for name in imported(module)
        if name not in NO_RULES and not name.startswith(CODE_RULES)
    }
    assert unknown == set()
