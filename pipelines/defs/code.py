"""Where an asset was written: Dagster's page of it leads to the file."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg


def written_in(path: Path) -> Mapping[str, Any]:
    """The metadata of an asset that somebody wrote in this file."""
    with warnings.catch_warnings():
        # Dagster is pinned: what may change in its next version is seen with that.
        warnings.simplefilter("ignore", dg.BetaWarning)
        reference = dg.LocalFileCodeReference(file_path=str(path), label=path.name)
        references = dg.CodeReferencesMetadataValue(code_references=[reference])
    return {"dagster/code_references": references}
