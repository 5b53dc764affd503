"""Links as people hand them over and take them back: read from arguments and files, given tags.

Judges none: what is wrong with a link is the business of models, asked by pipelines/reports/utm.py.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from pipelines.settings import UsageError

STDIN = "-"
DELIMITERS = ",;\t|"
COMMENT = "#"
SCHEMES = ("http://", "https://")
# Braces are an ad platform's placeholders, which it fills only as they stand.
AS_THEY_STAND = "{}"


@dataclass(frozen=True)
class Given:
    """A link as somebody gave it.

    Attributes:
        link: the text, without blanks around it.
        place: where it stands in a file; None for an argument.
    """

    link: str
    place: str | None = None


def given_links(arguments: Sequence[str]) -> list[Given]:
    """The links that arguments are, or that stand in the files which they name; - is stdin.

    A file has a link a line, or is a table whose columns with links count; lines that begin with #
    and empty ones are left out.

    Raises:
        UsageError: an argument is neither link nor file, or a file cannot be read or has no link.
    """
    return [given for argument in arguments for given in _given(argument)]


def _given(argument: str) -> list[Given]:
    if "://" in argument:
        return [Given(argument.strip())]
    if argument == STDIN:
        text = _decoded(sys.stdin.buffer.read(), "stdin")
        found = list(_found(text, "stdin"))
    else:
        path = Path(argument)
        if not path.is_file():
            raise UsageError(
                f"{argument} is no link and no file; a link begins with https://, and - is stdin"
            )
        text = _decoded(path.read_bytes(), argument)
        is_table = path.suffix.lower() in {".csv", ".tsv"}
        found = list(_in_table(text, argument) if is_table else _found(text, argument))
    if not found:
        raise UsageError(
            f"{argument} has no link: expected one a line, or a .csv with a column of links that"
            " begin with https://"
        )
    return found


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _found(text: str, name: str) -> Iterator[Given]:
    """Of a text that does not say what it is: a table if no line begins with a link."""
    lines = [line.strip().lower() for line in text.splitlines()]
    has_links = any("://" in line for line in lines if not line.startswith(COMMENT))
    if has_links and not any(line.startswith(SCHEMES) for line in lines):
        return _in_table(text, name)
    return _in_text(text, name)


def _in_text(text: str, name: str) -> Iterator[Given]:
    for number, line in enumerate(text.splitlines(), start=1):
        link = line.strip()
        if link and not link.startswith(COMMENT):
            yield Given(link, f"{name}, line {number}")


def _in_table(text: str, name: str) -> Iterator[Given]:
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader if any(row)]
    except csv.Error as error:
        raise UsageError(f"{name}, line {reader.line_num}: {error}") from error
    columns = {
        column
        for _, row in rows
        for column, cell in enumerate(row)
        if cell.strip().lower().startswith(SCHEMES)
    }
    for position, (line, row) in enumerate(rows):
        is_header = position == 0 and not any("://" in cell for cell in row)
        for column in sorted(columns) if not is_header else ():
            if column < len(row) and (link := row[column].strip()):
                yield Given(link, f"{name}, line {line}")


def tagged_link(url: str, tags: Mapping[str, str]) -> str:
    """A URL with these parameters in its query; others of it and the fragment stay as they are.

    Args:
        url: what it leads to. A parameter of the same name goes.
        tags: value by parameter; they come last, in this order.

    Raises:
        UsageError: it is no link that a browser opens.
    """
    try:
        parts = urlsplit(url)
        is_link = bool(parts.scheme in {"http", "https"} and parts.hostname)
    except ValueError:
        is_link = False
    if not is_link or any(letter.isspace() for letter in url):
        raise UsageError(
            f"--url {url!r} is no link; write it with https:// and a host, and %20 for a blank"
        )
    parameters = parts.query.split("&") if parts.query else []
    kept = [part for part in parameters if _name(part) not in tags]
    own = [f"{name}={quote(value, safe=AS_THEY_STAND)}" for name, value in tags.items()]
    return urlunsplit(parts._replace(query="&".join([*kept, *own])))


def tags_of(url: str) -> list[str]:
    """The names of the parameters in a URL's query."""
    return [_name(part) for part in url.partition("#")[0].partition("?")[2].split("&")]


def tags_of_fragment(url: str) -> list[str]:
    """The names of what looks like parameters behind its #."""
    return [_name(part) for part in re.split("[?&]", url.partition("#")[2])]


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0])
