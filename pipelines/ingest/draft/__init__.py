"""A contract drafted from one file, for a person to finish: `throughline contract new`.

The file is read by the reader itself, every column as text, and its values say the rest. Whatever
they cannot say is marked `# check:`; `throughline contract check` refuses a contract with such a
mark in it. No value of a file is written into a contract, but for markers of nothing and totals.
"""

from pipelines.ingest.draft.document import Draft
from pipelines.ingest.draft.draft import draft_contracts

__all__ = ["Draft", "draft_contracts"]
