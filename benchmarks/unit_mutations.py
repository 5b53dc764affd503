"""Whether a test fails where a figure is wrong: `python -m benchmarks.unit_mutations [-k WORD]`.

Each mutation changes one line of a copy of the project, and only the tests that should notice are
run: a model's unit tests, or one test of Python. Whatever survives needs a test. Unit tests mock
all that a model reads, so that mutations of different models do not meet: they share a round.

Those of unit_mutations.csv were thought of. With --drawn N, N are drawn of each model that has unit
tests, edges first: each turns one comparison, order, sum, join or truth round. Of these some change
nothing that can happen, so that who reads them decides what needs a test.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import PROJECT_DIR

LEFT_OUT = (".*", "target", "warehouse", "sample", "logs", "__pycache__")
# What is drawn turns what it finds into what stands beside it. First what has an edge, of which all
# are taken before any other.
EDGES = (
    (r"(?<![<>])<=", "<"),
    (r"(?<![<>=-])<(?![>=])", "<="),
    (r"(?<![<>])>=", ">"),
    (r"(?<![<>=-])>(?![>=])", ">="),
    (r" \+ ", " - "),
    (r" - ", " + "),
    (r"\bthen 1 else 0\b", "then 0 else 1"),
)
OTHERS = (
    (r"\basc\b", "desc"),
    (r"\bdesc\b", "asc"),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\bleft join\b", "inner join"),
    (r", false\)", ", true)"),
    (r", true\)", ", false)"),
    (r"\bis not null\b", "is null"),
    (r"\bis null\b", "is not null"),
    (r"\band\b", "or"),
    (r"\bor\b", "and"),
    (r"\bunion all\b", "union"),
)
COMMENT = re.compile(r"\{#.*?#\}|\{%.*?%\}|--[^\n]*", re.DOTALL)
# Little to load: what counts is that every relation is there.
EXPORTS = Path("tests", "fixtures", "exports", "microsoft_ads")
AS_OF = "2026-10-01 06:00:00.000000"


@dataclass(frozen=True)
class Mutation:
    """One change, and what must notice it.

    Attributes:
        noticed_by: a model, whose unit tests are run, or a test as pytest names it.
        old: stands once in the file.
        path: the file; None for that of the model.
    """

    noticed_by: str
    old: str
    new: str
    path: str | None = None

    @property
    def is_of_python(self) -> bool:
        """Whether pytest has to notice it."""
        return self.noticed_by.startswith("tests/")

    @property
    def is_shared(self) -> bool:
        """Whether it changes more than one model."""
        return self.path is not None and not self.is_of_python

    def file(self, project: Path) -> Path:
        """The file to change."""
        if self.path:
            return project / self.path
        (found,) = (project / "dbt_project" / "models").rglob(f"{self.noticed_by}.sql")
        return found

    def is_stale(self, project: Path) -> bool:
        """Whether the project is no longer as the mutation takes it to be."""
        return self.file(project).read_text().count(self.old) != 1


def listed() -> list[Mutation]:
    """The mutations of unit_mutations.csv; first those that once survived."""
    with Path(__file__).with_suffix(".csv").open(newline="") as file:
        return [
            Mutation(row["noticed_by"], row["old"], row["new"], row["path"] or None)
            for row in csv.DictReader(file)
        ]


def drawn(models: Path, word: str, how_many: int, seed: int) -> list[Mutation]:
    """Of each model whose path has the word and that has unit tests, up to so many mutations."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    found = []
    for file in sorted(models.rglob("*.sql")):
        if word in str(file.relative_to(models)) and "unit_tests:" in _properties(file):
            edges, others = (_turned(file, swaps) for swaps in (EDGES, OTHERS))
            chance.shuffle(others)
            found += (edges + others)[:how_many]
    return found


def _properties(model: Path) -> str:
    properties = model.with_suffix(".yml")
    return properties.read_text() if properties.exists() else ""


def _turned(model: Path, swaps: Sequence[tuple[str, str]]) -> list[Mutation]:
    """Each place of a model's file that one of the swaps turns, with as many lines about it as tell
    it from any other place."""
    text = model.read_text()
    bare = COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)
    found = []
    for pattern, new in swaps:
        for place in re.finditer(pattern, bare):
            begin, end = text.rfind("\n", 0, place.start()) + 1, text.find("\n", place.end())
            while text.count(text[begin:end]) > 1:
                begin = text.rfind("\n", 0, begin - 1) + 1
            turned = text[begin : place.start()] + new + text[place.end() : end]
            found.append(Mutation(model.stem, text[begin:end], turned))
    return found


def rounds(mutations: Sequence[Mutation]) -> Iterator[list[Mutation]]:
    """Mutations that can be tried together: each model in a round once, what is shared alone."""
    waiting = list(mutations)
    while waiting:
        if waiting[0].is_shared or waiting[0].is_of_python:
            together = [waiting[0]]
        else:
            by_model = {
                mutation.noticed_by: mutation
                for mutation in reversed(waiting)
                if not (mutation.is_shared or mutation.is_of_python)
            }
            together = list(by_model.values())
        yield together
        waiting = [mutation for mutation in waiting if mutation not in together]


def tried(project: Path, mutations: Sequence[Mutation]) -> list[str]:
    """killed, survived, or why it could not be judged, of mutations that are made together."""
    before = {file: file.read_text() for file in {m.file(project) for m in mutations}}
    for mutation in mutations:
        file = mutation.file(project)
        file.write_text(file.read_text().replace(mutation.old, mutation.new))
    try:
        return judged(project, [mutation.noticed_by for mutation in mutations])
    finally:
        for file, text in before.items():
            file.write_text(text)


def judged(project: Path, witnesses: Sequence[str]) -> list[str]:
    """What each test, or each model's unit tests, say of the copy as it is."""
    models = [witness for witness in witnesses if not witness.startswith("tests/")]
    of_models = dict(zip(models, _unit_tests(project, models) if models else [], strict=True))
    return [of_models.get(witness) or _pytest(project, witness) for witness in witnesses]


def _pytest(project: Path, test: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    done = _in(project, command)
    return {0: "survived", 1: "killed"}.get(done.returncode, f"broken: {done.stdout[-500:]}")


def _unit_tests(project: Path, models: Sequence[str]) -> list[str]:
    target = project / "target" / "unit_mutations"
    ran = target / "run_results.json"
    ran.unlink(missing_ok=True)
    done = _in(
        project,
        [
            *(sys.executable, "-m", "dbt.cli.main", "--quiet", "test"),
            *("--select", *(f"{model},test_type:unit" for model in models)),
            *("--target-path", str(target), "--log-path", str(target)),
            *("--vars", json.dumps({"as_of_at": AS_OF})),
        ],
    )
    if not ran.exists():
        return [f"broken: {done.stdout[-500:]}"] * len(models)
    statuses: dict[str, set[str]] = {model: set() for model in models}
    for result in json.loads(ran.read_text())["results"]:
        kind, _, model, *_ = result["unique_id"].split(".")
        if kind == "unit_test":
            statuses[model].add(result["status"])
    return [_verdict(statuses[model]) for model in models]


def _verdict(statuses: set[str]) -> str:
    if not statuses or "error" in statuses:
        return "broken: its tests did not run"
    return "killed" if "fail" in statuses else "survived"


def _in(project: Path, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as the copy's own, not as that of the project that it was copied from."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(project),
        "THROUGHLINE_HOME": str(project / "warehouse"),
    }
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def main() -> None:
    """Try them, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-k", default="", help="only mutations that name this word")
    parser.add_argument("--drawn", type=int, metavar="N", help="draw N of each model instead")
    parser.add_argument("--seed", type=int, default=0, help="of what is drawn")
    options = parser.parse_args()
    if options.drawn:
        models = PROJECT_DIR / "dbt_project" / "models"
        chosen = drawn(models, options.k, options.drawn, options.seed)
    else:
        chosen = [mutation for mutation in listed() if options.k in repr(mutation)]
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        shutil.copytree(PROJECT_DIR, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
        if not all(mutation.is_of_python for mutation in chosen):
            run = ("run", "--exports", str(EXPORTS), "--home", "warehouse", "--as-of", AS_OF)
            # Whether so little is fit to publish does not matter.
            _in(project, [sys.executable, "-m", "pipelines.cli", *run])
        witnesses = sorted({mutation.noticed_by for mutation in chosen})
        unfit = [
            *(
                f"{m.old!r} stands not once in {m.file(project).name}"
                for m in chosen
                if m.is_stale(project)
            ),
            *(
                f"{witness} fails without a mutation: {verdict}"
                for witness, verdict in zip(witnesses, judged(project, witnesses), strict=True)
                if verdict != "survived"
            ),
        ]
        if unfit:
            sys.exit("\n".join(unfit))
        for together in rounds(chosen):
            started = time.monotonic()
            for mutation, verdict in zip(together, tried(project, together), strict=True):
                tally[verdict.split(":")[0]] += 1
                change = f"{mutation.old.strip()!r} -> {mutation.new.strip()!r}"
                print(f"{verdict:9} {mutation.noticed_by}: {change}")
            print(f"          {time.monotonic() - started:.1f} s", flush=True)
    print(f"figure unit_mutations_tried = {sum(tally.values())}")
    print(f"figure unit_mutations_survived = {sum(tally.values()) - tally['killed']}")
    sys.exit(tally["killed"] != sum(tally.values()))


if __name__ == "__main__":
    main()
