-- Output and reliability, sprint by sprint, the newest first.
select
    sprint_end_date,
    diagnosis,
    output_count,
    prior_output_count,
    reliability,
    prior_reliability
from strategy.fct_operating_diagnosis
order by sprint_end_date desc
