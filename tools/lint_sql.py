"""sqlfluff over the SQL that changed since all of it last passed; with `--all` over all of it.

    make lint
    make lint-all

sqlfluff judges each file by itself and takes five minutes of a processor for all of them. The
commit at which all passed stands in .ci/linted: `make lint-all` writes it, which wants nothing
uncommitted. Where git does not know that commit, or what decides sqlfluff's verdict has changed
since, everything is judged. Exit 0 where all holds, 1 where something does not, 2 where nothing
could be tried.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
LINTED = Path(".ci") / "linted"
# What every verdict hangs on.
BEHIND_ALL = (".sqlfluff", "uv.lock", "tools/sqlfluff_library")
# What dbt fills, and what str.format does.
SQL = (
    (("dbt_project/models", "dbt_project/tests"), ()),
    (("pipelines",), ("--templater", "python")),
)


def main(options: Sequence[str]) -> int:
    """Judge what is to be judged, and remember it if that was everything and it passed."""
    is_all = "--all" in options
    if is_all and git(PROJECT_DIR, "status", "--porcelain") != []:
        print("make lint-all: commit your changes first, so that the commit is what was judged")
        return 2
    code = 0
    for folders, how in SQL:
        paths = folders if is_all else to_judge(PROJECT_DIR, folders)
        print(f"sqlfluff: {', '.join(paths) or 'nothing changed'} of {', '.join(folders)}")
        if paths:
            command = [str(Path(sys.executable).with_name("sqlfluff")), "lint", *how, *paths]
            command += ["--processes", "2", "--disable-progress-bar"]
            code |= subprocess.run(command, cwd=PROJECT_DIR, check=False).returncode
    if is_all and not code:
        (commit,) = git(PROJECT_DIR, "rev-parse", "HEAD") or [""]
        (PROJECT_DIR / LINTED).write_text(f"{commit}\n", encoding="utf-8")
    return min(code, 1)


def to_judge(root: Path, folders: Sequence[str]) -> Sequence[str]:
    """The files of these folders that are not as they were when all passed; or the folders."""
    commit = (root / LINTED).read_text(encoding="utf-8").strip()
    # As they lie here, committed or not.
    since = ("diff", "--name-only", "--no-renames", "--diff-filter=d", commit, "--")
    changed, behind = (git(root, *since, *paths) for paths in (folders, BEHIND_ALL))
    unknown = git(root, "ls-files", "--others", "--exclude-standard", "--", *folders, *BEHIND_ALL)
    if changed is None or unknown is None or behind != []:
        return folders
    if any(path.startswith(BEHIND_ALL) for path in unknown):
        return folders
    return sorted(path for path in {*changed, *unknown} if path.endswith(".sql"))


def git(root: Path, *arguments: str) -> list[str] | None:
    """The lines that git answers; None where it cannot."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],  # noqa: S607 - whichever there is
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return None if done.returncode else done.stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
