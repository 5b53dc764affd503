-- Which launches come into each other's way, past ones and those that can still be moved (S4-40).
with launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

thresholds as (
    select max(threshold_value) as collision_days
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'launch_collision_days'
),

dated as (
    select
        campaigns.*,
        launches.evidenced_live_at is null as is_ahead,
        {{ reporting_day('coalesce(launches.evidenced_live_at, launches.current_planned_at)') }} as launch_date
    from campaigns
    inner join launches on campaigns.campaign_key = launches.campaign_key
),

paired as (
    select
        earlier.campaign_key,
        later.campaign_key as other_campaign_key,
        earlier.launch_date,
        later.launch_date as other_launch_date,
        {{ days_between('earlier.launch_date', 'later.launch_date') }} as days_apart,
        earlier.is_ahead or later.is_ahead as is_ahead,
        earlier.owner_name = later.owner_name as is_same_owner,
        earlier.utm_source = later.utm_source and earlier.utm_medium = later.utm_medium as is_same_channel,
        earlier.landing_page_url = later.landing_page_url
        and earlier.valid_from_date <= coalesce(later.valid_to_date, earlier.valid_from_date)
        and coalesce(earlier.valid_to_date, later.valid_from_date) >= later.valid_from_date as is_same_page
    from dated as earlier
    inner join dated as later
        on
            earlier.launch_date < later.launch_date
            or (earlier.launch_date = later.launch_date and earlier.campaign_key < later.campaign_key)
),

found as (
    {%- for kind in ['same_owner', 'same_channel'] %}
    select
        paired.*,
        '{{ kind }}' as collision
    from paired
    inner join thresholds on paired.days_apart <= thresholds.collision_days
    where paired.is_{{ kind }}
    union all
    {%- endfor %}
    -- One page can't keep what two campaigns promise, whenever they began.
    select
        *,
        'same_page' as collision
    from paired
    where is_same_page
),

final as (
    select
        {{ surrogate_key(['campaign_key', 'other_campaign_key', 'collision']) }} as campaign_collision_id,
        campaign_key,
        other_campaign_key,
        collision,
        is_ahead,
        days_apart,
        launch_date,
        other_launch_date
    from found
)

select * from final
