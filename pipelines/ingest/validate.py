"""What is wrong with the contracts, each in one line: `throughline contract check`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from open_data_contract_standard.model import OpenDataContractStandard
from pydantic import ValidationError

from pipelines.ingest.contract import Contract, ContractError, normalise, read_contract
from pipelines.ingest.document import stale_sources
from pipelines.project import project, said_by

MARK = "# check:"


def problems(contracts: Path, staging: Path) -> list[str]:
    """Everything that keeps a contract from being used, or from being told from another.

    Args:
        contracts: the folder of the contracts.
        staging: the folder of the staging models.
    """
    found = [f"{path} is read by nothing: name it .yml" for path in contracts.rglob("*.yaml")]
    usable: list[Contract] = []
    for path in sorted(contracts.rglob("*.yml")):
        text, said = path.read_text(encoding="utf-8"), said_by(path)
        marks = text.count(MARK)
        if marks:
            found.append(f"{said}: {marks} marks `{MARK}` are left: settle each and delete it")
        try:
            contract = read_contract(path)
        except ContractError as error:
            found += [f"{said}: {slip}" for slip in error.slips]
            continue
        usable.append(contract)
        document = yaml.load(text, yaml.CSafeLoader)
        found += [f"{said}: {problem}" for problem in _of_document(path, document, contract)]
    found += [
        f"{path}: is not what the contracts say: run throughline contract docs"
        for path in stale_sources(usable, staging)
    ]
    found += _without_staging(usable, staging)
    return found + list(_collisions(usable))


def _of_document(path: Path, document: dict[str, Any], contract: Contract) -> Iterator[str]:
    try:
        known = OpenDataContractStandard.model_validate(document).model_dump(
            exclude_unset=True, by_alias=True
        )
    except ValidationError as error:
        for problem in error.errors():
            where = ".".join(map(str, problem["loc"]))
            yield f"{where}: {problem['msg']} (Open Data Contract Standard)"
    else:
        for where in _unknown(document, known):
            yield f"{where}: the Open Data Contract Standard has no such key"
    for key, wanted in (("id", contract.name), ("physicalName", contract.table)):
        holder = document if key == "id" else document["schema"][0]
        if holder.get(key) != wanted:
            yield f"{key} is {holder.get(key)!r}, expected {wanted!r}"
    if contract.stream != path.stem:
        yield f"the schema is called {contract.stream!r}, expected the file's name, {path.stem!r}"
    if not document.get("description", {}).get("usage"):
        yield "description.usage is empty: say how somebody gets this export"
    if empty := [field.name for field in contract.fields if not field.description]:
        yield f"not described: {', '.join(empty)}"
    yield from _spelled_twice(contract)


def _unknown(said: Any, known: Any, path: str = "") -> Iterator[str]:
    """The keys that the standard's model dropped, wherever they stand."""
    if isinstance(said, dict) and isinstance(known, dict):
        for key, value in said.items():
            where = f"{path}.{key}" if path else str(key)
            if key in known:
                yield from _unknown(value, known[key], where)
            else:
                yield where
    elif isinstance(said, list) and isinstance(known, list):
        for number, (ours, theirs) in enumerate(zip(said, known, strict=True)):
            yield from _unknown(ours, theirs, f"{path}[{number}]")


def _spelled_twice(contract: Contract) -> Iterator[str]:
    """A header that is a spelling of two columns: only one of them would ever be filled."""
    by_spelling: dict[str, set[str]] = {}
    for field in contract.fields:
        for spelling in (field.label, *field.aliases):
            by_spelling.setdefault(normalise(spelling), set()).add(field.name)
    for spelling, names in by_spelling.items():
        if len(names) > 1:
            yield f"the header {spelling!r} is a spelling of {' and '.join(sorted(names))}"


def _without_staging(contracts: Sequence[Contract], staging: Path) -> Iterator[str]:
    for contract in contracts:
        reads = re.compile(
            rf"source\(\s*'{contract.current_schema}'\s*,\s*'{contract.stream}'\s*\)"
        )
        models = (staging / contract.source).glob("*.sql")
        if not any(reads.search(model.read_text(encoding="utf-8")) for model in models):
            model = staging / contract.source / f"stg_{contract.source}__{contract.stream}.sql"
            yield f"{contract.name}: no staging model reads it; write {project().to_write(model)}"


def _collisions(contracts: Sequence[Contract]) -> Iterator[str]:
    """Pairs of which each takes a file that has only the other's required columns."""
    for one, other in itertools.combinations(contracts, 2):
        kinds = {one.format, other.format}
        if kinds == {"csv", "json"} or one.signature or other.signature:
            continue
        if {one.layout, other.layout} - {"table", "grouped"}:
            continue
        if _takes(one, other) and _takes(other, one):
            yield (
                f"{one.name} and {other.name}: their required columns do not tell them apart;"
                " require a column that only one of them has, or name the folder with fromPath"
            )


def _takes(contract: Contract, other: Contract) -> bool:
    """Whether a file with the other's required columns, as labelled there, fits the contract."""
    if any(field.from_path for field in (*contract.required, *other.required)):
        return False
    here = {contract.names_by_header.get(normalise(field.label)) for field in other.required}
    return all(field.name in here for field in contract.required)
