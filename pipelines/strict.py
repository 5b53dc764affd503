"""A document held against what the code reads of it: every other word in it is a slip.

Knows nothing of contracts. A library that validates would cost every run half a second to import.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

import yaml

# The default of a key that must be there.
NEEDED = object()
# The shape of a regular expression.
PATTERN = re.compile
# The shape of whatever YAML can say.
ANYTHING = object

TYPES: Mapping[Any, str] = {
    str: "text, in quotes where YAML would read a number, a day or a yes",
    int: "a whole number",
    bool: "true or false",
}
SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Key:
    """What stands under a key.

    Attributes:
        shape: a type of TYPES, PATTERN, ANYTHING, a tuple of words of which it is one, a list with
            the shape of its items, Keys or Named.
        default: what holds where it is left out; of Keys and Named anything but NEEDED means the
            defaults of what is in them.
    """

    shape: Any
    default: Any = NEEDED


@dataclass(frozen=True)
class Keys:
    """A mapping: the keys that are read, and those that may stand there though nothing does."""

    read: Mapping[str, Key]
    unread: Set[str] = frozenset()


@dataclass(frozen=True)
class Named:
    """A list of `{property: name, value: …}`, read as a mapping of names to values."""

    read: Mapping[str, Key]
    unread: Set[str] = frozenset()


@dataclass(frozen=True)
class OneOrMore:
    """A value, or a list of them; read as a tuple in either case."""

    shape: Any


NAMED_ITEM = Keys({"property": Key(str), "value": Key(ANYTHING)}, {"id", "description", "vendor"})


class _Loader(yaml.CSafeLoader):
    """Refuses a key that stands twice in a mapping, of which YAML would drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(
                problem=f"{twice} stands there twice, expected once", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep)


def load_yaml(text: str) -> object:
    """What a YAML document says.

    Raises:
        yaml.YAMLError: it is none, or a key stands twice in one mapping.
    """
    return yaml.load(text, _Loader)  # noqa: S506 - it is a safe one


def read(document: object, shape: Keys) -> tuple[dict[str, Any], list[str]]:
    """A document as its shape says, and every slip in it.

    Returns:
        Each key that is read with its value or its default, lists as tuples; usable where there is
        no slip. Of a slip: where it is, what is expected, and which name is nearest.
    """
    slips: list[str] = []
    return _mapping(document, shape, "", slips), slips


def _read(value: Any, shape: Any, path: str, slips: list[str]) -> Any:
    if type(value) is shape or shape is ANYTHING:
        return value
    if isinstance(shape, Keys):
        return _mapping(value, shape, path, slips)
    if isinstance(shape, Named):
        return _named(value, shape, path, slips)
    if isinstance(shape, OneOrMore):
        return _list(value if isinstance(value, list) else [value], shape.shape, path, slips)
    if isinstance(shape, list):
        return _list(value, shape[0], path, slips)
    if isinstance(shape, tuple):
        if value not in shape:
            slips.append(f"{path} is {_shown(value)}, expected {one_of(str(value), shape)}")
    elif shape is PATTERN and isinstance(value, str):
        try:
            re.compile(value)
        except re.error as error:
            slips.append(f"{path} is {_shown(value)}, expected a regular expression: {error}")
    else:
        slips.append(f"{path} is {_shown(value)}, expected {TYPES.get(shape, TYPES[str])}")
    return value


def _mapping(value: Any, keys: Keys, path: str, slips: list[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        slips.append(f"{path or 'the document'} is {_shown(value)}, expected keys with values")
        return dict.fromkeys(keys.read, ())
    return _entries(value, keys, path, slips)


def _named(value: Any, named: Named, path: str, slips: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for item in _list(value, NAMED_ITEM, path, slips):
        name = item["property"]
        if name in said:
            slips.append(f"{path}.{name} stands there twice, expected once")
        if isinstance(name, str):
            said[name] = item["value"]
    return _entries(said, named, path, slips)


def _entries(
    said: dict[str, Any], keys: Keys | Named, path: str, slips: list[str]
) -> dict[str, Any]:
    inner = f"{path}." if path else ""
    if not said.keys() <= keys.read.keys():
        slips += [
            f"{inner}{name}: no such name, expected {one_of(str(name), keys.read)}"
            for name in said
            if name not in keys.read and name not in keys.unread
        ]
    found = {}
    for name, key in keys.read.items():
        if name in said:
            found[name] = _read(said[name], key.shape, inner + name, slips)
        elif key.default is NEEDED:
            slips.append(f"{inner}{name} is missing")
            found[name] = ()
        elif isinstance(key.shape, Keys | Named):
            found[name] = _entries({}, key.shape, inner + name, slips)
        else:
            found[name] = key.default
    return found


def _list(value: Any, shape: Any, path: str, slips: list[str]) -> tuple[Any, ...]:
    if not isinstance(value, list):
        slips.append(f"{path} is {_shown(value)}, expected a list")
        return ()
    return tuple(
        _read(item, shape, f"{path}[{_called(item, number)}]", slips)
        for number, item in enumerate(value)
    )


def _called(item: Any, number: int) -> object:
    """What people call an item of a list: its name, or its place from 0."""
    return item.get("name", item.get("property", number)) if isinstance(item, dict) else number


def one_of(word: str, words: Iterable[str]) -> str:
    """The words that are expected, and which of them may have been meant."""
    known = {word.casefold(): word for word in words}
    if len(known) < 2:
        return next(iter(known.values()), "none")
    near = nearest(word, known.values())
    hint = f"; did you mean {near}?" if near else ""
    return f"one of {', '.join(sorted(known.values()))}{hint}"


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Which of the words may have been meant; None if none comes near."""
    known = {word.casefold(): word for word in words}
    near = difflib.get_close_matches(word.casefold(), known, n=1)
    return known[near[0]] if near else None


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
