{{ config(materialized='view') }}
-- A campaign may serve several objectives: the registry names them in one cell, separated by ; or ,.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

named as (
    select
        campaign_key,
        {{ split_rows("replace(goal_id, ';', ',')", ',') }} as goal
    from campaigns
),

trimmed as (
    select distinct
        campaign_key,
        trim(goal) as goal_id
    from named
    where trim(goal) <> ''
),

final as (
    select
        {{ surrogate_key(['campaign_key', 'goal_id']) }} as campaign_goal_id,
        campaign_key,
        goal_id,
        cast(row_number() over (partition by campaign_key order by goal_id) as bigint) as goal_no,
        cast(count(*) over (partition by campaign_key) as bigint) as goal_count
    from trimmed
)

select * from final
