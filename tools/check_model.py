"""A verdict on one model: its lint, its unit tests, its build and its data tests.

    make model M=fct_touches

It builds beside the warehouse that `make run` filled, in a copy, so that what the model reads is
there and nobody's figures change. dbt reads what changed of the project since the last time; the
first time, all of it. What holds between models (layers, descriptions, measures) is tests/project's
to say. Exit 0 where all holds, 1 where something does not, 2 where nothing could be
tried.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
WAREHOUSE = PROJECT_DIR / "warehouse" / "build.duckdb"
# Neither the line's nor dbt's own: both are written as another command sees the project.
FOLDER = PROJECT_DIR / "target" / "model"


def main(name: str) -> int:
    """Check the model called `name`."""
    paths = list((PROJECT_DIR / "dbt_project" / "models").rglob(f"{name}.sql"))
    if not name or not paths:
        return _unusable(f"there is no model {name!r}; write for example make model M=fct_touches")
    if not WAREHOUSE.exists():
        return _unusable(f"there is no {WAREHOUSE.relative_to(PROJECT_DIR)}; run make run once")
    lint = subprocess.Popen(
        [_tool("sqlfluff"), "lint", "--disable-progress-bar", "--nocolor", *paths],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if not (FOLDER / "partial_parse.msgpack").exists():
        print(
            "the first time dbt reads the whole project, which takes it half a minute", flush=True
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(WAREHOUSE, FOLDER / WAREHOUSE.name)
    built = subprocess.run(
        [
            *(_tool("dbt"), "--no-use-colors", "--log-level-file", "none", "--no-write-json"),
            *("build", "--select", name, "--target", "duckdb", "--target-path", FOLDER),
        ],
        cwd=PROJECT_DIR,
        env={**os.environ, "THROUGHLINE_HOME": str(FOLDER)},
        check=False,
    )
    found = lint.communicate()[0]
    print(f"\nlint of {paths[0].relative_to(PROJECT_DIR)} and its .yml\n{found}", flush=True)
    described = subprocess.run(
        [_tool("yamllint"), "--strict", paths[0].with_suffix(".yml")], cwd=PROJECT_DIR, check=False
    )
    verdicts = {
        "lint": lint.returncode or described.returncode,
        "tests and build": built.returncode,
    }
    bad = [what for what, code in verdicts.items() if code]
    print(f"{name}: {' and '.join(bad)} failed" if bad else f"{name}: all holds")
    return 1 if bad else 0


def _unusable(message: str) -> int:
    print(f"make model: {message}", file=sys.stderr)
    return 2


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
