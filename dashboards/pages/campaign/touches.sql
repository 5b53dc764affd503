-- Touches that carry the name of each campaign, by month in the reporting zone and channel.
select
    campaign_key,
    cast(date_trunc('month', touched_at at time zone 'UTC' at time zone $zone) as date) as month_start_date,
    channel,
    count(*) as touches,
    count(distinct contact_key) as contacts
from attribution.fct_touches
where campaign_key is not null
group by all
order by campaign_key, month_start_date, channel
