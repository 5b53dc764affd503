"""Addresses in text: what is one, and that the macro finds what Python finds."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from jinja2 import Environment

from expectations.suites.marts import EMAIL
from pipelines.personal import ADDRESS, MASK, SIGNS, masked
from pipelines.settings import PROJECT_DIR

MACRO: Path = PROJECT_DIR / "dbt_project" / "macros" / "portable" / "masked.sql"
TEXTS = {
    "jane.doe@example.com": "[email]",
    "for Jane.Doe+fair@sub.example.co.uk, twice": "for [email], twice",
    "https://x.example/u/jane%40example.com/a?b=1": "https://x.example/u/[email]/a?b=1",
    "utm=jane%2540example.com&x=1": "utm=[email]&x=1",
    "https://user:secret@www.example.com/x": "https://user:[email]/x",
    "jürgen@müller.example": "[email]",
    "a@b.example@c.example": "[email]@c.example",
    "half off @ the fair": "half off @ the fair",
    "@handle and 40 %": "@handle and 40 %",
    "root@localhost": "root@localhost",
    "brand|search@2x": "brand|search@2x",
    "": "",
}


def macro(column: str) -> str:
    environment = Environment(autoescape=False)  # noqa: S701 - SQL, no page
    module: Any = None
    environment.globals["adapter"] = SimpleNamespace(
        dispatch=lambda name, _: getattr(module, f"default__{name}")
    )
    module = environment.from_string(MACRO.read_text()).module
    return str(module.masked(column))


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_an_address_is_masked_wherever_it_stands(text: str, expected: str) -> None:
    assert masked(text) == expected
    found = duckdb.execute(f"select {macro('cell')} from (select ? as cell)", [text]).fetchall()
    assert found == [(expected,)]
    # What the audit of the marts looks for is a part of what is masked.
    assert duckdb.execute("select regexp_matches(?, ?)", [expected, EMAIL]).fetchall() == [(False,)]


def test_the_macro_and_python_have_one_pattern() -> None:
    text = macro("cell")
    assert ADDRESS in text
    assert MASK in text
    assert all(f"'{sign}'" in text for sign in SIGNS)


def test_a_long_text_without_an_address_takes_no_time() -> None:
    assert masked("x" * 10_000_000) == "x" * 10_000_000
