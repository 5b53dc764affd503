"""How values are spelled in SQL where a statement takes no parameters. Imports nothing heavy."""

from collections.abc import Iterable, Mapping
from datetime import datetime


def literal(value: object) -> str:
    """A text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """The name of a column or table, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def text_list(values: Iterable[str]) -> str:
    """Texts as a list in brackets."""
    return f"({', '.join(map(literal, values))})"


def relations(models: Mapping[str, str]) -> dict[str, str]:
    """What stands behind `from` for models of the build file, given the schema of each."""
    return {model: f"{schema}.{model}" for model, schema in models.items()}


def clock_text(value: datetime) -> str:
    """A naive UTC time as the dbt variable as_of_at has it: 'YYYY-MM-DD HH:MM:SS.ffffff'."""
    return value.isoformat(" ", "microseconds")


def day_in(zone: str, utc: str) -> str:
    """The day of a naive UTC time, an expression, in a time zone."""
    return f"cast(timezone({literal(zone)}, timezone('UTC', {utc})) as date)"


def moment(value: datetime) -> str:
    """A naive UTC time as a timestamp literal."""
    return f"timestamp {literal(clock_text(value))}"
