"""The solve between two halves of the dbt project: journeys in, shares and credits out."""

import dagster as dg

from pipelines.attribution import journeys, response
from pipelines.defs.solving import solving_step
from pipelines.line import solve_attribution


@dg.definitions
def defs() -> dg.Definitions:
    """One step that solves the data-driven models and the responses."""
    step = solving_step(
        solve_attribution,
        description="Fit markov and data_driven to the journeys, and responses to spend to what"
        " they credit.",
        inputs={**journeys.INPUTS, **response.INPUTS},
        tables=(
            *("journey_credits", "intervals", "lift_tests"),
            *("response_weeks", "response_curves", "response_points"),
        ),
    )
    return dg.Definitions(assets=[step])
