"""Reading again what came before, by the contract and the hints of today.

A file that still lies where it was is read anew; it gets another number and keeps its batch, its
time and so its place in the order. No view shows what was landed of it before, since no line of the
ledger has that number any more. Of a file that is gone the values that its contract has learnt to
name are taken from `_extra`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import duckdb

from pipelines.ingest.contract import Contract
from pipelines.ingest.hints import as_text
from pipelines.ingest.ledger import LANDED, LINE_COLUMNS, Line, Paths, around
from pipelines.ingest.locale import LocaleError, decide
from pipelines.ingest.places import FoundFile
from pipelines.ingest.relations import ensure_columns, landed_table
from pipelines.sql import literal, quoted, text_list

GONE = "its contract reads otherwise by now, and its file is gone: what was read of it stays"
TAKEN = "taken from _extra, where it was kept"

logger = logging.getLogger(__name__)


def read_as(contract: Contract, hints: Mapping[str, str]) -> str:
    """A text that changes whenever a file of the stream would be read otherwise: a short one of
    the contract, then the hints.
    """
    return f"{_rules(contract)} {as_text(hints)}".strip()


# By the contract's version: a contract that is compared field by field costs every small file.
_KNOWN_RULES: dict[str, str] = {}


def _rules(contract: Contract) -> str:
    """What of a contract decides how its files are read: neither descriptions nor checks."""
    key = f"{contract.name} {contract.version}"
    if key not in _KNOWN_RULES:
        fields = [
            replace(f, description="", allowed=(), pattern=None, is_pii=False, is_critical=False)
            for f in contract.fields
        ]
        rules = (
            *(fields, contract.layout, contract.signature, contract.preamble),
            *(contract.skip_rows, contract.records, contract.is_localised),
        )
        _KNOWN_RULES[key] = hashlib.sha256(repr(rules).encode()).hexdigest()[:16]
    return _KNOWN_RULES[key]


def stale(
    con: duckdb.DuckDBPyConnection,
    contracts: Iterable[Contract],
    unchanged: Mapping[str, FoundFile],
) -> tuple[dict[str, list[Line]], set[str]]:
    """Deliveries that today's rules read otherwise and whose bytes still lie in the exports.

    Args:
        con: the build file.
        contracts: of today.
        unchanged: by path, the files that the ledger knows.

    Returns:
        By hash the deliveries of these bytes, and the files that hold them.
    """
    by_name = {(contract.source, contract.stream): contract for contract in contracts}
    landed: dict[str, list[tuple[Line, str]]] = {}
    for *row, was_read_as in con.execute(
        f"select {LINE_COLUMNS}, read_as from ops.files where status in {text_list(LANDED)}"
        " and read_as is not null order by file_id"
    ).fetchall():
        line = Line(*row)
        if line.sha256 and (line.source, line.stream) in by_name:
            landed.setdefault(line.sha256, []).append((line, was_read_as))
    known: dict[tuple[object, ...], str] = {}
    again: dict[str, list[Line]] = {}
    holders: set[str] = set()
    for path, sha256 in _last_bytes(con):
        for line, was_read_as in landed.get(sha256, ()):
            host = next((p for p in around(path) if p in unchanged), None)
            if host is None:
                break
            hints = unchanged[host].hints
            key = (line.source, line.stream, as_text(hints))
            if key not in known:
                known[key] = read_as(by_name[line.source or "", line.stream or ""], hints)
            if was_read_as != known[key]:
                if line not in again.setdefault(sha256, []):
                    again[sha256].append(line)
                holders.update(candidate for candidate in around(path) if candidate != ".")
    return again, holders


def _last_bytes(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """By path the hash of what came by it last."""
    return con.execute(
        "select path, sha256 from ops.files"
        f" where status in {text_list((*LANDED, 'duplicate'))}"
        " qualify row_number() over (partition by path order by batch_id desc, file_id desc) = 1"
    ).fetchall()


def say_what_is_gone(
    con: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], found: Paths
) -> None:
    """Note in the ledger which deliveries another contract read, and cannot be read again.

    Args:
        con: the build file.
        contracts: of today.
        found: what lies in the exports.
    """
    today = {(contract.source, contract.stream): contract for contract in contracts}
    present = {sha256 for path, sha256 in _last_bytes(con) if path in found}
    gone = [
        file_id
        for file_id, sha256, source, stream, was_read_as in con.execute(
            "select file_id, sha256, source, stream, read_as from ops.files"
            f" where read_as is not null and status in {text_list(LANDED)}"
            f" and coalesce(message, '') not like '%{GONE}%'"
            f" and coalesce(message, '') not like '%{TAKEN}%'"
        ).fetchall()
        if sha256 not in present
        and (source, stream) in today
        and was_read_as.split(" ")[0] != _rules(today[source, stream])
    ]
    if gone:
        con.execute(
            f"update ops.files set message = coalesce(message || '; ', path || ': ') || '{GONE}'"
            " where list_contains(?, file_id)",
            [gone],
        )
        logger.info("%d deliveries: %s", len(gone), GONE)


def take_from_extra(
    con: duckdb.DuckDBPyConnection,
    contracts: Sequence[Contract],
    version: str,
    except_for: Iterable[str],
) -> None:
    """Fill columns that a contract has learnt to name from what was kept of them.

    Args:
        con: the build file.
        contracts: of today.
        version: theirs. A file is looked at once for each.
        except_for: hashes of files that are read again from the file itself.
    """
    others = set(except_for)
    by_name = {(contract.source, contract.stream): contract for contract in contracts}
    for source, stream, file_id, path, sha256 in con.execute(
        "select source, stream, file_id, path, sha256 from ops.files"
        " where rows_loaded > 0 and extra_columns is not null and contract_version <> ?",
        [version],
    ).fetchall():
        if sha256 not in others and (source, stream) in by_name:
            _fill(con, by_name[source, stream], file_id, path, version)


def _fill(
    con: duckdb.DuckDBPyConnection, contract: Contract, file_id: int, path: str, version: str
) -> None:
    """One file, in a transaction of its own."""
    table = landed_table(contract)
    labels = [
        label
        for (label,) in con.execute(
            f"select distinct unnest(json_keys(_extra)) as label from {table}"
            f" where _file_id = {file_id} order by label"
        ).fetchall()
    ]
    named: dict[str, list[str]] = {}
    for label in labels:
        if name := contract.column_of(label)[0]:
            named.setdefault(name, []).append(label)
    rest = [label for label in labels if contract.column_of(label)[0] is None]
    # DuckDB does not commit a new column together with values of it.
    ensure_columns(con, contract, named)
    con.begin()
    for name, spellings in named.items():
        kept = [f"json_extract_string(_extra, {literal(_member(s))})" for s in spellings]
        con.execute(
            f"update {table} set {quoted(name)} = coalesce({quoted(name)}, {', '.join(kept)})"
            f" where _file_id = {file_id} and _extra is not null"
        )
    con.execute(
        "update ops.files set contract_version = ?, extra_columns = ? where file_id = ?",
        [version, ", ".join(rest) or None, file_id],
    )
    if named:
        said = f"{path}: {', '.join(sorted(named))} {TAKEN}"
        said += _settle_locale(con, contract, file_id, sorted(named))
        con.execute("update ops.files set message = ? where file_id = ?", [said, file_id])
        logger.info("%s", said)
    con.commit()


def _settle_locale(
    con: duckdb.DuckDBPyConnection, contract: Contract, file_id: int, names: Sequence[str]
) -> str:
    """Let the new values say how the file writes, where its others had not; what is in the way."""
    if not contract.is_localised:
        return ""
    rows = f"(from {landed_table(contract)} where _file_id = {file_id} and not _is_skipped)"
    try:
        locale = decide(con, contract, rows, names, {})
    except LocaleError as error:
        return f"; {error}"
    con.execute(
        "update ops.files set date_order = coalesce(date_order, ?),"
        " decimal_mark = coalesce(decimal_mark, ?) where file_id = ?",
        [locale.date_order, locale.decimal_mark, file_id],
    )
    return ""


def _member(label: str) -> str:
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'
