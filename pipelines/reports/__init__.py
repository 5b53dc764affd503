"""What the commands have to say, as data: each report is what --json prints.

Reads releases and the build's ledger; computes no figure that a mart does not hold. How a report
looks to people is the business of pipelines/screen.
"""

from pipelines.reports.accuracy import report_audit_sample
from pipelines.reports.briefs import report_briefs, report_context
from pipelines.reports.erasures import report_erase, report_erasures
from pipelines.reports.explain import Figure, report_explained
from pipelines.reports.export import report_export
from pipelines.reports.gx import report_gx_export
from pipelines.reports.metrics import report_metrics
from pipelines.reports.outbox import report_outbox, send_outbox
from pipelines.reports.outcome import report_outcome
from pipelines.reports.packs import report_packs
from pipelines.reports.preview import report_preview
from pipelines.reports.records import Record, Report
from pipelines.reports.route import report_route
from pipelines.reports.site import report_site
from pipelines.reports.standing import report_attention, report_rollback, report_status
from pipelines.reports.utm import report_utm_build, report_utm_check
from pipelines.reports.whatif import report_whatif
from pipelines.reports.work_packages import report_work_packages

__all__ = [
    "Figure",
    "Record",
    "Report",
    "report_attention",
    "report_audit_sample",
    "report_briefs",
    "report_context",
    "report_erase",
    "report_erasures",
    "report_explained",
    "report_export",
    "report_gx_export",
    "report_metrics",
    "report_outbox",
    "report_outcome",
    "report_packs",
    "report_preview",
    "report_rollback",
    "report_route",
    "report_site",
    "report_status",
    "report_utm_build",
    "report_utm_check",
    "report_whatif",
    "report_work_packages",
    "send_outbox",
]
