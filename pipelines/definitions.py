"""The Dagster code location: composes what `defs/` holds, and nothing else."""

import dagster as dg

from pipelines.settings import CODE_DIR


@dg.definitions
def defs() -> dg.Definitions:
    """Everything below defs/, run in one process: the build file has one writer."""
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=CODE_DIR),
        dg.Definitions(executor=dg.in_process_executor),
    )
