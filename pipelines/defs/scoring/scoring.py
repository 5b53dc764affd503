"""What is learned about leads, between the two halves of the dbt project."""

import dagster as dg

from pipelines.defs.solving import solving_step
from pipelines.line import learn_lead_scores
from pipelines.scoring.learned import INPUTS


@dg.definitions
def defs() -> dg.Definitions:
    """One step that holds a learned lead score against the rules."""
    step = solving_step(
        learn_lead_scores,
        description="Learn from earlier leads, and hold it against the rules on later ones.",
        inputs=INPUTS,
        tables=("lead_score_evaluations", "lead_chances"),
    )
    return dg.Definitions(assets=[step])
