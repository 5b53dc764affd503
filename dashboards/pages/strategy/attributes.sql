-- Which attribute drifts most.
select
    attribute,
    count(*) filter (where is_drifted) as drifted,
    count(*) as known,
    avg(drift) as mean_drift
from strategy.fct_intent_drift
where is_known
group by attribute
order by drifted desc, mean_drift desc, attribute
