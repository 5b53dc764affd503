-- What campaigns turned out to be, by what their touches carry: source and medium, the page that links
-- lead to, and the audience and the offer where utm_content names them (audience-cmo, offer-trial).
with touches as (
    select
        *,
        {{ reporting_day('touched_at') }} as touched_on,
        lower({{ url_parameter('landing_page', 'utm_content') }}) as content
    from {{ ref('int_touches_resolved') }}
    where campaign_key is not null
),

carried as (
    select
        campaign_key,
        'channel' as attribute,
        case when source is not null and medium is not null then concat(source, '/', medium) end as executed_value,
        touched_on
    from touches
    union all
    select
        campaign_key,
        'landing_page' as attribute,
        {{ page_of_url('landing_page') }} as executed_value,
        touched_on
    from touches
    {%- for attribute in ['audience', 'offer'] %}
    union all
    select
        campaign_key,
        '{{ attribute }}' as attribute,
        substr(content, {{ attribute | length + 2 }}) as executed_value,
        touched_on
    from touches
    where content like '{{ attribute }}-%'
    {%- endfor %}
),

parameters as (
    select {{ analysis_parameter('executed_smallest_share') }}
    from {{ ref('analysis_parameters') }}
),

counted as (
    select
        campaign_key,
        attribute,
        executed_value,
        cast(count(*) as bigint) as touch_count,
        min(touched_on) as first_seen_on,
        max(touched_on) as last_seen_on
    from carried
    where executed_value is not null
    group by campaign_key, attribute, executed_value
),

shared as (
    select
        *,
        cast(touch_count as double) / sum(touch_count) over (partition by campaign_key, attribute) as touch_share
    from counted
),

final as (
    select
        {{ surrogate_key(['shared.campaign_key', 'shared.attribute', 'shared.executed_value']) }}
            as campaign_execution_id,
        shared.campaign_key,
        shared.attribute,
        shared.executed_value,
        shared.touch_count,
        shared.touch_share,
        -- A forwarded link or two is nobody's plan.
        shared.touch_share >= parameters.executed_smallest_share as is_executed,
        row_number() over (
            partition by shared.campaign_key, shared.attribute
            order by shared.touch_count desc, shared.executed_value asc
        ) = 1 as is_most_frequent,
        shared.first_seen_on,
        shared.last_seen_on
    from shared
    cross join parameters
)

select * from final
