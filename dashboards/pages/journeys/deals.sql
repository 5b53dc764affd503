-- Won deals one by one: how each came, and what each channel that touched it is credited with.
with paths as (
    select
        conversion_id,
        string_agg(channel, ' → ' order by position) as path
    from (
        select
            conversion_id,
            channel,
            min(touch_position) as position
        from attribution.fct_attribution_credits
        where attribution_model = 'linear' and conversion_type = 'closed_won' and touch_id is not null
        group by conversion_id, channel
    )
    group by conversion_id
),

newest as (
    select
        journeys.conversion_id,
        cast(journeys.converted_at at time zone 'UTC' at time zone $zone as date) as won_on,
        paths.path,
        journeys.touches,
        date_diff('second', journeys.first_at, journeys.converted_at) / 86400 as days
    from temp.journeys
    inner join paths on journeys.conversion_id = paths.conversion_id
    order by journeys.converted_at desc, journeys.conversion_id
    limit 200
)

select
    newest.*,
    credits.channel,
    sum(credits.credit) as credit,
    sum(credits.credited_amount) as credited_amount
from newest
inner join attribution.fct_attribution_credits as credits on newest.conversion_id = credits.conversion_id
where
    credits.conversion_type = 'closed_won'
    and credits.attribution_model = (
        select any_value(attribution_model) from attribution.fct_channel_performance_daily where is_headline_model
    )
group by all
order by newest.won_on desc, newest.conversion_id, credits.channel
