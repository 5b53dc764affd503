"""What is derived from the contracts: `throughline contract docs` writes the dbt source YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pipelines.ingest.contract import Contract, meta_columns

META_DESCRIPTIONS = {
    "_extra": "Columns of the file that the contract does not know, as a JSON object. NULL: none.",
    "_file_id": "The file, in ops.files.",
    "_row_number": "Place of the row in its file, from 1.",
    "_loaded_at": "Time of the batch, UTC.",
    "_date_order": "Order of day and month in the file: dmy or mdy. NULL: no date was ambiguous.",
    "_decimal_mark": "Decimal mark of the file, a dot or a comma. NULL: no number had one.",
}


def write_sources(contracts: Iterable[Contract], staging: Path) -> list[Path]:
    """Write `<staging>/<source>/_<source>__sources.yml` of every source.

    Returns:
        The files that changed.
    """
    changed = []
    for source, streams in groupby(contracts, key=lambda contract: contract.source):
        path = staging / source / f"_{source}__sources.yml"
        text = "\n".join(_source(source, list(streams))) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _source(source: str, streams: Iterable[Contract]) -> Iterator[str]:
    text = f"As sent by {source}: text, append-only. Contracts in pipelines/contracts/{source}."
    yield from ("version: 2", "", "sources:")
    yield from (f"  - name: raw_{source}", f"    schema: raw_{source}")
    yield f"    description: {json.dumps(text)}"
    yield from ("    loaded_at_field: _loaded_at", "    tables:")
    for contract in streams:
        yield f"      - name: {contract.stream}"
        yield f"        description: {json.dumps(contract.grain, ensure_ascii=False)}"
        yield from ("        config:", "          freshness:")
        yield f"            warn_after: {{count: {contract.latency_hours}, period: hour}}"
        yield "        columns:"
        described = [(field.name, field.description) for field in contract.fields]
        added = [(name, META_DESCRIPTIONS[name]) for name in meta_columns(contract)]
        for name, description in (*described, *added):
            yield f"          - name: {name}"
            yield f"            description: {json.dumps(description, ensure_ascii=False)}"
