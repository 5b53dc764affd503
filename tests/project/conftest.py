"""The manifest of the dbt project, for tests of what it says."""

import json
from typing import Any

import pytest

from pipelines.transform.manifest import current_manifest


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    return json.loads(current_manifest().read_text())
