"""Small exports that once gave a wrong figure, a lost file or a refused run, with the right answer.

tests/cases/<case>/exports holds what is delivered (exports/1 and exports/2: one after the other),
expect.sql the questions: `-- on:` the release or the build file, `-- right:` a line a row. All
cases are delivered together, since they do not meet; one with `-- home: own` by itself.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.conftest import throughline

CASES = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True)
class Question:
    """What is asked of a case, and the right answer."""

    case: str
    number: int
    on: str
    right: list[str]
    sql: str

    @property
    def is_alone(self) -> bool:
        """Whether its case has a home to itself."""
        return "\n-- home: own" in f"\n{(CASES / self.case / 'expect.sql').read_text()}"


def questions() -> Iterator[Question]:
    for path in sorted(CASES.glob("*/expect.sql")):
        for number, part in enumerate(path.read_text().split("-- on: ")[1:], start=1):
            on, *lines = part.splitlines()
            right = [x.removeprefix("-- right: ") for x in lines if x.startswith("-- right: ")]
            sql = "\n".join(line for line in lines if not line.startswith("--"))
            yield Question(path.parent.name, number, on.strip(), right, sql)


QUESTIONS = list(questions())


def deliver(case: str, exports: Path, number: int) -> None:
    """What comes of a case at once: everything, or one of its deliveries."""
    delivered = CASES / case / "exports"
    if (delivered / "1").exists():
        delivered = delivered / str(number)
    elif number > 1:
        return
    if delivered.exists():
        shutil.copytree(delivered, exports / case / f"delivery-{number}")


def run(folder: Path) -> None:
    """Nobody has said anything of these companies."""
    places = ("--exports", folder / "exports", "--home", folder / "home")
    throughline("run", *places, as_shipped=True)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all cases that do not meet."""
    folder = tmp_path_factory.mktemp("cases")
    for number in (1, 2):
        for case in {question.case for question in QUESTIONS if not question.is_alone}:
            deliver(case, folder / "exports", number)
        throughline(
            "run", "--exports", folder / "exports", "--home", folder / "home", as_shipped=True
        )
    return folder / "home"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home for each of the others."""
    homes = {}
    for case in sorted({question.case for question in QUESTIONS if question.is_alone}):
        folder = tmp_path_factory.mktemp(case)
        deliver(case, folder / "exports", 1)
        throughline(
            "run", "--exports", folder / "exports", "--home", folder / "home", as_shipped=True
        )
        homes[case] = folder / "home"
    return homes


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.case}-{q.number}")
def test_case(question: Question, together: Path, alone: dict[str, Path]) -> None:
    home = alone.get(question.case, together)
    file = {
        "release": home / "published" / "marketing.duckdb",
        "build": home / "build.duckdb",
    }[question.on]
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(question.sql).fetchall()
    assert ["|".join(map(shown, row)) for row in rows] == question.right


def shown(value: object) -> str:
    """A value as the answers write it."""
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, bool) else str(value)
