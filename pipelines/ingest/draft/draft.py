"""From a file to its drafts: one, or one for each table of an archive or workbook."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.ingest.draft.document import Draft, also, as_contract
from pipelines.ingest.draft.profile import profiled
from pipelines.ingest.draft.table import layout, slug, with_preamble
from pipelines.ingest.messages import reason_of
from pipelines.ingest.parts import KINDS, PartsError, as_utf8, parts_of
from pipelines.ingest.places import brought_here, find_files
from pipelines.ingest.read import (
    FileToRead,
    UnreadableError,
    parquet_columns,
    read_file,
    readers_of,
)
from pipelines.ingest.recognise import match_columns
from pipelines.ingest.relations import ensure_relations
from pipelines.ingest.sniff import Head, look
from pipelines.ingest.warehouse import OPS_TABLES
from pipelines.settings import UsageError, utc_now

ERRORS = (duckdb.Error, OSError, EOFError, UnicodeError, LookupError, UnreadableError)


def draft_contracts(path: Path, source: str | None, stream: str | None) -> list[Draft]:
    """Draft the contract of a file, or of every table of an archive or workbook.

    Args:
        path: any file that the loader reads, or what lies in an archive, as the ledger has it; one
            that is not there is looked for below the folder `exports`, too.
        source, stream: names; without them they come from the file's name.

    Raises:
        UsageError: the file holds no table, or several while one name is given for them.
    """
    path, wanted = _file_and_part(path)
    names = slug(source or re.sub(r"[0-9]{4,}", " ", path.name.split(".")[0])), stream
    (found,) = (f for f in find_files(path.parent) if f.path == path)
    try:
        with brought_here(found) as plain:
            head = look(plain)
            if head.kind not in KINDS:
                return [_draft(plain, head, names[0], slug(stream or names[0]), "", None)]
            drafts = []
            for part in parts_of(found, plain, head):
                inner = part.found
                if inner.path is None:
                    continue
                name = inner.relative.removeprefix(f"{found.relative}/")
                if wanted not in ("", name):
                    continue
                of_part = slug(stream or Path(name).stem)
                drafts.append(
                    _draft(
                        *(inner.path, look(inner.path), names[0], of_part, name, part.epoch),
                    )
                )
    except (*ERRORS, PartsError) as error:
        raise UsageError(f"{path} cannot be read: {reason_of(error)}") from error
    if not drafts:
        raise UsageError(f"{path} holds no {wanted or 'table'}")
    if stream and len(drafts) > 1:
        raise UsageError(f"{path} holds {len(drafts)} tables; leave out --stream, each gets one")
    return drafts


def _file_and_part(path: Path) -> tuple[Path, str]:
    """The file that a path leads to, and what is meant of it where the path leads inside of it."""
    for whole in (path, Path("exports") / path):
        for file in (whole, *whole.parents):
            if file.is_file():
                return file.resolve(), whole.relative_to(file).as_posix() if file != whole else ""
    raise UsageError(f"{path} is no file; give an export as the vendor wrote it")


def _draft(
    path: Path, head: Head, source: str, stream: str, name: str, epoch: date | None
) -> Draft:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        if head.kind == "parquet":
            head = replace(head, keys=parquet_columns(con, path))
        if head.kind not in ("csv", "json", "parquet"):
            raise UsageError(f"{name or path} is {head.detail or 'empty'}; expected a table")
        draft, header = layout(head, source, stream, name)
        contract = as_contract(draft, Path(folder))
        draft = with_preamble(draft, contract, header.preamble if header else ())
        con.execute(OPS_TABLES)
        ensure_relations(con, [contract])
        match = match_columns(contract, header.cells if header else head.keys)
        match = replace(match, header=header, records=draft.records)
        with as_utf8(path, head.encoding) as readable:
            file = FileToRead(readable, head, match, 1, utc_now(), sheet_epoch=epoch)
            con.begin()
            reading = read_file(con, file, readers_of(file)[-1])
            con.commit()
        draft = replace(draft, rows=reading.loaded)
        if reading.rejected:
            reasons = con.execute(
                "select string_agg(distinct reason, ', ') from ops.rejected_rows"
            ).fetchall()[0][0]
            draft = also(
                draft,
                f"{reading.rejected} of {reading.read} lines could not be read ({reasons}). If they"
                " are totals or footers, skipRows.line_matches skips them; if they are most of the"
                " file, another `layout` may fit",
            )
        draft = profiled(con, contract, draft, is_sheet=epoch is not None)
        as_contract(draft, Path(folder))
    return draft
