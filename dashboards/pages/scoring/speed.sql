-- How fast sales acts on each band, and how far bands differ from the CRM's stages.
select
    score_band,
    count(*) as contacts,
    count(routed_at) as routed,
    count(*) filter (where routed_at is not null and first_action_at is null) as waiting,
    avg(cast(is_within_sla as integer)) as within_sla_rate,
    median(speed_to_lead_minutes) / 60 as median_hours,
    avg(cast(is_band_stage_disagreement as integer)) as disagreement_rate
from funnel.fct_lead_scores
group by score_band
order by case score_band when 'Hot' then 1 when 'SQL' then 2 when 'MQL' then 3 else 4 end, score_band
