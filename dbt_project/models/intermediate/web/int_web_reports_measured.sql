-- What GA4's interface says, to be held against what its events say. A measure is a row, so that
-- reports of any shape stand in one table.
{{ config(materialized='view') }}
{%- set metrics = [
    'active_users', 'total_users', 'new_users', 'returning_users', 'sessions', 'engaged_sessions', 'views',
    'event_count', 'key_events', 'total_revenue',
] %}

with reports as (
    select * from {{ ref('stg_ga4__reports') }}
),

snapshots as (
    select * from {{ ref('stg_ga4__report_snapshots') }}
),

-- The first column of a card is its axis or dimension; an empty cell of it is no other column's.
snapshot_records as (
    select
        file_id,
        table_number,
        record_number,
        label as dimension_name,
        value as dimension_value
    from snapshots
    qualify row_number() over (partition by file_id, table_number, record_number order by row_number) = 1
),

measured as (
    {%- for metric in metrics %}
    select
        property_name,
        report_name,
        dimension_name,
        dimension_value,
        '{{ metric }}' as metric,
        cast({{ metric }} as double) as value,
        period_start_date,
        period_end_date,
        file_id,
        row_number
    from reports
    where {{ metric }} is not null
    union all
    {%- endfor %}
    select
        snapshots.property_name,
        coalesce(snapshots.table_title, snapshots.label) as report_name,
        lower(snapshot_records.dimension_name) as dimension_name,
        snapshot_records.dimension_value,
        replace(lower(snapshots.label), ' ', '_') as metric,
        snapshots.value_number as value,
        snapshots.period_start_date,
        snapshots.period_end_date,
        snapshots.file_id,
        snapshots.row_number
    from snapshots
    inner join snapshot_records
        on
            snapshots.file_id = snapshot_records.file_id
            and snapshots.table_number = snapshot_records.table_number
            and snapshots.record_number = snapshot_records.record_number
    where snapshots.label <> snapshot_records.dimension_name and snapshots.value_number is not null
)

select * from measured
