"""What the dbt project says that Python needs as well, read from where it stands."""

import csv
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from pipelines.project import project


@cache
def project_vars() -> dict[str, Any]:
    """The vars of dbt_project.yml."""
    import yaml  # noqa: PLC0415 - most commands have no use for it

    text = (project().root / "dbt_project.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)["vars"]
    return found


def raw_schema(schema: str) -> str:
    """The schema under which a source's streams are loaded and judged, given that of what is
    current of them; any other schema is its own.
    """
    return re.sub("^current_", "raw_", schema)


def mart_schemas() -> Sequence[str]:
    """The schemas that readers see; each is a folder of marts."""
    schemas: Sequence[str] = project_vars()["subjects"]["marts"]
    return schemas


def attribution_models() -> dict[str, str]:
    """The attribution models in the order in which they are shown, with the rule of each."""
    path = project().seeds / "attribution" / "attribution_models.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["model_order"]))
    return {row["attribution_model"]: row["rule"] for row in rows}


def solved_models() -> list[str]:
    """The models whose credit numpy solves (pipelines/attribution)."""
    return [model for model, rule in attribution_models().items() if rule == "solved"]
