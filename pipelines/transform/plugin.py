"""What dbt-duckdb loads when it opens the build file: see `plugins` in profiles.yml.

A dbt that comes before the first run finds what the loader would make first, with nothing in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from pipelines.ingest.warehouse import connect


class Plugin(BasePlugin):  # type: ignore[misc] # the package has no types
    """Makes the build file where there is none."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Called before the file is opened; dbt stands in the project's folder."""
        del plugin_config
        path = Path(self.creds.path)
        if not path.exists():
            connect(path).close()
