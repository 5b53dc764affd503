"""Small exports that once gave a wrong figure, a lost file or a refused run, with the right answer.

tests/cases/<case>/exports holds what is delivered (exports/1 and exports/2: one after the other),
expect.sql the questions: `-- on:` the release or the build file, `-- right:` a line a row. All
cases are delivered together, since they do not meet; one with `-- home: own` is not.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.conftest import throughline

CASES = Path(__file__).parents[1] / "cases"
# Of those that are not delivered with the others, which go into the home of one that they do not
# meet: another platform, or the same one by itself.
COMPANIONS = {
    "linkedin-carousel-cards": "letters-in-money-meta",
    "unused-vendor-confidence": "named-days-in-the-audit",
}


@dataclass(frozen=True)
class Question:
    """What is asked of a case, and the right answer."""

    case: str
    number: int
    on: str
    right: list[str]
    sql: str

    @property
    def home(self) -> str:
        """The home that its case is delivered to."""
        is_own = "\n-- home: own" in f"\n{(CASES / self.case / 'expect.sql').read_text()}"
        return COMPANIONS.get(self.case, self.case) if is_own else "together"


def questions() -> Iterator[Question]:
    for path in sorted(CASES.glob("*/expect.sql")):
        for number, part in enumerate(path.read_text().split("-- on: ")[1:], start=1):
            on, *lines = part.splitlines()
            right = [x.removeprefix("-- right: ") for x in lines if x.startswith("-- right: ")]
            sql = "\n".join(line for line in lines if not line.startswith("--"))
            yield Question(path.parent.name, number, on.strip(), right, sql)


QUESTIONS = list(questions())


def deliveries(case: str) -> int:
    """How many there are of a case, one after the other."""
    return 2 if (CASES / case / "exports" / "2").exists() else 1


def deliver(case: str, exports: Path, number: int) -> None:
    """What comes of a case at once: everything, or one of its deliveries."""
    delivered = CASES / case / "exports"
    if (delivered / "1").exists():
        delivered = delivered / str(number)
    elif number > 1:
        return
    if delivered.exists():
        shutil.copytree(delivered, exports / case / f"delivery-{number}")


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each home, after all that is delivered to it. Nobody has said anything of these companies."""
    made = {}
    for name in sorted({question.home for question in QUESTIONS}):
        folder = tmp_path_factory.mktemp(name)
        cases = sorted({question.case for question in QUESTIONS if question.home == name})
        for number in range(1, max(map(deliveries, cases)) + 1):
            for case in cases:
                deliver(case, folder / "exports", number)
            places = ("--exports", folder / "exports", "--home", folder / "home")
            throughline("run", *places, as_shipped=True)
        made[name] = folder / "home"
    return made


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.case}-{q.number}")
def test_case(question: Question, homes: dict[str, Path]) -> None:
    home = homes[question.home]
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
