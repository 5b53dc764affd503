with briefs as (
    select * from {{ ref('stg_templates__campaign_briefs') }}
),

briefs_matched as (
    select * from {{ ref('int_campaign_briefs_matched') }}
),

placeholder_answers as (
    select * from {{ ref('placeholder_answers') }}
),

metric_registry as (
    select * from {{ ref('metric_definitions') }}
),

answers as (
    select
        brief_id,
        version,
        'why' as question,
        why as answer
    from briefs
    union all
    select
        brief_id,
        version,
        'for_whom' as question,
        for_whom as answer
    from briefs
    union all
    select
        brief_id,
        version,
        'what_offer' as question,
        what_offer as answer
    from briefs
    union all
    select
        brief_id,
        version,
        'what_systems' as question,
        what_systems as answer
    from briefs
    union all
    select
        brief_id,
        version,
        'what_deadline' as question,
        what_deadline as answer
    from briefs
    union all
    select
        brief_id,
        version,
        'success_metric' as question,
        success_metric as answer
    from briefs
),

counted as (
    select
        answers.brief_id,
        answers.version,
        count(*) filter (
            where trim(answers.answer) <> '' and placeholder_answers.answer is null
        ) as answered_count
    from answers
    left join placeholder_answers
        on lower(trim(answers.answer)) = placeholder_answers.answer
    group by answers.brief_id, answers.version
),

final as (
    select
        briefs.brief_id,
        briefs.version,
        briefs_matched.campaign_key,
        briefs.utm_campaign,
        briefs.goal_id,
        briefs.priority,
        counted.answered_count,
        counted.answered_count = 6 as is_ready,
        metric_registry.metric is not null as is_success_metric_registered,
        coalesce(
            try_cast(trim(briefs.what_deadline) as date) >= cast(briefs.submitted_at as date), false
        ) as is_deadline_valid,
        row_number() over (
            partition by briefs_matched.campaign_key
            order by briefs.version, briefs.submitted_at, briefs.brief_id
        ) = 1 as is_first_version,
        row_number() over (
            partition by briefs_matched.campaign_key
            order by briefs.version desc, briefs.submitted_at desc, briefs.brief_id desc
        ) = 1 as is_latest_version,
        briefs.planned_launch_date,
        briefs.submitted_at,
        briefs.approved_at
    from briefs
    inner join counted
        on briefs.brief_id = counted.brief_id and briefs.version = counted.version
    left join briefs_matched
        on briefs.brief_id = briefs_matched.brief_id and briefs.version = briefs_matched.version
    left join metric_registry
        on lower(trim(briefs.success_metric)) = metric_registry.metric
)

select * from final
