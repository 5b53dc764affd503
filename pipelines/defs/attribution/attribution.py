"""The solve between two halves of the dbt project: journeys in, shares and credits out."""

import dagster as dg

from pipelines.attribution.anew import INPUTS, TABLES
from pipelines.defs.solving import solving_step
from pipelines.line import solve_attribution


@dg.definitions
def defs() -> dg.Definitions:
    """One step that solves the data-driven models and the responses."""
    step = solving_step(
        solve_attribution,
        description="Fit markov and data_driven to the journeys, and responses to spend to what"
        " they credit.",
        inputs=INPUTS,
        tables=TABLES,
    )
    return dg.Definitions(assets=[step])
