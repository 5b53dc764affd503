-- What was expected and what came, of each hypothesis its newest version; open ones first.
select
    hypothesis_id,
    statement,
    owner_name,
    verdict,
    is_update_open,
    update_latency_days,
    review_by_date
from strategy.fct_hypothesis_tests
where is_newest_version
order by is_update_open desc, review_by_date nulls last, hypothesis_id
