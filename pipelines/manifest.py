"""dbt's manifest, parsed anew only when the project changed.

Dagster needs it to draw the graph; dbt itself starts faster from the partial parse beside it.
"""

import logging
from pathlib import Path

from pipelines.fingerprint import dbt_fingerprint
from pipelines.settings import DBT_TARGET_DIR, MANIFEST_PATH, PROJECT_DIR

STAMP = DBT_TARGET_DIR / "manifest.fingerprint"

logger = logging.getLogger(__name__)


class ParseError(Exception):
    """The dbt project does not parse; the message is dbt's own."""


def current_manifest() -> Path:
    """The path of a manifest that fits the project as it is now.

    Raises:
        ParseError: dbt could not parse the project.
    """
    fingerprint = dbt_fingerprint()
    if not (MANIFEST_PATH.exists() and STAMP.exists() and STAMP.read_text() == fingerprint):
        logger.info("reading the dbt project")
        _parse()
        STAMP.write_text(fingerprint)
    return MANIFEST_PATH


def _parse() -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - two seconds that most runs save

    result = dbtRunner().invoke(
        ["--quiet", "parse", "--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
    )
    if not result.success:
        raise ParseError(f"the dbt project does not parse: {result.exception}")
