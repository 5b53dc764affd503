-- The eight responsibilities of operations, each by the checks that are its own (S0-3).
with ops_responsibilities as (
    select * from {{ ref('ops_responsibilities') }}
),

qa_results as (
    select * from {{ ref('fct_qa_results') }}
    where is_passed is not null
),

utm_compliance as (
    select * from {{ ref('fct_utm_compliance') }}
    where is_complete
    qualify row_number() over (order by month_start_date desc) = 1
),

-- A CRM is what tells of deals.
crm_schemas as (
    select distinct concat('raw_', source) as table_schema
    from {{ ref('int_source_freshness') }}
    where subject = 'deals'
),

quality_results as (
    select quality_results.is_success
    from {{ ref('fct_quality_results') }} as quality_results
    inner join crm_schemas on quality_results.table_schema = crm_schemas.table_schema
    where quality_results.dimension = 'completeness'
),

lifecycle_stages as (
    select * from {{ ref('fct_lifecycle_stages') }}
),

report_confidence as (
    select * from {{ ref('fct_report_confidence') }}
    where campaign_family = 'All' and is_below_threshold is not null
),

pack_documents as (
    select * from {{ ref('fct_pack_documents') }}
    where is_filed or is_in_time is false
),

tool_audits as (
    select * from {{ ref('fct_tool_audits') }}
    where check_result in ('pass', 'fail')
),

handoffs as (
    select * from {{ ref('fct_handoffs') }}
    where handoff_state in ('passed', 'failed') and gated_event_count > 0
),

{%- set judged = [
    ('campaign_qa', 'qa_results', 'is_passed'),
    ('crm_fields', 'quality_results', 'is_success'),
    ('lifecycle_stages', 'lifecycle_stages', 'is_imputed is false'),
    ('reporting', 'report_confidence', 'is_below_threshold is false'),
    ('documentation', 'pack_documents', 'is_filed and coalesce(is_in_time, true)'),
    ('tool_governance', 'tool_audits', "check_result = 'pass'"),
    ('handoff_checks', 'handoffs', "handoff_state = 'passed'"),
] %}

counted as (
    {%- for responsibility, checks, condition in judged %}
    select
        '{{ responsibility }}' as responsibility,
        cast(count(*) as bigint) as check_count,
        cast(count(case when {{ condition }} then 1 end) as bigint) as passed_count
    from {{ checks }}
    union all
    {%- endfor %}
    select
        'tracking_rules' as responsibility,
        cast(coalesce(sum(tagged_session_count), 0) as bigint) as check_count,
        cast(coalesce(sum(compliant_session_count), 0) as bigint) as passed_count
    from utm_compliance
),

final as (
    select
        ops_responsibilities.responsibility,
        ops_responsibilities.seq,
        ops_responsibilities.responsibility_name,
        ops_responsibilities.owner_role,
        ops_responsibilities.counted,
        counted.check_count,
        counted.passed_count,
        counted.check_count - counted.passed_count as failed_count,
        round({{ ratio('counted.passed_count', 'counted.check_count') }}, 6) as passed_share,
        counted.check_count < {{ var('small_sample_size') }} as is_small_sample
    from ops_responsibilities
    inner join counted on ops_responsibilities.responsibility = counted.responsibility
)

select * from final
