"""From the build file to the readers: releases, written whole and swapped in whole.

A release is one read-only DuckDB file. `<home>/published/marketing.duckdb` is what readers open,
`<home>/releases/` holds the newest ones that were ever put there. No rule of the business lives
here; the audit that decides whether to publish is in defs/publish.
"""

from pipelines.publish.build import build_release
from pipelines.publish.content import PublishError, content_hash
from pipelines.publish.describe import Described
from pipelines.publish.evaluations import keep_evaluations
from pipelines.publish.release import (
    Release,
    opened,
    published_path,
    published_release,
    release_path,
)
from pipelines.publish.swap import Published, publish, rollback

__all__ = [
    "Described",
    "PublishError",
    "Published",
    "Release",
    "build_release",
    "content_hash",
    "keep_evaluations",
    "opened",
    "publish",
    "published_path",
    "published_release",
    "release_path",
    "rollback",
]
