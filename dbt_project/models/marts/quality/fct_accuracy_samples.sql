-- Whom to look up in the source this month, and what the warehouse says (S4-12). Each source has its share of
-- the sample; who is drawn follows from month and contact alone, so that every run of a month draws the same.
{%- set fields = ['lifecycle_stage', 'original_source', 'country'] %}
with contacts as (
    select * from {{ ref('dim_contacts') }}
    where is_excluded is false and is_deleted_at_source is not true
),

thresholds as (
    select max(threshold_value) as sample_size
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'accuracy_sample_size'
),

accuracy_audit as (
    select * from {{ ref('stg_templates__accuracy_audit') }}
    where coalesce(audited_date <= {{ reporting_day(as_of_at()) }}, false)
),

month as (
    select cast(date_trunc('month', {{ reporting_day(as_of_at()) }}) as date) as month_start_date
),

hashed as (
    select
        contacts.*,
        month.month_start_date,
        {{ surrogate_key(['month.month_start_date', 'contacts.contact_key']) }} as sample_id
    from contacts
    cross join month
),

ranked as (
    select
        hashed.*,
        row_number() over (partition by hashed.crm_source order by hashed.sample_id) as draw_no,
        -- At least one of each source.
        ceil(
            thresholds.sample_size * cast(count(*) over (partition by hashed.crm_source) as double)
            / cast(count(*) over () as double)
        ) as draw_count
    from hashed
    cross join thresholds
),

drawn as (
    {%- for field in fields %}
    select
        sample_id,
        month_start_date,
        crm_source,
        contact_key,
        crm_contact_id,
        '{{ field }}' as field_name,
        cast({{ field }} as {{ dbt.type_string() }}) as warehouse_value
    from ranked
    where draw_no <= draw_count
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        {{ surrogate_key(['drawn.sample_id', 'drawn.field_name']) }} as accuracy_sample_id,
        drawn.sample_id,
        drawn.month_start_date,
        drawn.crm_source,
        drawn.contact_key,
        drawn.crm_contact_id,
        drawn.field_name,
        {{ masked('drawn.warehouse_value') }} as warehouse_value,
        accuracy_audit.sample_id is not null as is_audited
    from drawn
    left join accuracy_audit
        on drawn.sample_id = accuracy_audit.sample_id and drawn.field_name = accuracy_audit.field_name
)

select * from final
