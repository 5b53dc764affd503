"""What staging reads in a raw cell: the SQL with which its models make a number or a date of it.

Staging alone decides what is readable. Its models read cells by the macros of
`dbt_project/macros/reading/`; a model is rendered here as dbt renders it (a test holds the two
against each other), but with stand-ins for whatever reads no cell, and in milliseconds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader

from pipelines.compiled import compiled_templates
from pipelines.ingest import Contract
from pipelines.project import project
from pipelines.transform.rendering import Macro, macros, new_environment

LITERAL = re.compile(r"'[^']*'")
NAME = re.compile(r"\w+")
# A column of a staging model that is one cell read by a macro, with nothing but casts, rounding, a
# sign and arithmetic about it: what a condition chooses, or what is made of two cells, is none.
MARK = "__read_{}__"
MARKED = re.compile(r"__read_(\d+)__")
ONE_CELL = re.compile(
    r"^ *(?:(?:try_)?cast\(|round\(|abs\(|lower\(|upper\(|\()*"
    r"__read_(\d+)__(?:(?!__read_).)*? as (\w+),?$",
    re.MULTILINE,
)
# Macros that read a cell as text, beside those of `macros/reading/`.
TEXTS = ("clean_text", "clean_answer")


@dataclass(frozen=True)
class Call:
    """A call of a reading macro in a staging model.

    Attributes:
        macro: its name.
        cell: its first argument, the SQL of what it reads: a column, or something made of one.
        rest, named: its other arguments.
        expression: the SQL that the macro made of it.
    """

    macro: str
    cell: str
    rest: tuple[object, ...]
    named: Mapping[str, object]
    expression: str


def readings(contract: Contract) -> Mapping[str, tuple[str, ...]]:
    """What staging reads each column of a stream with, in DuckDB's SQL over a row of raw.

    A cell is readable where one of the expressions of its column is not NULL. What staging reads as
    text, or not at all, has none.
    """
    expressions = {
        name: dict.fromkeys(call.expression for call in calls)
        for name, calls in calls_by_column(contract).items()
    }
    return {name: tuple(distinct) for name, distinct in expressions.items()}


def read_cells(contract: Contract) -> Mapping[str, str]:
    """By column of a stream that staging reads in one way, the SQL with which it does."""
    return {
        name: expressions[0]
        for name, expressions in readings(contract).items()
        if len(expressions) == 1
    }


@dataclass(frozen=True)
class Staged:
    """A staging model and its columns that are each one cell of the stream.

    Attributes:
        model: its name.
        columns: by name, the SQL with which a macro reads the cell, whatever the model does then.
    """

    model: str
    columns: Mapping[str, str]


def staged(contract: Contract) -> Staged | None:
    """The model that stages a stream; None where the project has none."""
    found = _marked_of_source(contract.source).get(contract.stream)
    if found is None:
        return None
    model, columns = found
    # What the model itself cut out of a cell is none of the stream.
    return Staged(
        model, {name: sql for name, (cell, sql) in columns.items() if cell in contract.by_name}
    )


def calls_by_column(contract: Contract) -> Mapping[str, list[Call]]:
    """The calls of reading macros that read each column of a stream."""
    found: dict[str, list[Call]] = defaultdict(list)
    for call in _calls_of_source(contract.source)[contract.stream]:
        for name in NAME.findall(LITERAL.sub("", call.cell)):
            if name in contract.by_name:
                found[name].append(call)
    return found


@cache
def _calls_of_source(source: str) -> Mapping[str, list[Call]]:
    """The calls of reading macros in the staging models of a source, by stream."""
    found: dict[str, list[Call]] = defaultdict(list)
    for path in sorted((project().staging / source).glob("*.sql")):
        stream, calls = _rendered(path)
        found[stream] += calls
    return found


@cache
def _marked_of_source(source: str) -> Mapping[str, tuple[str, Mapping[str, tuple[str, str]]]]:
    """The staging models of a source and what `_marked` finds in them, by stream."""
    found = {}
    for path in sorted((project().staging / source).glob("*.sql")):
        stream, columns = _marked(path)
        found[stream] = path.stem, columns
    return found


def _marked(model: Path) -> tuple[str, Mapping[str, tuple[str, str]]]:
    """The stream that a model reads, and its columns that are one cell: the cell, and its SQL."""
    read: list[tuple[str, str]] = []
    known = macros()

    def marked(name: str) -> Macro:
        def call(cell: str, *rest: object, **named: object) -> str:
            # What is read of what was read.
            sql = MARKED.sub(lambda mark: read[int(mark[1])][1], known[name](cell, *rest, **named))
            read.append((cell.strip(), sql))
            return MARK.format(len(read) - 1)

        return call

    stream, sql = _heard(model, known, marked, TEXTS)
    columns: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for number, name in ONE_CELL.findall(sql):
        columns[name].append(read[int(number)])
    return stream, {name: cells[0] for name, cells in columns.items() if len(cells) == 1}


def _rendered(model: Path) -> tuple[str, list[Call]]:
    """The stream that a model reads, and its calls of reading macros."""
    calls: list[Call] = []

    # Those that read a cell, and those that they are made of.
    known = macros("reading", "portable")

    def noted(name: str) -> Macro:
        def call(cell: str, *rest: object, **named: object) -> str:
            expression = known[name](cell, *rest, **named)
            calls.append(Call(name, cell, rest, named, expression))
            return expression

        return call

    stream, _ = _heard(model, known, noted)
    return stream, calls


def _heard(
    model: Path,
    known: Mapping[str, Macro],
    instead: Callable[[str], Macro],
    texts: Iterable[str] = (),
) -> tuple[str, str]:
    """The stream that a model reads, and its SQL with another macro instead of each that reads."""
    streams: list[str] = []
    environment = new_environment(known)
    reading = [path.stem for path in (project().macros / "reading").glob("*.sql")]
    environment.globals |= {name: instead(name) for name in (*reading, *texts)}
    environment.globals["source"] = lambda _, stream: streams.append(stream)
    environment.loader = FileSystemLoader(model.parent)
    environment.bytecode_cache = compiled_templates()
    sql = environment.get_template(model.name).render()
    (stream,) = streams
    return stream, sql
