"""What the command line says at the end: one screen for people, or one JSON object.

Reads a release and the build's ledger; computes no figure that a mart does not hold.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.run import Outcome
from pipelines.runs import connection

Rows = list[tuple[Any, ...]]

FILES_SQL = """
    select status, count(*) as files, sum(rows_read) as rows_read, sum(rows_loaded) as rows_loaded,
        sum(rows_rejected) as rows_rejected, sum(rows_skipped) as rows_skipped
    from ops.files group by status order by status
"""
FILE_MESSAGES_SQL = """
    select path, status, message from ops.files
    where message is not null and (status not in ('loaded', 'duplicate') or rows_rejected > 0)
    order by status, path
"""
CHECKS_SQL = """
    select severity, count(*) filter (success) as passed, count(*) filter (not success) as failed
    from quality.fct_quality_results group by severity order by severity
"""
CREDITS_SQL = """
    select channel, attribution_model, sum(credit) as credit
    from attribution.fct_attribution_credits where conversion_type = 'closed_won'
    group by all order by all
"""
LAUNCHES_SQL = """
    select campaign_name, slip_days from operations.fct_campaign_launches
    where is_delayed_over_threshold order by slip_days desc, campaign_name
"""
BLOCKED_SQL = """
    select count(*) from operations.fct_approval_rounds where is_blocked
"""
CONFIDENCE_SQL = """
    select reporting_confidence from quality.fct_report_confidence where campaign_family = 'All'
"""
