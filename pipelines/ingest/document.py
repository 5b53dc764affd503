"""What is derived from the contracts: `throughline contract docs` writes the dbt source YAML and
docs/sources.md. Nothing here reads an export, but to say of which stream a fixture loads.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path

import yaml

from pipelines.ingest.contract import Contract, current_columns, meta_columns
from pipelines.ingest.load import load_exports
from pipelines.ingest.warehouse import connect
from pipelines.project import project
from pipelines.settings import utc_now

META_DESCRIPTIONS = {
    "_extra": "Columns of the file that the contract does not know, as a JSON object. NULL: none.",
    "_file_id": "The file, in ops.files.",
    "_row_number": "Place of the row in its file, from 1.",
    "_loaded_at": "Time of the batch, UTC.",
    "_delivery_no": "Place of the file among those of the stream, from the oldest.",
    "_period_start": "First day of the file's report. NULL: the file does not say.",
    "_period_end": "Last day of the file's report. NULL: the file does not say.",
    "_missing_since_at": "First batch after the last that had the record, UTC. NULL: it is there.",
    "_is_latest_delivery": "Whether no later delivery shows the same record; earlier ones hold"
    " older parts of its history.",
    "_date_order": "Order of day and month in the file: dmy or mdy. NULL: no date was ambiguous.",
    "_decimal_mark": "Decimal mark of the file, a dot or a comma. NULL: no number had one.",
}
REMEMBERED = "Every value that a row of the record ever had, by the clock, between semicolons."
FORMATS = {"csv": "CSV", "json": "JSON", "any": "CSV, JSON"}
UNREAD = "†"


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


def stale_page(
    contracts: Sequence[Contract], unread: Container[tuple[str, str]], page: Path
) -> dict[Path, str]:
    """The page of all sources, where it is not what the contracts say.

    Args:
        contracts: all of them, by source.
        unread: (schema, stream) of the streams that no mart reads.
        page: where it lies.
    """
    text = "\n".join(_page(contracts, unread)) + "\n"
    return {page: text} if not page.exists() or page.read_text(encoding="utf-8") != text else {}


def streams_with_fixture(contracts: Sequence[Contract], fixtures: Path) -> set[str]:
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


def _page(contracts: Iterable[Contract], unread: Container[tuple[str, str]]) -> Iterator[str]:
    yield from ("# What it reads", "")
    yield "`throughline contract docs` writes this page from the contracts,"
    yield "[whose words are explained here](../pipelines/contracts/README.md)."
    yield f"Exports marked {UNREAD} are loaded, checked and staged, and no mart reads them yet."
    for source, streams in groupby(contracts, key=lambda contract: contract.source):
        yield from ("", f"## {source}", "")
        yield from ("| export | format | how to get it |", "|---|---|---|")
        for contract in streams:
            mark = f" {UNREAD}" if (contract.current_schema, contract.stream) in unread else ""
            cells = (f"{contract.title}{mark}", FORMATS[contract.format], _usage(contract))
            yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _usage(contract: Contract) -> str:
    """How somebody gets the export: a text for people, which the loader does not keep."""
    path = project().contracts / contract.source / f"{contract.stream}.yml"
    document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return str(document["description"]["usage"])


def _source(source: str, streams: Iterable[Contract]) -> Iterator[str]:
    text = (
        f"What holds of {source}'s deliveries as of the run's clock: text, as sent."
        f" Contracts in pipelines/contracts/{source}."
    )
    yield from ("version: 2", "", "sources:")
    yield from (f"  - name: current_{source}", f"    schema: current_{source}")
    yield f"    description: {json.dumps(text)}"
    # Of a stream that never came there is nothing to say: it is as fresh as can be.
    newest = "select coalesce(max(_loaded_at), current_timestamp) from {{ this }}"
    yield from ("    config:", f'      loaded_at_query: "{newest}"', "    tables:")
    for contract in streams:
        yield f"      - name: {contract.stream}"
        yield f"        description: {json.dumps(contract.grain, ensure_ascii=False)}"
        yield from ("        config:", "          freshness:")
        yield f"            warn_after: {{count: {contract.latency_hours}, period: hour}}"
        yield "        columns:"
        described = [(field.name, field.description) for field in contract.fields]
        added = [
            (name, META_DESCRIPTIONS.get(name, REMEMBERED))
            for name in (*meta_columns(contract), *current_columns(contract))
        ]
        for name, description in (*described, *added):
            yield f"          - name: {name}"
            yield f"            description: {json.dumps(description, ensure_ascii=False)}"
