-- The questions about the quality of a campaign, and how they were answered (S0-2). Where nobody in the
-- company answers any of them, nothing is asked of anyone.
with qa_results as (
    select
        *,
        replace({{ normalised_slug('qa_check') }}, '-', '_') as check_key
    from {{ ref('stg_templates__qa_results') }}
    where checked_at <= {{ as_of_at() }} and result in ('pass', 'fail', 'not_applicable')
),

qa_checklist_items as (
    select * from {{ ref('qa_checklist_items') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
    where is_registered
),

launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false
),

-- Slugs come again: a check is of the campaign that was valid on its day, else of the nearest.
answered as (
    select
        slugs.campaign_key,
        qa_results.check_key,
        qa_results.result,
        qa_results.checked_by_name,
        qa_results.checked_at,
        qa_results.file_id,
        qa_results.row_number
    from qa_results
    inner join qa_checklist_items on qa_results.check_key = qa_checklist_items.qa_check
    inner join slugs on qa_results.utm_campaign = slugs.slug
    qualify row_number() over (
        partition by qa_results.file_id, qa_results.row_number
        order by
            slugs.is_own desc,
            {{ campaign_distance(reporting_day('qa_results.checked_at'), 'slugs') }},
            slugs.campaign_key
    ) = 1
),

used as (
    select count(*) > 0 as is_used
    from answered
),

counted as (
    select
        campaign_key,
        check_key,
        cast(count(*) as bigint) as check_count,
        cast(count(case when result = 'fail' then 1 end) as bigint) as fail_count
    from answered
    group by campaign_key, check_key
),

newest as (
    select *
    from answered
    qualify row_number() over (
        partition by campaign_key, check_key order by checked_at desc, file_id desc, row_number desc
    ) = 1
),

final as (
    select
        {{ surrogate_key(['launches.campaign_key', 'qa_checklist_items.qa_check']) }} as qa_result_id,
        launches.campaign_key,
        qa_checklist_items.qa_check,
        qa_checklist_items.area,
        qa_checklist_items.question,
        qa_checklist_items.severity,
        coalesce(newest.result, 'open') as result,
        case when newest.result <> 'not_applicable' then newest.result = 'pass' end as is_passed,
        coalesce(counted.check_count, cast(0 as bigint)) as check_count,
        coalesce(counted.fail_count, cast(0 as bigint)) as fail_count,
        {{ masked('newest.checked_by_name') }} as checked_by_name,
        newest.checked_at
    from launches
    cross join qa_checklist_items
    cross join used
    left join newest
        on launches.campaign_key = newest.campaign_key and qa_checklist_items.qa_check = newest.check_key
    left join counted
        on launches.campaign_key = counted.campaign_key and qa_checklist_items.qa_check = counted.check_key
    where used.is_used
)

select * from final
