"""Whether a test fails where a figure is wrong: `python -m benchmarks.unit_mutations [-k WORD]`.

Each mutation changes one line of a copy of the project, and only the tests that should notice are
run: a model's unit tests, or one test of Python. Whatever survives needs a test. Unit tests mock
all that a model reads, so that mutations of different models do not meet: they share a round.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
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
    word = parser.parse_args().k
    chosen = [mutation for mutation in listed() if word in repr(mutation)]
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
