-- How often the warehouse says what is true, by the sample that somebody looked up (S4-12). The interval is
-- Wilson's, 95 %; what nobody has looked up for longer than accuracy_audit_days is unknown, however good it was.
with accuracy_audit as (
    select
        *,
        cast(date_trunc('month', audited_date) as date) as month_start_date,
        coalesce(
            lower(trim(warehouse_value)) = lower(trim(truth_value)), warehouse_value is null and truth_value is null
        ) as is_agreeing
    from {{ ref('stg_templates__accuracy_audit') }}
    where audited_date <= {{ reporting_day(as_of_at()) }} and sample_id is not null and field_name is not null
),

thresholds as (
    select
        max(case when threshold_key = 'accuracy_lower_bound' then threshold_value end) as lower_bound,
        max(case when threshold_key = 'accuracy_audit_days' then threshold_value end) as audit_days
    from {{ ref('rule_thresholds') }}
),

audited as (
    select
        month_start_date,
        field_name,
        sample_id,
        is_agreeing,
        audited_date
    from accuracy_audit
    union all
    select
        month_start_date,
        'all' as field_name,
        sample_id,
        is_agreeing,
        audited_date
    from accuracy_audit
),

counted as (
    select
        month_start_date,
        field_name,
        cast(count(distinct sample_id) as bigint) as sample_count,
        cast(count(*) as bigint) as value_count,
        cast(sum(case when is_agreeing then 1 else 0 end) as bigint) as agreeing_count,
        max(audited_date) as last_audited_date
    from audited
    group by month_start_date, field_name
),

-- A company that never audited anything has one row that says so.
listed as (
    select * from counted
    union all
    select
        cast(null as date) as month_start_date,
        'all' as field_name,
        cast(0 as bigint) as sample_count,
        cast(0 as bigint) as value_count,
        cast(0 as bigint) as agreeing_count,
        cast(null as date) as last_audited_date
    from thresholds
    where (select count(*) from counted) = 0
),

measured as (
    select
        listed.*,
        thresholds.lower_bound,
        {{ wilson_bound('agreeing_count', 'value_count', '-') }} as accuracy_low,
        {{ wilson_bound('agreeing_count', 'value_count', '+') }} as accuracy_high,
        row_number() over (partition by listed.field_name order by listed.month_start_date desc) = 1 as is_newest,
        coalesce(
            {{ days_between('listed.last_audited_date', reporting_day(as_of_at())) }} > thresholds.audit_days, true
        ) as is_stale
    from listed
    cross join thresholds
),

final as (
    select
        {{ surrogate_key(['month_start_date', 'field_name']) }} as accuracy_audit_id,
        month_start_date,
        field_name,
        sample_count,
        value_count,
        agreeing_count,
        round({{ ratio('agreeing_count', 'value_count') }}, 6) as accuracy,
        round(accuracy_low, 6) as accuracy_low,
        round(accuracy_high, 6) as accuracy_high,
        is_newest,
        case
            when is_newest and is_stale then 'unknown'
            when accuracy_low >= lower_bound then 'accurate'
            when accuracy_high < lower_bound then 'inaccurate'
            else 'not_proven'
        end as accuracy_state,
        last_audited_date
    from measured
)

select * from final
