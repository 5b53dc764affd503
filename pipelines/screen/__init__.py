"""What people see on stdout: each report drawn with lines and tables, or printed as JSON.

Draws what a report holds and nothing else: what it says is the business of pipelines/reports.
Progress, on stderr, is in progress.py.
"""

from pipelines.screen.amended import draw_forgotten, draw_reloaded
from pipelines.screen.briefs import draw_briefs
from pipelines.screen.console import as_text, print_json, show, show_beside
from pipelines.screen.erasures import draw_erasures
from pipelines.screen.explained import draw_explained
from pipelines.screen.export import draw_export
from pipelines.screen.outbox import draw_outbox
from pipelines.screen.outcome import draw_outcome
from pipelines.screen.packs import draw_packs
from pipelines.screen.preview import draw_preview
from pipelines.screen.route import draw_route
from pipelines.screen.simulated import draw_simulated
from pipelines.screen.site import draw_site
from pipelines.screen.standing import draw_rollback, draw_status
from pipelines.screen.utm import draw_utm_build, draw_utm_check
from pipelines.screen.whatif import draw_whatif

__all__ = [
    "as_text",
    "draw_briefs",
    "draw_erasures",
    "draw_explained",
    "draw_export",
    "draw_forgotten",
    "draw_outbox",
    "draw_outcome",
    "draw_packs",
    "draw_preview",
    "draw_reloaded",
    "draw_rollback",
    "draw_route",
    "draw_simulated",
    "draw_site",
    "draw_status",
    "draw_utm_build",
    "draw_utm_check",
    "draw_whatif",
    "print_json",
    "show",
    "show_beside",
]
