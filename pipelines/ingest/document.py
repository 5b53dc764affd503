"""What is derived from the contracts: `throughline contract docs` writes the dbt source YAML and
the vendor table of the README.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path

import yaml

from pipelines.ingest.contract import Contract, meta_columns
from pipelines.ingest.load import load_exports
from pipelines.ingest.warehouse import connect
from pipelines.settings import CONTRACTS_DIR, UsageError, utc_now

META_DESCRIPTIONS = {
    "_extra": "Columns of the file that the contract does not know, as a JSON object. NULL: none.",
    "_file_id": "The file, in ops.files.",
    "_row_number": "Place of the row in its file, from 1.",
    "_loaded_at": "Time of the batch, UTC.",
    "_date_order": "Order of day and month in the file: dmy or mdy. NULL: no date was ambiguous.",
    "_decimal_mark": "Decimal mark of the file, a dot or a comma. NULL: no number had one.",
}


FORMATS = {"csv": "CSV", "json": "JSON", "any": "CSV, JSON"}
TABLE_START, TABLE_END = "<!-- vendors -->", "<!-- /vendors -->"


def stale_sources(contracts: Iterable[Contract], staging: Path) -> dict[Path, str]:
    """Every `<staging>/<source>/_<source>__sources.yml` that is not what the contracts say, and
    what it should be.
    """
    stale = {}
    for source, streams in groupby(contracts, key=lambda contract: contract.source):
        path = staging / source / f"_{source}__sources.yml"
        text = "\n".join(_source(source, list(streams))) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale[path] = text
    return stale


def stale_vendor_table(
    contracts: Sequence[Contract], readme: Path, fixtures: Path
) -> dict[Path, str]:
    """The README with the vendor table of these contracts, where its own is another.

    Raises:
        UsageError: the README has no place for it.
    """
    text = readme.read_text(encoding="utf-8")
    before, start, rest = text.partition(TABLE_START)
    _, end, after = rest.partition(TABLE_END)
    if not (start and end):
        raise UsageError(
            f"{readme} has no place for the vendor table; write {TABLE_START} and {TABLE_END}"
            " on lines of their own where it belongs"
        )
    table = "\n".join(_vendor_table(contracts, tested_streams(contracts, fixtures)))
    wanted = f"{before}{start}\n{table}\n{end}{after}"
    return {readme: wanted} if wanted != text else {}


def tested_streams(contracts: Sequence[Contract], fixtures: Path) -> set[str]:
    """Streams of which a fixture below `<fixtures>/<source>/` loads: loaded here, by the loader."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(connect(Path(folder) / "build.duckdb")) as con,
    ):
        load_exports(con, fixtures, contracts=contracts, loaded_at=utc_now())
        loaded = con.execute(
            "select distinct source || '.' || stream from ops.files"
            " where status = 'loaded' and starts_with(path, source || '/')"
        ).fetchall()
    return {name for (name,) in loaded}


def _vendor_table(contracts: Iterable[Contract], tested: set[str]) -> Iterator[str]:
    yield "| source | export | format | how to get it | tested |"
    yield "|---|---|---|---|---|"
    for contract in contracts:
        path = CONTRACTS_DIR / contract.source / f"{contract.stream}.yml"
        usage = yaml.safe_load(path.read_text(encoding="utf-8"))["description"]["usage"]
        cells = (
            *(contract.source, contract.title, FORMATS[contract.format], usage),
            "yes" if contract.name in tested else "no",
        )
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


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
