-- Each version of a brief with its campaign and how many of the six questions it answers (S1-28).
with briefs as (
    select
        *,
        coalesce(planned_launch_date, {{ reporting_day('submitted_at') }}) as planned_on
    from {{ ref('stg_templates__campaign_briefs') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
    where is_registered
),

placeholder_answers as (
    select * from {{ ref('placeholder_answers') }}
),

metrics as (
    select * from {{ ref('metric_definitions') }}
),

-- What the registry says goes first. Slugs come again: of the campaigns of one slug the one valid at the
-- planned launch, else the nearest.
matched as (
    select
        briefs.brief_id,
        briefs.version,
        slugs.campaign_key
    from briefs
    inner join slugs on briefs.utm_campaign = slugs.slug
    qualify row_number() over (
        partition by briefs.brief_id, briefs.version
        order by
            slugs.is_own desc, {{ campaign_distance('briefs.planned_on', 'slugs') }}, slugs.campaign_key
    ) = 1
),

answers as (
    {% for question in ['why', 'for_whom', 'what_offer', 'what_systems', 'what_deadline', 'success_metric'] %}
    select
        brief_id,
        version,
        lower(trim({{ question }})) as answer
    from briefs
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        answers.brief_id,
        answers.version,
        cast(sum(case
            when answers.answer <> '' and placeholder_answers.answer is null then 1
            else 0
        end) as bigint) as answered_count
    from answers
    left join placeholder_answers on answers.answer = placeholder_answers.answer
    group by answers.brief_id, answers.version
),

judged as (
    select
        briefs.*,
        matched.campaign_key,
        counted.answered_count,
        metrics.metric is not null as is_success_metric_registered,
        coalesce(
            try_cast(trim(briefs.what_deadline) as date) >= {{ reporting_day('briefs.submitted_at') }}, false
        ) as is_deadline_valid
    from briefs
    inner join counted on briefs.brief_id = counted.brief_id and briefs.version = counted.version
    left join matched on briefs.brief_id = matched.brief_id and briefs.version = matched.version
    left join metrics on lower(trim(briefs.success_metric)) = metrics.metric
),

final as (
    select
        {{ surrogate_key(['brief_id', 'version']) }} as brief_version_id,
        brief_id,
        version,
        campaign_key,
        priority,
        answered_count,
        is_success_metric_registered,
        is_deadline_valid,
        answered_count = 6 and is_success_metric_registered and is_deadline_valid as is_ready,
        row_number() over (
            partition by campaign_key
            order by submitted_at desc nulls last, version desc, brief_id desc
        ) = 1 as is_latest_version,
        planned_launch_date,
        submitted_at,
        case when approved_at <= {{ as_of_at() }} then approved_at end as approved_at
    from judged
)

select * from final
