"""The packs of the week's meetings: a page each, of the release that readers see.

When one is due is in the seed ceremonies, what it shows in dashboards/packs: queries and templates.
"""

from pipelines.packs.cadence import (
    Ceremony,
    ceremonies,
    due_at,
    due_on,
    due_since,
    reporting_zone,
)
from pipelines.packs.pages import Pack, make_pack

__all__ = [
    "Ceremony",
    "Pack",
    "ceremonies",
    "due_at",
    "due_on",
    "due_since",
    "make_pack",
    "reporting_zone",
]
