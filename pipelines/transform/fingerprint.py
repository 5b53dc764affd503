"""Short texts that change whenever the rules do, or what dbt makes of them.

A run whose inputs, as-of and rules are those of the published release has nothing to do, and a
release by other rules owes its restatements to them: what is listed here decides figures, what is
not listed decides none.
"""

import ast
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.project import LOCK_FILE, PLACES, SHIPPED, project
from pipelines.settings import CODE_DIR, keep_made, made_dir

# dbt's project, the rules that people edit, the streams and a company's own checks; the libraries.
PROJECT_RULES = (*SHIPPED, LOCK_FILE, PLACES["expectations"])
# The code that computes what a release holds, and the checks (confidence is made of their results).
CODE_RULES = (
    *("pipelines/ingest", "pipelines/attribution", "pipelines/scoring"),
    *("pipelines/sql.py", "pipelines/personal.py", "pipelines/strict.py"),
    *("pipelines/company.py", "pipelines/project.py"),
    *(
        f"pipelines/transform/{name}.py"
        for name in (
            *("build", "prepared", "recipes", "replay", "contents", "project"),
            *("readings", "rendering"),
        )
    ),
    *("pipelines/publish/build.py", "pipelines/publish/content.py"),
    *("pipelines/publish/evaluations.py", "expectations"),
)
# Of it what solves attribution; what that reads, and the vars, are told of themselves.
SOLVER_RULES = ("pipelines/attribution",)
# Of these folders: what helps people to write contracts. A slash ends each, file or folder.
NO_RULES = (
    "pipelines/ingest/draft/",
    "pipelines/ingest/document.py/",
    "pipelines/ingest/validate.py/",
)
RULE_SUFFIXES = (".sql", ".yml", ".csv", ".py")
# The contracts among them: staging views read the columns that they name. And what is kept of a
# version must go with the code that keeps it, and with dbt.
PROJECT_DBT_INPUTS = (*SHIPPED, LOCK_FILE)
CODE_DBT_INPUTS = ("pipelines/transform",)
# Of them what dbt has read before it builds anything: of seeds no row, and no contract.
PROJECT_PARSED = tuple(part for part in PROJECT_DBT_INPUTS if part != PLACES["contracts"])
# Of them what is behind every statement.
PROJECT_MAKING = ("profiles.yml", LOCK_FILE)
DBT_SUFFIXES = (".sql", ".yml", ".csv", ".md", ".py")
# What is kept of modules: a hundred of one version of the code.
MEANINGS = "meanings.json"
MOST_MEANINGS = 2_000


def rules_fingerprint(root: Path | None = None, code: Path = CODE_DIR) -> str:
    """sha256 (16 hex digits) over every file that decides a figure; Python by what it means.

    Args:
        root: of the project that is built; this process's, if left out.
        code: the folder of the packages.
    """
    return _by_meaning(root, PROJECT_RULES, code, CODE_RULES)


def solver_fingerprint(root: Path | None = None, code: Path = CODE_DIR) -> str:
    """sha256 (16 hex digits) over what solves attribution, by what it means, and the libraries."""
    return _by_meaning(root, (LOCK_FILE,), code, SOLVER_RULES)


def dbt_fingerprint(root: Path | None = None, code: Path = CODE_DIR) -> str:
    """sha256 (16 hex digits) over what dbt makes, its sources are made from and is kept of it."""
    return _by_bytes(root, PROJECT_DBT_INPUTS, code)


def parse_fingerprint(root: Path | None = None, code: Path = CODE_DIR) -> str:
    """sha256 (16 hex digits) over what dbt reads of the project before it builds anything."""
    return _by_bytes(root, PROJECT_PARSED, code, by_name=(".csv",))


def making_fingerprint(root: Path | None = None, code: Path = CODE_DIR) -> str:
    """sha256 (16 hex digits) over how dbt makes what it makes, whatever that is."""
    return _by_bytes(root, PROJECT_MAKING, code)


def _by_bytes(
    root: Path | None, project_parts: tuple[str, ...], code: Path, by_name: tuple[str, ...] = ()
) -> str:
    """Of files with one of the suffixes `by_name`, that they are there."""
    digest = hashlib.sha256()
    for folder, parts in ((root or project().root, project_parts), (code, CODE_DBT_INPUTS)):
        for name in _files(folder, parts, DBT_SUFFIXES):
            _add(digest, name, _told(b"" if name.endswith(by_name) else _content(folder, name)))
    return digest.hexdigest()[:16]


def _by_meaning(
    root: Path | None, project_parts: tuple[str, ...], code: Path, code_parts: tuple[str, ...]
) -> str:
    digest = hashlib.sha256()
    known = len(_meanings())
    for folder, parts in ((root or project().root, project_parts), (code, code_parts)):
        for name in _files(folder, parts, RULE_SUFFIXES):
            if not f"{name}/".startswith(NO_RULES):
                content = _content(folder, name)
                _add(digest, name, _meaning(content) if name.endswith(".py") else _told(content))
    if len(_meanings()) > known:
        _keep_meanings()
    return digest.hexdigest()[:16]


def _content(folder: Path, name: str) -> bytes:
    with open(f"{folder}/{name}", "rb") as file:  # noqa: PTH123 - of a thousand files it counts
        return file.read()


def _add(digest: Any, name: str, told: str) -> None:
    digest.update(name.encode())
    digest.update(bytes.fromhex(told))


def _told(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _meaning(module: bytes) -> str:
    """What tells the statements of a module, without comments, docstrings and layout.

    To parse is most of what it costs to ask for the rules, which a run does several times: what was
    found is kept.
    """
    key = _told(_reader() + module)
    if key not in _meanings():
        statements = ast.dump(_WithoutTexts().visit(ast.parse(module)))
        _meanings()[key] = _told(statements.encode())
    return _meanings()[key]


@cache
def _reader() -> bytes:
    """What decides how a module is understood: Python, and this one."""
    return sys.version.encode() + Path(__file__).read_bytes()


@cache
def _meanings() -> dict[str, str]:
    """What is known of modules, by their bytes and what read them: a dict of this process's."""
    try:
        return dict(json.loads((made_dir() / MEANINGS).read_bytes()))
    except (OSError, ValueError):
        return {}


def _keep_meanings() -> None:
    """Have later processes know them; where nobody may write, each finds them anew."""
    newest = list(_meanings().items())[-MOST_MEANINGS:]
    with suppress(OSError):
        keep_made(made_dir() / MEANINGS, json.dumps(dict(newest)))


class _WithoutTexts(ast.NodeTransformer):
    """Drops strings that stand as statements: docstrings, wherever they are."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        # No expression holds a statement: a walk through all of them would cost ten times as much.
        return node if isinstance(node, ast.expr) else super().generic_visit(node)


def _files(folder: Path, parts: tuple[str, ...], suffixes: tuple[str, ...]) -> Iterator[str]:
    """The names of the files of these parts below a folder, each part's in the order of paths.

    Texts, not paths: a release is told by a thousand files, and a run asks several times.
    """
    for part in parts:
        found = []
        for place, _, names in os.walk(folder / part):
            below = place[len(str(folder)) + 1 :]
            found += [f"{below}/{name}" for name in names if name.endswith(suffixes)]
        yield from sorted(found, key=lambda name: name.split("/"))
        if (folder / part).is_file():
            yield part
