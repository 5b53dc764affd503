"""dbt as a test runs it: its own build file, its own target folder, the project as it is."""

import os
import subprocess
import sys
from pathlib import Path

from pipelines.settings import PROJECT_DIR


def run_dbt(
    build: Path, *arguments: str, as_of_at: str, check: bool = True, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one dbt command against a build file."""
    command = [
        str(Path(sys.executable).with_name("dbt")),
        *arguments,
        *("--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)),
        *("--target-path", str(build.parent / "dbt"), "--log-path", str(build.parent / "dbt")),
        *("--vars", f'{{"as_of_at": "{as_of_at}"}}'),
    ]
    result = subprocess.run(
        command,
        env={**os.environ, "THROUGHLINE_BUILD_PATH": str(build), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or result.returncode == 0, result.stdout[-4000:]
    return result
