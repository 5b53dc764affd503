"""SQL of the project without dbt: its macros, and a model over relations that somebody names.

In milliseconds, where dbt first parses the project for seconds: for who asks one rule about a few
rows. What dbt knows and this does not (the graph, the target, what a build holds) gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace

from jinja2 import ChainableUndefined, DictLoader, Environment

from pipelines.compiled import compiled_templates
from pipelines.project import project
from pipelines.transform.project import project_vars

Macro = Callable[..., str]

# Jinja does not know dbt's own blocks.
BLOCK_OF_DBT = re.compile(r"{%-?\s*(?:materialization|test)\b")


def rendered(model: str, relations: Mapping[str, str]) -> str:
    """A model in DuckDB's SQL, reading these relations in the place of those it refers to.

    Raises:
        KeyError: it refers to one that is not among them.
    """
    (path,) = project().models.rglob(f"{model}.sql")
    environment = new_environment(macros())
    environment.globals["ref"] = lambda name: _Relation(relations[name])
    return environment.from_string(path.read_text(encoding="utf-8")).render()


@cache
def macros(*folders: str) -> dict[str, Macro]:
    """The macros of these folders by name, or all of them. They know each other."""
    found: dict[str, Macro] = {}
    environment = new_environment(found)
    paths = [
        path
        for folder in folders or ("",)
        for path in sorted((project().macros / folder).rglob("*.sql"))
    ]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    name = " ".join((str(project().macros), *folders))
    environment.loader = DictLoader({name: "".join(t for t in texts if not BLOCK_OF_DBT.search(t))})
    environment.bytecode_cache = compiled_templates()
    template = environment.get_template(name)
    found |= {name: macro for name, macro in vars(template.module).items() if callable(macro)}
    return found


def new_environment(known: Mapping[str, Macro]) -> Environment:
    """What renders SQL that calls these macros."""
    environment = Environment(  # noqa: S701 - SQL, no page
        extensions=["jinja2.ext.do"], undefined=_StandIn
    )
    environment.globals |= dict(known)
    environment.globals |= {
        "return": lambda text: text,
        "adapter": SimpleNamespace(dispatch=lambda name, _: known[f"default__{name}"]),
        "dbt": SimpleNamespace(type_string=lambda: "text"),
        "var": lambda name: project_vars()[name],
    }
    return environment


class _StandIn(ChainableUndefined):
    """Whatever else is called: it gives nothing."""

    def __call__(self, *_: object, **__: object) -> str:  # type: ignore[override]
        return ""


class _Relation(str):
    """A relation's name. `matches` asks whether it holds patterns yet: it does not."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False
