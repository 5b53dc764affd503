"""What dbt makes each node of the project from, told by a short text that changes whenever it does.

Of a version of the project most is as another version has it: what has the same text in both is
made by the same statement (prepared.py). A text holds the node as dbt parsed it, the macros and
vars that its words can reach, the contract or the rows behind it, and the texts of all that it
reads. What is not told apart is in every text: how dbt makes a relation, its configuration, the
libraries. A word that only looks like a macro or a var costs a statement made once more; one that
is put together from parts would be missed, and no file of the project does that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml

from pipelines.project import Project
from pipelines.transform.contents import key_of
from pipelines.transform.fingerprint import making_fingerprint

# Of a node, what moves no statement: what people read, where and when dbt read it, and what file it
# saw then: the code of a model is in the node, the rows of a seed are behind it.
TEXTS = {"description", "source_description", "docs", "doc_blocks"}
PLACES = {"patch_path", "created_at", "build_path", "compiled_path", "root_path"}
NO_INGREDIENTS = {*TEXTS, *PLACES, "checksum"}
# What dbt looks for by itself, whether any file of the project says its name or not.
MATERIALIZATION = "materialization_"
# By which a macro asks what other nodes there are.
GRAPH = "graph"
WORD = re.compile(r"\w+")

_Record = Mapping[str, Any]


def recipes(manifest: _Record, where: Project) -> dict[str, str]:
    """Of each seed, model, data test and source the text of what it is made from.

    Args:
        manifest: dbt's, of the project.
        where: the project.
    """
    shelf = Shelf(manifest, where)
    return {unique_id: shelf.recipe(unique_id) for unique_id in sorted(shelf.entries)}


class Shelf:
    """All that the nodes of one version are made from.

    Attributes:
        entries: seeds, models, data tests and sources, as dbt parsed them.
        reached: of each the project's macros and the vars that its words can reach.
    """

    def __init__(self, manifest: _Record, where: Project) -> None:
        self._where = where
        self.entries: dict[str, _Record] = {
            unique_id: node
            for unique_id, node in (manifest["nodes"] | manifest["sources"]).items()
            if node["resource_type"] != "operation"
        }
        self._texts = {unique_id: _text(node) for unique_id, node in self.entries.items()}
        settings = yaml.load(
            (where.root / "dbt_project.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
        )
        self._vars = {name: json.dumps(said) for name, said in settings.pop("vars", {}).items()}
        self._vars[GRAPH] = key_of(*self._texts.values())
        own, foreign = {}, set()
        for macro in manifest["macros"].values():
            if macro["package_name"] == settings["name"]:
                own[macro["name"]] = macro["macro_sql"]
            else:
                foreign.add(_called(macro["name"]))
        self._macros = own
        self._words = {name: set(WORD.findall(sql)) for name, sql in own.items()}
        self._named: dict[str, set[str]] = {}
        for name in own:
            for word in (name, _called(name)):
                self._named.setdefault(word, set()).add(name)
        self._made: dict[str, str] = {}
        self.reached = {
            unique_id: self._reach(WORD.findall(text)) for unique_id, text in self._texts.items()
        }
        # Materializations and what stands in for a macro of dbt's are called by dbt itself. What a
        # hook calls makes no node.
        configured = json.dumps(settings, sort_keys=True)
        hooks = self._reach(WORD.findall(configured))
        named = hooks[0].union(*(macros for macros, _ in self.reached.values()))
        by_dbt = {
            name
            for name in own
            if name not in named or _called(name) in foreign or name.startswith(MATERIALIZATION)
        }
        self._common = key_of(
            making_fingerprint(where.root),
            configured,
            self._text_of((hooks[0], hooks[1] - {GRAPH})),
            self._text_of(self._reach(by_dbt)),
        )

    def recipe(self, unique_id: str) -> str:
        """What a node is made from."""
        if unique_id not in self._made:
            node = self.entries[unique_id]
            read = sorted(set(node.get("depends_on", {}).get("nodes", ())))
            self._made[unique_id] = key_of(
                self._common,
                self._texts[unique_id],
                self._text_of(self.reached[unique_id]),
                self._behind(node),
                *map(self.recipe, read),
            )
        return self._made[unique_id]

    def _reach(self, words: Iterable[str]) -> tuple[set[str], set[str]]:
        """The macros that these words can call, one by another, and the vars that they name."""
        macros: set[str] = set()
        waiting, said = set(words), set[str]()
        while waiting:
            said |= waiting
            called = set().union(*(self._named.get(word, set()) for word in waiting)) - macros
            macros |= called
            waiting = set().union(*(self._words[name] for name in called)) - said
        return macros, said & self._vars.keys()

    def _text_of(self, reached: tuple[set[str], set[str]]) -> str:
        macros, named = reached
        made = [(name, self._macros[name]) for name in sorted(macros)]
        return json.dumps([made, [(name, self._vars[name]) for name in sorted(named)]])

    def _behind(self, node: _Record) -> str:
        """The rows of a seed, the contract of a stream: files that dbt knows in part at most."""
        path = self._where.root / node["original_file_path"]
        if node["resource_type"] == "source":
            source = re.sub("^(current|raw)_", "", node["source_name"])
            path = self._where.contracts / source / f"{node['name']}.yml"
        elif node["resource_type"] != "seed":
            return ""
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@cache
def _called(macro: str) -> str:
    """The name by which a macro is called: one of an engine by that of them all."""
    return macro.partition("__")[2] or macro


def _text(node: _Record) -> str:
    """What a node is, as dbt parsed it."""
    kept = {name: said for name, said in node.items() if name not in NO_INGREDIENTS}
    kept["columns"] = {
        name: {key: said for key, said in column.items() if key not in TEXTS}
        for name, column in node["columns"].items()
    }
    return json.dumps(kept, sort_keys=True)
