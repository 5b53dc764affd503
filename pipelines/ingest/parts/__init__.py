"""Files that hold files: archives, workbooks, and records that a connector wrote of many streams.

Each part becomes a file of its own for as long as it is read; one that cannot be taken out is
listed with the reason, and the rest goes on. Expanded size and number are limited, whatever the
archive claims, and known before the first part is read: it is kept whole or not at all.
"""

from pipelines.ingest.parts.part import Part, PartsError
from pipelines.ingest.parts.parts import KINDS, parts_of
from pipelines.ingest.parts.text import CHUNK, as_utf8, rewritten

__all__ = ["CHUNK", "KINDS", "Part", "PartsError", "as_utf8", "parts_of", "rewritten"]
