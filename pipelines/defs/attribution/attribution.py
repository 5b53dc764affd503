"""The solve between two halves of the dbt project: journeys in, shares and credits out."""

import dagster as dg

from pipelines.attribution.journeys import INPUTS
from pipelines.defs.solving import solving_step
from pipelines.line import solve_attribution


@dg.definitions
def defs() -> dg.Definitions:
    """One step that solves the data-driven models."""
    step = solving_step(
        solve_attribution,
        description="Fit markov and data_driven to the journeys, with their intervals.",
        inputs=INPUTS,
        tables=("journey_credits", "intervals"),
    )
    return dg.Definitions(assets=[step])
