"""What `make lint` leaves to the last `make lint-all`: what is as it was when all of it passed."""

import subprocess
from pathlib import Path

import pytest

from tools.lint_sql import LINTED, to_judge

MODELS = ("models",)


def git(root: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com")
    done = subprocess.run(
        ["git", "-C", str(root), *who, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of which everything has passed."""
    git(tmp_path, "init", "--quiet")
    for name in ("models/a.sql", "models/b.sql", "models/c.sql", "models/a.yml", ".sqlfluff"):
        write(tmp_path, name, "old")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "All passed")
    write(tmp_path, LINTED.as_posix(), f"{git(tmp_path, 'rev-parse', 'HEAD')}\n")
    return tmp_path


def test_what_changed_is_judged_committed_or_not(root: Path) -> None:
    assert to_judge(root, MODELS) == []
    write(root, "models/a.sql", "new")
    write(root, "models/a.yml", "new")
    (root / "models/c.sql").unlink()
    git(root, "commit", "--quiet", "--all", "--message", "A")
    write(root, "models/b.sql", "new")
    write(root, "models/new.sql", "new")
    assert to_judge(root, MODELS) == ["models/a.sql", "models/b.sql", "models/new.sql"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".sqlfluff", "other rules"),
        ("uv.lock", "another sqlfluff"),
        ("tools/sqlfluff_library/ref.py", "another macro"),
        (LINTED.as_posix(), f"{'0' * 40}\n"),
    ],
)
def test_all_is_judged_where_nobody_knows_better(root: Path, name: str, text: str) -> None:
    write(root, name, text)
    assert to_judge(root, MODELS) == MODELS


def test_all_is_judged_without_git(tmp_path: Path) -> None:
    write(tmp_path, LINTED.as_posix(), f"{'0' * 40}\n")
    assert to_judge(tmp_path, MODELS) == MODELS
