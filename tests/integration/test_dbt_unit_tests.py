"""dbt's unit tests: the logic of single models, on relations that the sample company has built."""

import json
import re
import shutil
from pathlib import Path

from pipelines.transform.manifest import current_manifest
from tests.dbt import run_dbt

AS_OF = "2026-10-01 06:00:00.000000"


def test_units(warehouse: Path, tmp_path: Path) -> None:
    copy = tmp_path / "build.duckdb"
    shutil.copyfile(warehouse / "build.duckdb", copy)
    result = run_dbt(copy, "test", "--select", "test_type:unit", as_of_at=AS_OF, check=False)
    assert result.returncode == 0, "\n".join(result.stdout.splitlines()[-80:])
    passed = re.search(r"PASS=([0-9]+)", result.stdout)
    written = json.loads(current_manifest().read_text())["unit_tests"]
    assert passed
    # Besides them the project's hooks.
    assert int(passed.group(1)) >= len(written) > 100, "every unit test ran"
