-- A weight that was raised without lowering another makes every tool look better (S4-45).
select sum(weight_pct) as weight_pct
from {{ ref('tool_criteria') }}
having sum(weight_pct) <> 100
