"""Records that a connector wrote of many streams into one file."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from pipelines.ingest.lines import Lines
from pipelines.ingest.parts.part import Part, PartsError, part
from pipelines.ingest.places import FoundFile
from pipelines.ingest.sniff import Head

MAX_STREAMS = 500
LINE_CHARACTERS = 16_000_000
DECODER = json.JSONDecoder()


def streams(found: FoundFile, path: Path, head: Head, folder: Path) -> Iterator[Part]:
    """One file of records per stream; lines that are no records (logs, states) are no part.

    A damaged record goes with the one before it, the first with the one behind: who reads that part
    quarantines it.

    Raises:
        PartsError: it has very many streams.
    """
    files: dict[str, IO[str]] = {}
    with ExitStack() as stack:
        opened = gzip.open if head.compression else open
        source = cast(IO[bytes], stack.enter_context(opened(path, "rb")))
        lines = Lines(source, LINE_CHARACTERS)
        for stream, record in _records(lines):
            if stream not in files:
                if len(files) == MAX_STREAMS:
                    raise PartsError(f"it holds more than {MAX_STREAMS} streams; split it")
                target = folder / f"{len(files)}.jsonl"
                files[stream] = stack.enter_context(
                    target.open("w", encoding="utf-8", errors="surrogateescape")
                )
            files[stream].write(record + "\n")
    for stream, file in sorted(files.items()):
        # A connector may put the source in front: trello__boards.
        parents = [step for step in re.split("__|/", stream) if step]
        place = PurePosixPath(found.relative).parent.joinpath(*parents, "records")
        yield part(found, Path(file.name), stream, place)


def _records(lines: Lines) -> Iterator[tuple[str, str]]:
    """Stream and text of each record, damaged ones among them."""
    stream = ""
    damaged: list[str] = []
    for line in lines:
        lines.begin()
        try:
            wrapped = _record(line)
        except (ValueError, RecursionError):
            # A log may be any text.
            damaged += [line.strip()] if line.lstrip().startswith("{") else []
            wrapped = None
        if wrapped:
            stream = wrapped[0]
            yield wrapped
        if stream:
            yield from ((stream, text) for text in damaged)
            damaged = []


def _record(line: str) -> tuple[str, str] | None:
    """Stream and record, as Airbyte writes its files and as its protocol wraps them.

    Raises:
        ValueError, RecursionError: the line is no JSON object, or a very deep one.
    """
    fields = _fields(line)
    if fields.get("type", ("",))[0] == "RECORD" and "record" in fields:
        fields = _fields(fields["record"][1])
    (stream, _), (_, record) = fields.get("stream", (None, "")), fields.get("data", (None, ""))
    return (stream, record) if isinstance(stream, str) and record else None


def _fields(text: str) -> dict[str, tuple[Any, str]]:
    """The fields of a JSON object, each with its text as it was written: 1.10 stays 1.10."""
    fields: dict[str, tuple[Any, str]] = {}
    place = _past("{", text, 0)
    while text[place : place + 1] != "}":
        key, place = DECODER.raw_decode(text, place)
        begin = _past(":", text, place)
        value, place = DECODER.raw_decode(text, begin)
        fields[key] = value, text[begin:place]
        place = _past("", text, place)
        if text[place : place + 1] != "}":
            place = _past(",", text, place)
    if text[place + 1 :].strip():
        raise ValueError("there is more behind the object")
    return fields


def _past(mark: str, text: str, place: int) -> int:
    """The place of what follows a mark and the blanks around it."""
    found = re.compile(rf"\s*{re.escape(mark)}\s*").match(text, place)
    if found is None:
        raise ValueError(f"expected {mark}")
    return found.end()
