-- What a person scored an area of marketing, and beside it what the warehouse suggests (S4-47). The
-- suggestion is of now: it stands beside the last audit alone, and never in place of a score.
with audits as (
    select * from {{ ref('stg_templates__marketing_audit') }}
    where audit_area is not null and audited_date is not null
    qualify row_number() over (
        partition by audit_area, audited_date order by file_id desc, row_number desc
    ) = 1
),

audit_areas as (
    select * from {{ ref('audit_areas') }}
),

channel_performance as (
    select * from {{ ref('fct_channel_performance_daily') }}
    where is_headline_model
),

sequence_enrolments as (
    select * from {{ ref('fct_sequence_enrolments') }}
),

tool_audits as (
    select * from {{ ref('fct_tool_audits') }}
),

report_confidence as (
    select * from {{ ref('fct_report_confidence') }}
),

channels as (
    select
        channel,
        sum(spend_reporting) as spend_reporting,
        sum(revenue_amount) as revenue_amount
    from channel_performance
    group by channel
),

measured as (
    select
        'return_on_ad_spend' as measured_by,
        {{ ratio('sum(case when spend_reporting > 0 then revenue_amount end)', 'sum(spend_reporting)') }} as measure
    from channels
    union all
    select
        'sequences_in_spec' as measured_by,
        {{ ratio('count(case when is_in_spec then 1 end)', 'count(is_in_spec)') }} as measure
    from sequence_enrolments
    union all
    select
        'tool_checks_passed' as measured_by,
        {{ ratio(
            "count(case when check_result = 'pass' then 1 end)",
            "count(case when check_result in ('pass', 'fail') then 1 end)"
        ) }} as measure
    from tool_audits
    union all
    select
        'reporting_confidence' as measured_by,
        min(reporting_confidence) as measure
    from report_confidence
    where campaign_family = 'All'
),

numbered as (
    select
        coalesce(audit_areas.audit_area, audits.audit_area) as audit_area,
        audit_areas.seq,
        audit_areas.area_name,
        audits.audited_date,
        audits.score as told_score,
        case when audits.score between 1 and 5 then audits.score end as score,
        audits.status_text,
        audits.action_text,
        audits.evidence,
        row_number() over (
            partition by coalesce(audit_areas.audit_area, audits.audit_area) order by audits.audited_date desc
        ) = 1 as is_newest,
        measured.measure,
        case
            when measured.measure is null then null
            when measured.measure >= audit_areas.score_5_from then 5
            when measured.measure >= audit_areas.score_4_from then 4
            when measured.measure >= audit_areas.score_3_from then 3
            when measured.measure >= audit_areas.score_2_from then 2
            else 1
        end as suggestion
    from audit_areas
    full outer join audits on audit_areas.audit_area = audits.audit_area
    left join measured on audit_areas.measured_by = measured.measured_by
),

final as (
    select
        {{ surrogate_key(['audit_area', 'audited_date']) }} as audit_score_id,
        {{ masked('audit_area') }} as audit_area,
        area_name,
        is_newest,
        score,
        told_score is not null and score is null as is_score_invalid,
        case when is_newest then cast(suggestion as bigint) end as suggested_score,
        case when is_newest then measure end as measured_value,
        {{ masked('status_text') }} as status_text,
        {{ masked('action_text') }} as action_text,
        {{ masked('evidence') }} as evidence,
        audited_date
    from numbered
)

select * from final
