-- What no fact is made of, since its date or its figure cannot be meant: a deal of the year 26, one won in
-- 2099, a negative cost. The audit of the marts names each; everything else goes on.
with deals as (
    select * from {{ ref('int_crm_deals_unioned') }}
),

contacts as (
    select * from {{ ref('int_crm_contacts_unioned') }}
),

ad_report_lines as (
    select * from {{ ref('int_ad_report_lines_unioned') }}
),

-- It knows where each account is, and so which days have begun.
ad_report_lines_named as (
    select * from {{ ref('int_ad_report_lines_named') }}
),

refunds as (
    select * from {{ ref('stg_templates__refunds') }}
),

invoices as (
    select * from {{ ref('stg_templates__invoices') }}
),

offline_costs as (
    select * from {{ ref('stg_templates__offline_costs') }}
),

work_items as (
    select * from {{ ref('stg_templates__work_items') }}
),

judged as (
    select
        'deal' as record_type,
        crm_source as source,
        case
            when created_at < {{ facts_since() }} then 'created_at'
            when is_closed and close_at < {{ facts_since() }} then 'close_at'
            when is_won and close_at > {{ as_of_at() }} then 'close_at'
            when amount is not null and {{ plausible_amount('amount') }} is null then 'amount'
        end as column_name,
        file_id,
        row_number
    from deals
    union all
    select
        'contact' as record_type,
        crm_source as source,
        case
            when
                least(
                    became_subscriber_at, became_lead_at, became_mql_at, became_sal_at, became_sql_at,
                    became_opportunity_at, became_customer_at
                ) < {{ facts_since() }}
                then 'lifecycle_stage'
        end as column_name,
        file_id,
        row_number
    from contacts
    union all
    select
        'ad_report_line' as record_type,
        ad_report_lines.platform as source,
        case
            when
                ad_report_lines.is_daily
                and ad_report_lines.date_day is not null
                and ad_report_lines_named.file_id is null
                then 'date_day'
            {%- for column in ['spend', 'impressions', 'clicks'] %}
            when
                ad_report_lines.{{ column }} < 0
                or ad_report_lines.{{ column }} is not null
                and {{ plausible_amount('ad_report_lines.' ~ column) }} is null
                then '{{ column }}'
            {%- endfor %}
        end as column_name,
        ad_report_lines.file_id,
        ad_report_lines.row_number
    from ad_report_lines
    left join ad_report_lines_named
        on
            ad_report_lines.file_id = ad_report_lines_named.file_id
            and ad_report_lines.row_number = ad_report_lines_named.row_number
    union all
    select
        'refund' as record_type,
        'templates' as source,
        case
            when refunded_date < {{ facts_since() }} then 'refunded_date'
            when amount is not null and {{ plausible_amount('amount') }} is null then 'amount'
        end as column_name,
        file_id,
        row_number
    from refunds
    union all
    select
        'invoice' as record_type,
        'templates' as source,
        case
            when billed_date < {{ facts_since() }} then 'billed_date'
            when amount is not null and {{ plausible_amount('amount') }} is null then 'amount'
        end as column_name,
        file_id,
        row_number
    from invoices
    union all
    select
        'offline_cost' as record_type,
        'templates' as source,
        case
            when period_start_date < {{ facts_since() }} then 'period_start_date'
            when amount is not null and {{ plausible_amount('amount') }} is null then 'amount'
        end as column_name,
        file_id,
        row_number
    from offline_costs
    union all
    -- What ends before it begins took no negative time: one of its days is wrong (V2).
    select
        'work_item' as record_type,
        'templates' as source,
        case
            when created_date < {{ facts_since() }} then 'created_date'
            when finished_date < created_date then 'finished_date'
            when finished_date > {{ reporting_day(as_of_at()) }} then 'finished_date'
        end as column_name,
        file_id,
        row_number
    from work_items
),

final as (
    select * from judged
    where column_name is not null
)

select * from final
