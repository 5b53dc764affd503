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

launched as (
    select
        campaigns.*,
        launches.evidenced_live_at is null as is_ahead,
        {{ reporting_day('coalesce(launches.evidenced_live_at, launches.current_planned_at)') }} as launch_date
    from campaigns
    inner join launches on campaigns.campaign_key = launches.campaign_key
),

-- Time in spans as long as launches may lie apart: who comes near falls into the same or the next one.
dated as (
    select
        launched.*,
        cast(floor(
            {{ days_between("cast('2000-01-01' as date)", 'launched.launch_date') }}
            / greatest(cast(thresholds.collision_days as double), 1)
        ) as bigint) as span_no
    from launched
    cross join thresholds
),

reaching as (
    select
        *,
        span_no as near_span_no
    from dated
    union all
    select
        *,
        span_no + 1 as near_span_no
    from dated
),

{%- set kinds = {
    'same_owner': ('reaching', 'earlier.owner_name = later.owner_name and earlier.near_span_no = later.span_no'),
    'same_channel': (
        'reaching',
        'earlier.utm_source = later.utm_source and earlier.utm_medium = later.utm_medium'
        ~ ' and earlier.near_span_no = later.span_no',
    ),
    'same_page': ('dated', 'earlier.landing_page_url = later.landing_page_url'),
} %}

-- A join a kind, by what is the same: all pairs of thousands of campaigns would be millions.
paired as (
    {%- for collision, (earlier, condition) in kinds.items() %}
    select
        '{{ collision }}' as collision,
        earlier.campaign_key,
        later.campaign_key as other_campaign_key,
        earlier.launch_date,
        later.launch_date as other_launch_date,
        {{ days_between('earlier.launch_date', 'later.launch_date') }} as days_apart,
        earlier.is_ahead or later.is_ahead as is_ahead,
        earlier.valid_from_date <= coalesce(later.valid_to_date, earlier.valid_from_date)
        and coalesce(earlier.valid_to_date, later.valid_from_date) >= later.valid_from_date as is_valid_together
    from {{ earlier }} as earlier
    inner join dated as later
        on
            {{ condition }}
            and (
                earlier.launch_date < later.launch_date
                or (earlier.launch_date = later.launch_date and earlier.campaign_key < later.campaign_key)
            )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

found as (
    select paired.*
    from paired
    cross join thresholds
    -- One page can't keep what two campaigns promise, whenever they began.
    where
        case
            when paired.collision = 'same_page' then paired.is_valid_together
            else paired.days_apart <= thresholds.collision_days
        end
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
