"""The project as dbt's tools read it over the release: MetricFlow's `mf`, `dbt show`.

Semantic models and metrics exist there alone (dbt_project.yml), since the build file holds figures
that nobody has audited yet.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml

from pipelines.ingest.warehouse import CONFIG
from pipelines.project import one_at_a_time, project
from pipelines.publish import published_path
from pipelines.settings import UsageError
from pipelines.transform.fingerprint import parse_fingerprint
from pipelines.transform.manifest import ParseError

# The target that dbt_project.yml knows.
TARGET = "release"
LINKED = ("dbt_project.yml", "dbt_project", "seeds")
STAMP = "parsed"


def release_project(home: Path) -> Path:
    """A folder of the project whose only database is the release in front, read-only; parsed.

    Args:
        home: where the warehouse lives.

    Raises:
        UsageError: nothing is published there yet.
        ParseError: dbt could not parse the project.
    """
    if not published_path(home).exists():
        raise UsageError(
            f"nothing is published in {home}; `throughline run --home {home}` publishes a release"
        )
    ours = project()
    profiles = _profiles(home)
    stamp = hashlib.sha256(f"{parse_fingerprint()}|{profiles}".encode()).hexdigest()
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    folder = ours.made / "release" / name
    folder.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(folder):
        if not (folder / STAMP).exists() or (folder / STAMP).read_text() != stamp:
            (folder / STAMP).unlink(missing_ok=True)
            for part in LINKED:
                (folder / part).unlink(missing_ok=True)
                (folder / part).symlink_to(ours.root / part)
            (folder / "profiles.yml").write_text(profiles, encoding="utf-8")
            _parse(folder)
            (folder / STAMP).write_text(stamp)
    return folder


def _profiles(home: Path) -> str:
    release = {
        "type": "duckdb",
        "path": str(published_path(home)),
        "threads": 1,
        "config_options": {**CONFIG, "access_mode": "read_only"},
        "settings": {"TimeZone": "UTC"},
    }
    return yaml.safe_dump({"throughline": {"target": TARGET, "outputs": {TARGET: release}}})


def _parse(folder: Path) -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - two seconds where nothing has changed

    result = dbtRunner().invoke(
        [
            *("--quiet", "parse", "--project-dir", str(folder), "--profiles-dir", str(folder)),
            # Where `mf` looks.
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        ]
    )
    if not result.success:
        raise ParseError(f"the dbt project does not parse: {result.exception}")
