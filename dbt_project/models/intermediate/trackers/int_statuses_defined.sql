{{ config(materialized='view') }}
-- What a tracker calls something, and for all trackers what no row of their own overrules.
with status_definitions as (
    select * from {{ ref('status_definitions') }}
),

trackers as (
    select {{ split_rows("'" ~ var('trackers') | join(',') ~ "'", ',') }} as source_system
),

final as (
    select
        {{ surrogate_key([
            'trackers.source_system', 'status_definitions.object', 'status_definitions.source_status'
        ]) }} as status_definition_id,
        trackers.source_system,
        status_definitions.object,
        status_definitions.source_status,
        status_definitions.canonical_status
    from trackers
    inner join status_definitions
        on status_definitions.source_system in ('any', trackers.source_system)
    qualify row_number() over (
        partition by trackers.source_system, status_definitions.object, status_definitions.source_status
        order by case when status_definitions.source_system = 'any' then 1 else 0 end
    ) = 1
)

select * from final
