"""Which skill a phrase asks for, and which one it is often mistaken for: the seed skill_routing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipelines.project import project
from pipelines.reports.records import Report
from pipelines.settings import UsageError
from pipelines.strict import nearest

WORD = re.compile(r"\w+")


def report_route(phrase: str) -> Report:
    """The skill of the longest phrase of the seed that is contained in what is asked, word by word.

    Nothing is guessed: words are compared, not meanings.

    Raises:
        UsageError: no phrase of the seed is in it.
    """
    routes = {row["phrase"]: row for row in project().seed_rows("campaigns", "skill_routing")}
    found = _longest(phrase, routes)
    if found is None:
        near = nearest(" ".join(_words(phrase)), routes)
        hint = f'; the nearest is "{near}"' if near else ""
        raise UsageError(
            f'no skill is known for "{phrase}"{hint}; known are: {", ".join(sorted(routes))}'
        )
    row = routes[found]
    skills = {row["skill_key"]: row for row in project().seed_rows("campaigns", "skills")}
    skill = skills[row["skill_key"]]
    return {
        "asked": phrase,
        "phrase": found,
        "skill": row["skill_key"],
        "name": skill["skill_name"],
        "group": skill["skill_group"],
        "description": skill["description"],
        "not_skill": row["not_skill"] or None,
        "reason": row["reason"],
    }


def _longest(phrase: str, routes: Mapping[str, object]) -> str | None:
    asked = f" {' '.join(_words(phrase))} "
    contained = [known for known in routes if f" {' '.join(_words(known))} " in asked]
    return max(contained, key=lambda known: (len(_words(known)), known), default=None)


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())
