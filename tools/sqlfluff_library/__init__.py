"""What a model's template may call, for sqlfluff: each macro is written as a call of its name.

Models are judged as they were written. The macros' own text would show no more of them, as nothing
in it is judged where it is called, and it is most of what a linter that compiles has to read.
sqlfluff itself knows `ref`, `source`, `config` and `this`.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

PROJECT_DIR = Path(__file__).resolve().parents[2]
LITERAL = re.compile(r"'[^']*'")
# The path of a JSON member, a pattern, a term of an order: no expression of SQL.
NO_EXPRESSION = re.compile(r"^\W*$|[$\[{\\]| (asc|desc)\b")


def _call(name: str) -> Callable[..., str]:
    def call(*arguments: object, **named: object) -> str:
        return f"{name}({', '.join(map(_argument, (*arguments, *named.values())))})"

    return call


def _argument(value: object) -> str:
    if isinstance(value, list | tuple | dict):
        return ", ".join(map(_argument, value))
    text = str(value)
    if NO_EXPRESSION.search(LITERAL.sub("x", text)):
        return "'" + text.replace("'", "''") + "'"
    return text


for path in (PROJECT_DIR / "dbt_project" / "macros").rglob("*.sql"):
    for name in re.findall(r"{%-? *macro +(\w+)", path.read_text()):
        globals()[name] = _call(name)


def unioned(models: list[dict[str, Any]], columns: dict[str, str]) -> str:
    """The one macro that is no expression but selects: from these CTEs, with these columns."""
    selects = []
    for model in models:
        named = {column: column for column in columns} | model.get("as", {})
        items = (f"{expression} as {column}" for column, expression in named.items())
        selects.append(f"select {', '.join(items)} from {model['from']}")
    return " union all ".join(selects)


def var(name: str) -> object:
    """The value in dbt_project.yml."""
    return _VARS[name]


_VARS = yaml.load((PROJECT_DIR / "dbt_project.yml").read_text(), yaml.CSafeLoader)["vars"]


class dbt:  # noqa: N801 - as templates call it
    """The macros of dbt's own that models use."""

    @staticmethod
    def type_string() -> str:
        """A type, where a cast wants one."""
        return "text"
