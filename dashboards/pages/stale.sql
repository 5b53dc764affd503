-- Sources that are late as of the run.
select sentence
from operations.fct_attention_items
where kind = 'stale_source'
order by attention_rank
