"""Documentation beside the site: dbt's own pages, which column comes from which, Data Docs.

The first two are of the project as these rules build it where nothing was delivered: they say what
every relation is and how it is made. Data Docs say what the newest audits found. None holds a row
of anybody's.
"""

from __future__ import annotations

import logging
import shutil
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.project import project
from pipelines.queries import READABLE
from pipelines.reports.records import build_file
from pipelines.settings import Settings, UsageError, needs_extra, point_dbt_at
from pipelines.site.build import DOCUMENTS, try_site
from pipelines.site.place import OPEN, placed
from pipelines.transform.build import TransformError
from pipelines.transform.manifest import parsed_manifest
from pipelines.transform.prepared import DATABASE, current_plan


@dataclass(frozen=True)
class Documents:
    """Documentation that was built.

    Attributes:
        path: the folder.
        pages: the files to open.
        unfollowed: of which column no origin was found, and why, a line each.
        seconds: how long it took.
    """

    path: Path
    pages: tuple[Path, ...]
    unfollowed: tuple[str, ...]
    seconds: float


def build_documents(settings: Settings) -> Documents:
    """Build them and put them in place of those before.

    Raises:
        UsageError: what draws the lineage is not installed.
        TransformError: dbt does not get through the project.
    """
    started = time.monotonic()
    if find_spec("dbt_colibri") is None:
        raise UsageError(f"`throughline docs` {needs_extra('docs')}")
    plan = current_plan()
    out = settings.docs_dir
    with placed(out) as made, TemporaryDirectory(prefix="throughline-") as folder:
        scratch = Path(folder)
        # Others read the database of the plan meanwhile, and dbt opens its own for writing.
        shutil.copyfile(plan.database, scratch / DATABASE)
        _describe(scratch)
        shutil.copyfile(scratch / "static_index.html", made / "dbt.html")
        unfollowed = _trace(scratch, made / "lineage.html")
        _show_checks(settings, made / "checks")
        for path in made.rglob("*"):
            path.chmod(OPEN if path.is_dir() else READABLE)
        pages = tuple(out / name for name in DOCUMENTS if (made / name).exists())
    if settings.site_dir.exists():
        # Its page of definitions links to them once they are there.
        try_site(settings)
    return Documents(out, pages, unfollowed, time.monotonic() - started)


def _describe(scratch: Path) -> None:
    """dbt's documentation as one page, and the catalog and manifest behind it."""
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - two seconds that most commands save

    # What was parsed for the plan; its own parsing would take dbt most of its time here.
    manifest = parsed_manifest()
    point_dbt_at(Settings(scratch, scratch))
    root = str(project().root)
    outcome = dbtRunner(manifest=manifest).invoke(
        [
            *("--quiet", "docs", "generate", "--static", "--no-partial-parse"),
            *("--exclude", "resource_type:test", "resource_type:unit_test"),
            *("--project-dir", root, "--profiles-dir", root),
            *("--target-path", str(scratch), "--log-path", str(scratch)),
        ]
    )
    if not outcome.success:
        raise TransformError(f"dbt cannot document the project: {outcome.exception}", ())


def _show_checks(settings: Settings, folder: Path) -> None:
    """Data Docs of what the newest audits found; none before the first."""
    from expectations import results  # noqa: PLC0415 - the library costs seconds

    with build_file(settings.home) as con:
        found = results.newest(con) if con else []
    if found:
        from expectations.gx.data_docs import build_data_docs  # noqa: PLC0415

        build_data_docs(folder, found)


def _trace(scratch: Path, page: Path) -> tuple[str, ...]:
    """Columns and what they are made of, as dbt-colibri finds it in the compiled statements.

    Returns:
        What it could not follow, a line each.
    """
    from dbt_colibri.lineage_extractor.extractor import (  # noqa: PLC0415 - an extra
        DbtColumnLineageExtractor,
    )
    from dbt_colibri.report.generator import DbtColibriReportGenerator  # noqa: PLC0415

    unfollowed = _Messages()
    logger = logging.getLogger("colibri")
    # A logger that somebody listens to already gets no handler that prints.
    logger.addHandler(unfollowed)
    found = DbtColumnLineageExtractor(str(scratch / "manifest.json"), str(scratch / "catalog.json"))
    # Without this the page calls home when somebody looks.
    report = DbtColibriReportGenerator(found, disable_telemetry=True)
    report.generate_report(output_dir=str(scratch / "lineage"))
    logger.removeHandler(unfollowed)
    shutil.copyfile(scratch / "lineage" / "index.html", page)
    return tuple(unfollowed.said)


class _Messages(logging.Handler):
    """What dbt-colibri could not follow: it says so, and goes on."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())
