-- Scores are those of one version of the rules.
select count(*) as active_versions
from {{ ref('lead_score_versions') }}
where is_active
having count(*) <> 1
